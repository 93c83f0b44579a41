"""tagged claims and articles: who looks for a tag looks at no others"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLES = "claim", "article"


def upgrade() -> None:
    some = sa.text("tags IS NOT NULL")
    for table in _TABLES:
        op.create_index(
            f"ix_{table}_tagged", table, ["id"], unique=False, sqlite_where=some, postgresql_where=some
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_index(f"ix_{table}_tagged", table_name=table)
