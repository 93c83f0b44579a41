"""Searches for common, rare and absent words, and for several at once; and what stands beside a list."""

import gc
import time
from collections import Counter
from urllib.parse import quote

import sqlalchemy as sa

from ledger.auth.identity import SYSTEM
from ledger.fulltext import cut
from ledger.services import accounts
from scripts.bench.measuring import Bench, ask, row

_SAMPLE = 3_000
_WORDS, _ROUNDS = 12, 5
GOAL = "p99 15 ms at 100,000, 25 at 1,000,000"


def run(bench: Bench) -> None:
    """Each search again and again, in processor time: others' load does not count."""
    words, parts = asked_for(bench), bench.app.extensions["ledger"]
    with bench.database.read() as session:
        # A service makes this index in the background when it starts, out of the collector's rounds.
        parts.matcher.look_up(session, words)
    gc.collect()
    gc.freeze()
    for work, path, headers in (
        ("search, a page of claims", "/api/v1/claims?limit=50&search={}", bench.headers),
        ("search, words of statements", "/api/v1/claims?limit=50&q={}", bench.headers),
        ("search for checked claims", "/v1alpha1/claims:search?pageSize=10&query={}", {}),
        ("search for annotations", "/api/search?any={}", bench.headers),
    ):
        measured(bench, work, [path.format(quote(word)) for word in words], headers, GOAL)
    desk = signed_in(bench)
    measured(bench, "search, page of the desk", [f"/claims?q={quote(word)}" for word in words], desk)
    for work, path in (("list of claims, page", "/claims"), ("list of articles, page", "/")):
        measured(bench, work, [path], desk)


def asked_for(bench: Bench) -> list[str]:
    """Words from the commonest to those of one claim, two of them together, and one that is nowhere."""
    with bench.database.read() as session:
        query = sa.text("SELECT statement FROM claim ORDER BY random() LIMIT :most")
        texts = session.execute(query, {"most": _SAMPLE}).scalars()
        counts = Counter(word for text in texts for word in set(cut(text)))
    ranked = [word for word, _ in counts.most_common()]
    chosen = [ranked[min(len(ranked) - 1, 3**n)] for n in range(_WORDS)]
    return [*dict.fromkeys(chosen), ranked[0], f"{chosen[0]} {chosen[2]}", "zyzzyva"]


def measured(bench: Bench, work: str, paths: list[str], headers: dict[str, str], goal: str = "") -> None:
    """The median and the 99th percentile over all of these, each asked for some times."""
    times = []
    for request in [ask(bench.app, path, headers) for path in paths]:
        request()
        for _ in range(max(_ROUNDS, 60 // len(paths))):
            began = time.thread_time()
            request()
            times.append(1000 * (time.thread_time() - began))
    times.sort()
    middle, worst = times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]
    row(work, f"{middle:.1f} ms, p99 {worst:.1f}", "", goal)


def signed_in(bench: Bench) -> dict[str, str]:
    """The cookie of somebody who is signed in."""
    with bench.database.write() as session:
        link = accounts.new_link(session, bench.by.account, by=SYSTEM, hours=1)
    client = bench.app.test_client()
    page = client.get(f"/sign-in/{link}").text
    token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    answer = client.post(f"/sign-in/{link}", data={"csrf_token": token})
    cookies = [value.partition(";")[0] for value in answer.headers.getlist("Set-Cookie")]
    return {"Cookie": "; ".join(cookies)}
