"""A believable month at a desk, for pictures and measurements: python -m scripts.sample_desk

Fills the ledger that the settings name (LEDGER_DATABASE_URL, else data/ledger.db in this folder), which
must be empty, with articles, claims, evidence, verdicts and second readers' doubts over some weeks.
Everything goes through the services, as people and programs do it, so that the log tells it all and
`ledger verify` holds. The same seed makes the same month. Prints a sign-in link for each person.
"""

import argparse
import heapq
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import time_machine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlmodel import Session  # noqa: E402

from ledger.auth.identity import SYSTEM, Identity  # noqa: E402
from ledger.db import Database  # noqa: E402
from ledger.models import Article, Claim, Evidence, Revision, Verdict  # noqa: E402
from ledger.services import accounts, articles, claims, desks, evidence, policies, verdicts  # noqa: E402
from ledger.store import claims as claims_store  # noqa: E402
from ledger.store import events as events_store  # noqa: E402
from scripts.sample_texts import (  # noqa: E402
    ARABIC,
    ASIDES,
    DISMISSALS,
    DOUBTS,
    GERMAN,
    NOTES,
    PUBLISHERS,
    RATIONALES,
    SOURCES,
    accounts_of_a_county,
    stories,
)

POLICY = policies.Policy()
RATINGS = ("supported", "misleading", "refuted", "disputed", "unproven")
_WEIGHTS = (52, 18, 12, 7, 11)
# What a hasty first reader says instead of what a claim deserves.
_NEAR = {
    "supported": ("misleading", "unproven"),
    "misleading": ("supported", "refuted"),
    "refuted": ("misleading", "disputed"),
    "disputed": ("unproven", "misleading"),
    "unproven": ("disputed", "supported"),
}
_PEOPLE = (
    ("ada", "Ada Okafor", "admin"),
    ("edda", "Edda Lindqvist", "editor"),
    ("emil", "Emil Marchetti", "editor"),
    ("ben", "Ben Adeyemi", "reviewer"),
    ("chiara", "Chiara Moretti", "reviewer"),
    ("davor", "Davor Petrović", "reviewer"),
    ("freya", "Freya Nilsen", "reviewer"),
    ("hamid", "Hamid Nazari", "reviewer"),
    ("rosa", "Rosa Winter", "reader"),
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
Deed = Callable[[Session], None]


@dataclass(slots=True)
class Month:
    """What was made: people by their short names, and ids of articles worth looking at by theirs."""

    people: dict[str, Identity] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    claims: int = 0
    events: int = 0


def fill(
    database: Database,
    *,
    seed: int = 7,
    weeks: int = 5,
    number: int = 24,
    long: tuple[int, ...] = (300, 500),
    until: datetime | None = None,
) -> Month:
    """Fill an empty, migrated ledger with `weeks` of work on `number` articles, up to `until` (or now).

    `long` are articles of about so many claims more; an Arabic and a German one come too.
    """
    chance = random.Random(seed)
    end = until or datetime.now(UTC)
    month = Month()
    desk = _Desk(chance, end, month)
    start = (end - timedelta(weeks=weeks)).replace(hour=8, minute=0, second=0, microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        with database.write() as session:
            desk.open(session)
        desk.plan(start, number, long)
        while desk.waiting:
            at, _, deed = heapq.heappop(desk.waiting)
            clock.move_to(at)
            # As in life: one deed, one transaction, one moment.
            with database.write() as session:
                deed(session)
    with database.read() as session:
        month.events = events_store.size(session)
        month.claims = sum(claims_store.counts(session, claims_store.Filters(below=True)).values())
    return month


class _Desk:
    """People at work; `waiting` are the deeds to come, in the order of their times."""

    def __init__(self, chance: random.Random, end: datetime, month: Month) -> None:
        self.chance, self.end, self.month = chance, end, month
        self.waiting: list[tuple[datetime, int, Deed]] = []
        self._turns = count()
        self._desks: list[str | None] = [None]

    def open(self, session: Session) -> None:
        """Take people on, and found a second desk."""
        for short, name, role in _PEOPLE:
            account = accounts.create(session, by=SYSTEM, email=f"{short}@example.org", name=name, role=role)
            self.month.people[short] = accounts.identity_of(account)
        health = desks.add(session, by=self.month.people["edda"], name="Health", threshold=0.6)
        self._desks += [None, health.id]

    def at(self, when: datetime, deed: Deed) -> None:
        """Let something happen then, moved into office hours; what would come after the end does not."""
        if when.hour < 7:
            when = when.replace(hour=8)
        if when.hour >= 19:
            when = when.replace(hour=8) + timedelta(days=1)
        if when.weekday() > 4:
            when += timedelta(days=7 - when.weekday())
        if when < self.end:
            heapq.heappush(self.waiting, (when, next(self._turns), deed))

    def plan(self, start: datetime, number: int, long: tuple[int, ...]) -> None:
        """When which article comes in, and how much of it is cleared."""
        span = (self.end - start).total_seconds()
        texts = stories(self.chance, number)
        for place, text in enumerate(texts):
            when = start + timedelta(seconds=span * (place + self.chance.random() * 0.8) / (number + 0.2))
            self.at(when, self._bring(text, zeal=self.chance.choice((0.5, 0.75, 0.95, 0.95))))
        for place, size in enumerate(long):
            text = accounts_of_a_county(self.chance, size)
            when = start + timedelta(seconds=span * (0.2 + 0.4 * place))
            self.at(when, self._bring(text, name=f"of {size}", zeal=0.7 / (place + 1)))
        for name, text, language, share in (("arabic", ARABIC, "ar", 0.35), ("german", GERMAN, "de", 0.45)):
            self.at(start + timedelta(seconds=span * share), self._bring(text, name=name, language=language))

    def _reviewer(self, *, but: str | None = None) -> Identity:
        crew = ("ben", "ben", "chiara", "chiara", "chiara", "davor", "freya", "hamid", "edda")
        while (who := self.month.people[self.chance.choice(crew)]).account_id == but:
            pass
        return who

    def _bring(self, text: str, *, name: str = "", language: str | None = None, zeal: float = 0.8) -> Deed:
        draft = articles.prepare(text, floor=0.3)

        def deed(session: Session) -> None:
            title = text.partition("\n")[0]
            publisher, site = self.chance.choice(PUBLISHERS)
            slug = "-".join(re.findall(r"\w+", title.lower())[:6])
            details = {
                "title": title,
                "publisher": publisher,
                "url": f"https://{site}/{datetime.now(UTC):%Y/%m}/{slug}",
                "published": f"{datetime.now(UTC):%Y-%m-%d}",
                "desk_id": self.chance.choice(self._desks),
            }
            if language:
                details["language"] = language
            who = self._reviewer()
            article = articles.add(session, draft, by=who, details=details).article
            self.month.articles[name or f"story {len(self.month.articles) + 1}"] = article.id
            if len(draft.found) < 3:
                self._add_by_hand(session, article, who)
            self._sort(session, article, who, zeal)

        return deed

    def _add_by_hand(self, session: Session, article: Article, who: Identity) -> None:
        text = session.get_one(Revision, article.revision_id).text
        for match in re.finditer(r"[^.\n؟!]*\d[^\n؟!]*?(?:\.(?=\s)|\n|$)", text):
            words = match.group().strip()
            if len(words) > 20:
                start = match.start() + match.group().index(words)
                claims.add(session, article.id, by=who, start=start, end=start + len(words), exact=words)

    def _sort(self, session: Session, article: Article, who: Identity, zeal: float) -> None:
        """Plan what becomes of an article's candidates: most are sorted soon, many are then cleared."""
        began = datetime.now(UTC) + timedelta(minutes=20)
        deserved = random.Random(article.title).choice((1.0, 1.0, 0.6))
        for place, (claim, _) in enumerate(claims_store.of_article(session, article.id)):
            worth = 1.0 if claim.score is None else claim.score
            when = began + timedelta(minutes=2 * place, seconds=self.chance.randint(0, 90))
            luck = self.chance.random()
            aside = any(claim.statement in words for words in ASIDES)
            if aside or luck > 0.94 or (worth < 0.5 and luck < 0.9):
                self.at(when, self._dismiss(claim.id, who))
            elif luck < zeal:
                self.at(when, self._accept(claim.id, who))
                if self.chance.random() < zeal:
                    hours = self.chance.lognormvariate(1.6, 1.3)
                    self.at(when + timedelta(hours=hours), self._check(claim.id, self._rating(deserved)))

    def _rating(self, honest: float) -> str:
        weights = [
            w * (honest if code == "supported" else 1) for code, w in zip(RATINGS, _WEIGHTS, strict=True)
        ]
        return self.chance.choices(RATINGS, weights)[0]

    def _accept(self, id: str, who: Identity) -> Deed:
        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            if claim.triage == "candidate":
                claims.accept(session, id, by=who, version=claim.version)

        return deed

    def _dismiss(self, id: str, who: Identity) -> Deed:
        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            if claim.triage == "candidate":
                reason = self.chance.choice(DISMISSALS)
                claims.dismiss(session, id, by=who, version=claim.version, reason=reason)

        return deed

    def _check(self, id: str, rating: str) -> Deed:
        """Somebody takes the claim, looks for sources, and proposes a verdict an hour or a day later."""

        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            if claim.triage != "accepted" or claim.assignee_id or claim.status not in ("unchecked", "stale"):
                return
            who = self._reviewer()
            claims.assign(session, id, by=who, version=claim.version, to=who.account_id)
            now = datetime.now(UTC)
            for place in range(0 if rating == "unproven" and self.chance.random() < 0.4 else self._pieces()):
                self.at(now + timedelta(minutes=4 + 9 * place), self._source(id, who, rating))
            said = rating if self.chance.random() < 0.86 else self.chance.choice(_NEAR[rating])
            if self.chance.random() < 0.94:
                minutes = 35 + self.chance.lognormvariate(3.4, 1.1)
                self.at(now + timedelta(minutes=minutes), self._propose(id, who, said, rating))

        return deed

    def _pieces(self) -> int:
        return self.chance.choices((1, 2, 3, 5), (50, 34, 13, 3))[0]

    def _source(self, id: str, who: Identity, rating: str) -> Deed:
        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            if claim.triage == "accepted" and claim.withdrawn_at is None:
                evidence.add(session, id, by=who, details=self._found(claim, rating), capture=False)

        return deed

    def _found(self, claim: Claim, rating: str) -> dict[str, str]:
        name, site, paths = self.chance.choice(SOURCES)
        stance = {"supported": "supports", "refuted": "refutes", "unproven": "context"}.get(rating) or (
            self.chance.choice(("supports", "refutes"))
        )
        words = claim.statement
        if stance == "refutes":
            words = _NUMBER.sub(lambda n: _other(n.group(), self.chance), words, count=1)
        path, title = self.chance.choice(paths)
        return {
            "url": f"https://{site}/{path}/{self.chance.randint(1000, 99999)}",
            "stance": stance,
            "quote": words[:300],
            "title": title,
            "publisher": name,
            "published": f"{datetime.now(UTC) - timedelta(days=self.chance.randint(3, 1500)):%Y-%m-%d}",
            "note": self.chance.choice(NOTES[stance]),
        }

    def _propose(self, id: str, who: Identity, code: str, deserved: str) -> Deed:
        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            pieces = [e for e in claims_store.evidence(session, id) if e.withdrawn_at is None]
            if claim.withdrawn_at is not None or claim.triage != "accepted":
                return
            rating = code if pieces else "unproven"
            said = self.chance.choice(RATIONALES[rating]).format(sources=_sources(pieces), n=len(pieces))
            verdict = verdicts.propose(
                session, id, by=who, version=claim.version, code=rating, rationale=said, policy=POLICY
            )
            if self.chance.random() < 0.92:
                hours = self.chance.lognormvariate(1.0, 1.2)
                self.at(datetime.now(UTC) + timedelta(hours=hours), self._read(verdict.id, who, deserved))

        return deed

    def _read(self, id: str, first: Identity, deserved: str) -> Deed:
        """A second person reads it: signs, or sends it back, mostly with the rating that they would give."""

        def deed(session: Session) -> None:
            verdict = session.get_one(Verdict, id)
            claim = session.get_one(Claim, verdict.claim_id)
            if (
                verdict.state != "proposed"
                or claim.withdrawn_at
                or verdicts.outdated(session, claim, verdict)
            ):
                return
            who = self._reviewer(but=first.account_id)
            own = deserved if self.chance.random() < 0.93 else self.chance.choice(_NEAR[deserved])
            if own == verdict.code:
                signed = verdicts.sign(
                    session, id, by=who, digest_seen=verdict.digest, policy=POLICY,
                    correction="A better source came to hand.",
                )  # fmt: skip
                self._later(signed.claim_id, who)
                return
            reason = self.chance.choice(DOUBTS[own])
            code = own if self.chance.random() < 0.8 else None
            verdicts.send_back(session, id, by=who, reason=reason, code=code)
            again = datetime.now(UTC) + timedelta(hours=1 + self.chance.lognormvariate(1.2, 0.9))
            self.at(again, self._propose(verdict.claim_id, first, own, own))

        return deed

    def _later(self, id: str, who: Identity) -> None:
        """What may happen to a settled claim: other words, a source that is taken back, a withdrawal."""
        luck, now = self.chance.random(), datetime.now(UTC)
        later = now + timedelta(days=self.chance.lognormvariate(1.0, 0.8))
        if luck < 0.03:
            self.at(later, self._reword(id, who))
        elif luck < 0.06:
            self.at(later, self._take_back(id))
        elif luck < 0.07:
            self.at(later, self._withdraw(id))

    def _reword(self, id: str, who: Identity) -> Deed:
        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            if claim.withdrawn_at is None:
                words = {"statement": claim.statement.rstrip(".") + ", as the county counts it."}
                claims.reword(session, id, by=who, version=claim.version, details=words)
                self.at(datetime.now(UTC) + timedelta(days=2), self._check(id, "supported"))

        return deed

    def _take_back(self, id: str) -> Deed:
        def deed(session: Session) -> None:
            pieces = [e for e in claims_store.evidence(session, id) if e.withdrawn_at is None]
            if len(pieces) > 1 and session.get_one(Claim, id).withdrawn_at is None:
                who, piece = self._reviewer(), pieces[-1]
                evidence.withdraw(
                    session, piece.id, by=who, version=piece.version, reason="The page was corrected since."
                )

        return deed

    def _withdraw(self, id: str) -> Deed:
        def deed(session: Session) -> None:
            claim = session.get_one(Claim, id)
            if claim.withdrawn_at is None:
                by, note = self.month.people["edda"], "The paper has taken the sentence out."
                claims.withdraw(session, id, by=by, version=claim.version, note=note)

        return deed


def _sources(pieces: list[Evidence]) -> str:
    names = list(dict.fromkeys(piece.publisher or "a source" for piece in pieces))
    return " and ".join(names[:2]) or "any source"


def _other(number: str, chance: random.Random) -> str:
    """Another number of the same length."""
    digits = [place for place, c in enumerate(number) if c.isdigit()]
    place = chance.choice(digits)
    new = chance.choice([d for d in "123456789" if d != number[place]])
    return number[:place] + new + number[place + 1 :]


def main() -> None:
    """Fill the ledger that the settings name."""
    from ledger.migrations import commands as migrations
    from ledger.settings import load

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--weeks", type=int, default=5)
    parser.add_argument("--articles", type=int, default=24)
    parser.add_argument("--long", type=int, nargs="*", default=[300, 500], help="claims of the long articles")
    given = parser.parse_args()
    settings = load()
    database = Database(settings.database_url)
    migrations.upgrade(database.engine)
    with database.read() as session:
        if events_store.size(session):
            raise SystemExit("This ledger is not empty; name another one in LEDGER_DATABASE_URL.")
    month = fill(database, seed=given.seed, weeks=given.weeks, number=given.articles, long=tuple(given.long))
    print(f"{len(month.articles)} articles, {month.claims:,} claims, {month.events:,} events")
    for name in sorted(set(month.articles) & {"arabic", "german", *(f"of {n}" for n in given.long)}):
        print(f"  {name}: {settings.address}/articles/{month.articles[name]}")
    with database.write() as session:
        for short, who in month.people.items():
            secret = accounts.new_link(session, who.account, by=SYSTEM, hours=settings.link_hours)
            print(f"  {short} ({who.name}): {settings.address}/sign-in/{secret}")
    database.dispose()


if __name__ == "__main__":
    main()
