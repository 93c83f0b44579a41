"""A ledger to measure: claims that a desk could have, made from a number."""

import time

from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.services import articles

_SENTENCE = "In {year}, {n:,} people in {town} signed petition number {i}, the council said. "
_TOWNS = ("Aldham", "Brook", "Carrow", "Dunmere", "Eastvale")
_PER_ARTICLE = 20


def fill(database: Database, by: Identity, wanted: int) -> float:
    """Bring `wanted` claims in, through the services; gives claims a second."""
    began = time.perf_counter()
    made = 0
    while made < wanted:
        text = "".join(
            _SENTENCE.format(year=1990 + i % 35, n=1000 + i, town=_TOWNS[i % 5], i=i)
            for i in range(made, made + _PER_ARTICLE)
        )
        draft = articles.prepare(text, floor=0.0)
        with database.write() as session:
            made += max(1, articles.add(session, draft, by=by).candidates)
    return made / (time.perf_counter() - began)
