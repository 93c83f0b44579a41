"""warcs"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("warc_sha256", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("warc_size", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.drop_column("warc_size")
        batch_op.drop_column("warc_sha256")
