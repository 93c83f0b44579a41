"""stretches of time: feeds and insights look at what happened in them, and at nothing else"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SOME = (("verdict", "sent_back_at"), ("claim", "stale_since"), ("article", "report_since"))


def upgrade() -> None:
    for column in ("settled_at", "proposed_at"):
        op.create_index(f"ix_verdict_{column}", "verdict", [column], unique=False)
    for table, column in _SOME:
        some = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{table}_{column}", table, [column], unique=False, sqlite_where=some, postgresql_where=some
        )


def downgrade() -> None:
    for table, column in (*_SOME, ("verdict", "settled_at"), ("verdict", "proposed_at")):
        op.drop_index(f"ix_{table}_{column}", table_name=table)
