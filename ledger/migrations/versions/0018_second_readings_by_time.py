"""second readings by time: insights look at those of their period, and at nothing else"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_signature_signed_at", "signature", ["signed_at"], unique=False)
    some = sa.text("second_at IS NOT NULL")
    op.create_index(
        "ix_verdict_second_at",
        "verdict",
        ["second_at"],
        unique=False,
        sqlite_where=some,
        postgresql_where=some,
    )


def downgrade() -> None:
    op.drop_index("ix_verdict_second_at", table_name="verdict")
    op.drop_index("ix_signature_signed_at", table_name="signature")
