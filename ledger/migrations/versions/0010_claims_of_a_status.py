"""claims of a status by age: a page of them costs the same at any size"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_claim_status_created_at", "claim", ["status", "created_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_claim_status_created_at", table_name="claim")
