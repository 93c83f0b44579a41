"""words by their beginning: SQLite's full text tells which words there are"""

from alembic import op

from ledger.fulltext import INDEX

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # It keeps nothing: a way to look into the index.
        op.execute(f"CREATE VIRTUAL TABLE {INDEX}_terms USING fts5vocab({INDEX}, row)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {INDEX}_terms")
