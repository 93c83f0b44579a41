"""vectors of claims"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_vector",
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_vector_claim_id")),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_claim_vector")),
    )


def downgrade() -> None:
    op.drop_table("claim_vector")
