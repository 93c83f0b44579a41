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


# In another order than that of their making; and four at a time.
@pytest.fixture(params=[1, 4])
def towns(database, people, request):
    """Sixteen claims and when they changed; every third says nothing of what is asked for."""
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
            changed = began + timedelta(days=(7 * n) % 16 // request.param)
            connection.execute(sa.update(Claim).where(col(Claim.id) == claim.id).values(updated_at=changed))
    return database


_ACCEPTED = (col(Claim.triage) == Triage.ACCEPTED,)


def _asked(database, limit, *, descending=True, beyond=None, word="grow"):
    with database.read() as session:
        found = matches(session, [fulltext.phrase(word, (fulltext.STATEMENT,))])
        order = ByTime(col(Claim.updated_at), descending, beyond)
        quantities = sa.select(col(Claim.id)).where(col(Claim.kind) == "quantity")

        def having(some):
            return set(session.execute(quantities.where(col(Claim.id).in_(some))).scalars())

        ids = first_with(session, found, order, _ACCEPTED, having=having, limit=limit)
        plain = order.of(col(Claim.statement).like(f"%{word}%"), col(Claim.kind) == "quantity", *_ACCEPTED)
        return ids, list(session.execute(plain.limit(limit), order.given()).scalars())


def test_the_first_by_time_are_those_of_all(towns, monkeypatch):
    before = datetime(2026, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(ordered, "_WORTH", 9)
    monkeypatch.setattr(ordered, "_SORTED", 5)
    monkeypatch.setattr(ordered, "_FIRST_LATE", 1)
    monkeypatch.setattr(ordered, "_MORE", 2)
    for few, newest, (walked, late) in product((10, 11), ((2, 4), (4, 8)), ((100, 100), (100, 2), (9, 100))):
        monkeypatch.setattr(fulltext, "FEW", few)
        for name, value in (("_NEWEST", newest), ("_WALKED", walked), ("_LATE", late)):
            monkeypatch.setattr(ordered, name, value)
        answered = 0
        for limit, beyond in product((1, 2, 4), (None, before)):
            ids, expected = _asked(towns, limit, beyond=beyond)
            assert ids == expected or (ids is None and few == 10)
            answered += ids is not None
        assert answered or (walked, late) != (100, 100), "where nothing is too much, it is always found"
        assert (_asked(towns, 2, descending=False)[0] is None) == (few == 10)


def test_few_are_all_sorted_in_either_direction(towns):
    for descending in (True, False):
        for limit in (3, 50):
            ids, expected = _asked(towns, limit, descending=descending)
            assert ids == expected and len(ids) == min(limit, 11)


def test_other_words_and_times_are_asked_for_by_the_same_statements(towns, monkeypatch):
    monkeypatch.setattr(ordered, "_SORTED", 1)
    monkeypatch.setattr(ordered, "_NEWEST", (2, 4))
    kept = ordered.in_order, ordered._among, ordered._walks
    _asked(towns, 2, beyond=datetime(2026, 1, 12, tzinfo=UTC))
    before = [statements.cache_info().misses for statements in kept]
    _asked(towns, 1, word="town", beyond=datetime(2026, 1, 3, tzinfo=UTC))
    assert [statements.cache_info().misses for statements in kept] == before
