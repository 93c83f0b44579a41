"""Claims that hold words, by when they changed: the same whichever way they are looked for."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlmodel import col

from ledger import fulltext
from ledger.models import Claim, Triage
from ledger.store.search import ordered
from ledger.store.search.ordered import ByTime, first_with
from ledger.store.search.words import matches
from tests.factories import make_claim

_TEXT = "Towns\n\n" + " ".join(f"There are {n} towns." for n in range(100, 116))


@pytest.fixture
def towns(database, people):
    """Sixteen claims that changed in another order than that of their making; every third says nothing of it."""
    made = [
        make_claim(
            database,
            people.editor,
            f"{n} towns",
            _TEXT,
            statement=f"{n} towns grow." if n % 3 else f"{n} shrink.",
        )
        for n in range(100, 116)
    ]
    began = datetime(2026, 1, 1, tzinfo=UTC)
    with database.engine.begin() as connection:
        for n, claim in enumerate(made):
            changed = began + timedelta(days=(7 * n) % 16)
            connection.execute(sa.update(Claim).where(col(Claim.id) == claim.id).values(updated_at=changed))
    return database


def _asked(database, limit, *, descending=True, where=()):
    with database.read() as session:
        found = matches(session, [fulltext.phrase("grow", (fulltext.STATEMENT,))])
        order = ByTime(col(Claim.updated_at), descending, where)
        quantities = sa.select(col(Claim.id)).where(col(Claim.kind) == "quantity")
        accepted = col(Claim.triage) == Triage.ACCEPTED

        def having(some):
            return set(session.execute(quantities.where(col(Claim.id).in_(some))).scalars())

        ids = first_with(session, found, order, (accepted,), having=having, limit=limit)
        plain = order.of(col(Claim.statement).like("%grow%"), col(Claim.kind) == "quantity", accepted)
        return ids, list(session.execute(plain.limit(limit)).scalars())


def test_the_first_by_time_are_those_of_all(towns, monkeypatch):
    before = col(Claim.updated_at) < datetime(2026, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(ordered, "_WORTH", 9)
    monkeypatch.setattr(ordered, "_SORTED", 5)
    for few, newest, (walked, late) in product((10, 11), ((2, 4), (4, 8)), ((100, 100), (100, 2), (9, 100))):
        monkeypatch.setattr(fulltext, "FEW", few)
        for name, value in (("_NEWEST", newest), ("_WALKED", walked), ("_LATE", late)):
            monkeypatch.setattr(ordered, name, value)
        answered = 0
        for limit, where in product((1, 2, 4), ((), (before,))):
            ids, expected = _asked(towns, limit, where=where)
            assert ids == expected or (ids is None and few == 10)
            answered += ids is not None
        assert answered or (walked, late) != (100, 100), "where nothing is too much, it is always found"
        assert (_asked(towns, 2, descending=False)[0] is None) == (few == 10)


def test_few_are_all_sorted_in_either_direction(towns):
    for descending in (True, False):
        for limit in (3, 50):
            ids, expected = _asked(towns, limit, descending=descending)
            assert ids == expected and len(ids) == min(limit, 11)
