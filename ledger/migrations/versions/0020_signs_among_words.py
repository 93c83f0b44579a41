"""signs among the words: full text tells which claims are settled, and which stand in open reports

And its list of words is one that can be gone through without counting where each stands.
"""

import sqlalchemy as sa
from alembic import op

from ledger.fulltext import INDEX, refresh
from ledger.models.verdicts import RATING_STATUSES

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_CONCERNED = sa.text(
    "SELECT id FROM claim WHERE verdict_id IS NOT NULL AND status IN :settled"
    " UNION SELECT p.claim_id FROM appearance p JOIN article a ON a.id = p.article_id"
    " WHERE a.report_since IS NOT NULL"
).bindparams(sa.bindparam("settled", expanding=True))


def upgrade() -> None:
    connection = op.get_bind()
    _list_words("instance")
    refresh(connection, connection.execute(_CONCERNED, {"settled": RATING_STATUSES}).scalars())


def downgrade() -> None:
    # The signs may stay: no search of before asks for them.
    _list_words("row")


def _list_words(kind: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {INDEX}_terms")
        op.execute(f"CREATE VIRTUAL TABLE {INDEX}_terms USING fts5vocab({INDEX}, {kind})")
