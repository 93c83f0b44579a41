"""A ledger from before full text knew what is settled, and which reports are open, is told by the upgrade."""

import sqlalchemy as sa

from ledger import fulltext
from ledger.migrations import commands
from ledger.services import reports
from tests.factories import make_article, make_verdict
from tests.ledger.services.desk import do

_WITHOUT_SIGNS = sa.text(
    "UPDATE claim_words SET told = replace(replace(told, '¶settled ', ''), '¶open ', '')"
)


def _signed(database):
    with database.read() as session:
        return [fulltext.few(session, [sign], 100) for sign in (fulltext.IS_SETTLED, fulltext.IS_OPEN)]


def test_an_upgrade_tells_full_text_what_was_settled_and_open_before(database, people):
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    article = make_article(database, people.reviewer)
    do(database, reports.publish, article.id, by=people.editor, version=1)
    before = _signed(database)
    commands.downgrade(database.engine, "0019")
    with database.engine.begin() as connection:
        connection.execute(_WITHOUT_SIGNS)
        fulltext.reindex(connection)
    assert _signed(database) == [[], []]
    commands.upgrade(database.engine)
    assert _signed(database) == before and before[0] == [claim.id]
