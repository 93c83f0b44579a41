"""Searches of every sort, by every way of searching; and the pages of lists."""

import gc
import random
import time
from collections import Counter
from urllib.parse import quote

import sqlalchemy as sa

from ledger.auth.identity import SYSTEM
from ledger.cli.serve import collect_seldom
from ledger.fulltext import cut
from ledger.services import accounts, reports, verdicts
from ledger.services.policies import Policy
from scripts.bench.measuring import Bench, ask, row

_SAMPLE = 3_000
_EACH, _ROUNDS, _PAGES = 12, 4, 300
_CHECKED = 40  # articles
GOAL = "p99 15 ms at 100,000, 25 at 1,000,000"


def run(bench: Bench) -> None:
    """Each search some times, the first of which counts, in processor time: others' load does not count.

    Before, others of each sort were asked for: a process prepares each form of a statement once.
    """
    check_some(bench)
    searches, before = asked_for(bench, seed=1), asked_for(bench, seed=2)
    with bench.database.read() as session:
        # A service makes this index in the background when it starts, out of the collector's rounds.
        bench.app.extensions["ledger"].matcher.look_up(session, searches)
    desk = signed_in(bench)
    # As the service does.
    gc.collect()
    gc.freeze()
    collect_seldom()
    for work, path, headers, goal in (
        ("search, a page of claims", "/api/v1/claims?limit=50&search={}", bench.headers, GOAL),
        ("search, words of statements", "/api/v1/claims?limit=50&q={}", bench.headers, GOAL),
        ("search for checked claims", "/v1alpha1/claims:search?pageSize=10&query={}", {}, GOAL),
        ("search for annotations", "/api/search?any={}", bench.headers, GOAL),
        ("search, page of the desk", "/claims?q={}", desk, ""),
    ):
        for text in before:
            ask(bench.app, path.format(quote(text)), headers)()
        measured(bench, work, [path.format(quote(text)) for text in searches] * _ROUNDS, headers, goal)
    for work, path in (
        ("list of claims, page", "/claims"),
        ("list of articles, page", "/"),
        ("insights, page", "/insights"),
        ("verdicts, feed", "/feeds/verdicts.atom"),
    ):
        measured(bench, work, [path] * _PAGES, desk)


def check_some(bench: Bench) -> None:
    """Verdicts on the claims of some articles, signed by somebody else, their reports open to all."""
    with bench.database.write() as session:
        account = accounts.create(session, by=SYSTEM, email="s@example.org", name="S", role="editor")
        signer, policy = accounts.identity_of(account), Policy()
        some = sa.text("SELECT id, version FROM article ORDER BY random() LIMIT :some")
        articles = session.execute(some, {"some": _CHECKED}).all()
    there = sa.text(
        "SELECT DISTINCT c.id, c.version FROM claim c JOIN appearance p ON p.claim_id = c.id"
        " WHERE p.article_id = :id AND c.status = 'unchecked'"
    )
    for id, version in articles:
        with bench.database.write() as session:
            for claim, seen in session.execute(there, {"id": id}).all():
                code = random.choice(("supported", "refuted"))
                told = {"code": code, "rationale": "The sources say so."}
                made = verdicts.propose(session, claim, by=bench.by, version=seen, policy=policy, **told)
                verdicts.sign(session, made.id, by=signer, digest_seen=made.digest, policy=policy)
            reports.publish(session, id, by=bench.by, version=version)


def asked_for(bench: Bench, seed: int) -> list[str]:
    """So many of each sort: common and rare words, two common ones, a common with a rare one, phrases, how a
    word begins, names, whole statements, and what is nowhere."""
    with bench.database.read() as session:
        query = sa.text("SELECT statement FROM claim ORDER BY random() LIMIT :most")
        texts = list(session.execute(query, {"most": _SAMPLE}).scalars())
    cuts = [words for text in texts if (words := cut(text))]
    ranked = [word for word, _ in Counter(word for words in cuts for word in set(words)).most_common()]
    names = [word for text in texts for word in text.split()[1:] if word.isalpha() and word.istitle()]
    chance = random.Random(seed)
    common, rare = ranked[: 2 * _EACH], ranked[2 * _EACH :] or ranked
    middle = [ranked[min(len(ranked) - 1, int(1.6**n))] for n in range(_EACH)]
    asked = [*chance.sample(common, min(_EACH, len(common))), *middle]
    for _ in range(_EACH):
        words, one, other = chance.choice(cuts), chance.choice(common), chance.choice(rare)
        first = chance.randrange(max(1, len(words) - 3))
        asked += [
            other,
            f"{one} {chance.choice(common)}",
            f"{one} {other}",
            f'"{" ".join(words[first : first + chance.randint(2, 3)])}"',
            chance.choice(ranked)[: chance.randint(3, 5)],
            chance.choice(names or common),
            " ".join(words),
            f"{other}zyzzyva",
        ]
    return asked


def measured(bench: Bench, work: str, paths: list[str], headers: dict[str, str], goal: str = "") -> None:
    """The median and the 99th percentile over all of these."""
    used, passed = list[float](), list[float]()
    ask(bench.app, paths[0], headers)()
    for request in [ask(bench.app, path, headers) for path in paths]:
        began, at = time.thread_time(), time.perf_counter()
        request()
        used.append(1000 * (time.thread_time() - began))
        passed.append(1000 * (time.perf_counter() - at))
    middle, worst = _percentiles(used)
    clock = f"{_percentiles(passed)[1]:.1f} by the clock"
    row(work, f"{middle:.1f} ms, p99 {worst:.1f}", clock, goal)


def _percentiles(times: list[float]) -> tuple[float, float]:
    times.sort()
    return times[len(times) // 2], times[len(times) * 99 // 100]


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
