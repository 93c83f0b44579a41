"""The same claim, found again: posts and debate sentences against claims that were checked before.

MAP@5 over claims, with the headline of their check, of CheckThat! 2022, tasks 2A (Snopes) and 2B
(PolitiFact). *words*: shared terms by what they tell; *meaning*: the cosine of sentence vectors; *by rank*:
both, by reciprocal rank fusion; *ours*: both, half and half. Nothing was trained on these sets: they chose
between a few ways of reading posts and between round weights. The times are
processor times of one text after another, its encoding included, against 100,000 claims put together from
halves of these.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from claims.matching import Entry, Index, Ranking, packed, unpacked, vector_of, with_vectors
from scripts.bench_claims.figures import Figure, bootstrap

SETS = {"ct22_2a_matching": ("CheckThat 2A", 0.93), "ct22_2b_matching": ("CheckThat 2B", 0.42)}
MANY = 100_000
ASKED = 400
_RANKED = 200
_FIRST = 5
_RRF = 60

Ranked = dict[str, list[str]]


def measure(data: Path) -> Iterator[Figure]:
    known: list[Entry] = []
    texts: list[str] = []
    for folder, (name, aim) in SETS.items():
        if not (data / folder).is_dir():
            continue
        entries = with_vectors([
            Entry(row["id"], row["claim"], row["title"] or "")
            for row in _rows(data / folder / "corpus_slim.jsonl")
        ])  # fmt: skip
        for path in sorted((data / folder).glob("queries_*.jsonl")):
            queries = [row for row in _rows(path) if row["relevant"]]
            part = path.stem.removeprefix("queries_")
            for system, scores in _systems(entries, queries):
                value, low, high = bootstrap(scores, lambda some: sum(some) / len(some))
                yield Figure(
                    "matching", f"{name}, {part}", system, "MAP@5", value, low, high, len(scores), aim
                )
            texts += [row["text"] for row in queries]
        known += entries
    if known:
        yield from _speed(known, texts)


def _systems(
    entries: Sequence[Entry], queries: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, list[float]]]:
    ranking = Ranking()
    ranking.extend(entries)
    ranking.settle()
    rows = np.array([unpacked(entry.vector or b"") for entry in entries])
    ids = [entry.id for entry in entries]
    ours: Ranked = {}
    words: Ranked = {}
    meaning: Ranked = {}
    for query in queries:
        vector = vector_of(query["text"])
        if vector is None:
            raise SystemExit("bench-claims: matching needs the encoder")
        ours[query["id"]] = [hit.id for hit in ranking.rank(query["text"], vector, _FIRST)]
        words[query["id"]] = [hit.id for hit in ranking.rank(query["text"], None, _RANKED)]
        meaning[query["id"]] = [ids[i] for i in np.argsort(-(rows @ vector))[:_RANKED]]
    by_rank = {id: _fused(words[id], meaning[id]) for id in words}
    for system, ranked in (("words", words), ("meaning", meaning), ("by rank", by_rank), ("ours", ours)):
        yield system, [_average_precision(ranked[query["id"]], set(query["relevant"])) for query in queries]


def _fused(*rankings: list[str]) -> list[str]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking, 1):
            scores[id] = scores.get(id, 0.0) + 1 / (_RRF + rank)
    return sorted(scores, key=lambda one: -scores[one])


def _average_precision(ranked: list[str], relevant: set[str]) -> float:
    right, total = 0, 0.0
    for rank, id in enumerate(ranked[:_FIRST], 1):
        if id in relevant:
            right += 1
            total += right / rank
    return total / min(len(relevant), _FIRST)


# --- speed -----------------------------------------------------------------------------------------


def _speed(known: Sequence[Entry], texts: Sequence[str]) -> Iterator[Figure]:
    entries = list(islice(_recombined(known), MANY))
    index = Index()
    built = _timed(lambda: (index.extend(entries), index.settle())) / 1000  # type: ignore[func-returns-value]
    asked = list(islice(cycle(texts), ASKED + 20))
    for text in asked[:20]:
        index.search(text)
    spent = [_timed(lambda text=text: index.search(text)) for text in asked[20:]]  # type: ignore[misc]
    about = f"{len(index):,} claims"
    for measured, value, aim in (
        ("p50 ms", _quantile(spent, 0.5), 20.0),
        ("p95 ms", _quantile(spent, 0.95), 20.0),
        ("index MB", index.nbytes / 1e6, None),
        ("build s (vectors given)", built, None),
    ):
        yield Figure("matching", about, "ours", measured, value, aim=aim, share=False)


def _recombined(known: Sequence[Entry]) -> Iterator[Entry]:
    """Claims made of the first half of one and the second of another, with the mean of their vectors."""
    chance = np.random.default_rng(2026)
    for number in range(MANY):
        first, second = (known[int(i)] for i in chance.integers(0, len(known), 2))
        text = f"{_half(first.text, 0)} {_half(second.text, 1)}"
        vector = unpacked(first.vector or b"") + unpacked(second.vector or b"")
        yield Entry(str(number), text, vector=packed(vector))


def _half(text: str, which: int) -> str:
    words = text.split()
    middle = math.ceil(len(words) / 2)
    return " ".join(words[middle:] if which else words[:middle])


def _timed(work: Callable[[], object]) -> float:
    # Of this process alone: what else the machine does must not count.
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
