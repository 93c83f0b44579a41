"""Which claims of the ledger say the same as a text, or as one another.

Each process holds the claims in memory, in an index that is made when it is first asked and that brings
itself up to date by the log before each answer. Vectors are kept in a table, as they are slow to make; they
follow from the statements, so that no event tells of them. A match is a proposal: nothing is linked by it.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.db import Database
from ledger.errors import Unavailable
from ledger.models import Article, Claim, ClaimVector, Status, Triage
from ledger.store import claims as claims_store
from ledger.store import matching as store
from ledger.store.articles import SETTLED

if TYPE_CHECKING:  # arrays and the encoder are loaded when somebody asks
    from claims.matching import Entry, Hit, Ranking

FINDINGS = tuple(status for status in Status if status not in (Status.CANDIDATE, Status.DISMISSED))
"""The statuses of what a person vouches for: a guess is no finding, and what was dismissed is none either."""

_TAGS = {str(status): number for number, status in enumerate(Status)}
_PROMPTLY = 64  # claims without a vector that an answer may wait for
_LOOK_AGAIN_SECONDS = 1.0
_BATCH = 256  # vectors made at once: about half a second
_KEPT = 16  # answers


@dataclass(frozen=True, slots=True)
class Found:
    """A claim of the ledger that says the same as was asked, or something alike, with why and why not."""

    claim: store.Known
    score: float
    relation: str
    reasons: tuple[str, ...]
    vetoes: tuple[str, ...]

    @property
    def checked(self) -> bool:
        """Whether it says the same and has a verdict that counts."""
        return self.relation == "same" and self.claim.status in SETTLED


class Matcher:
    """The claims of one ledger, for matching. Any thread may ask; `most` of them are held, the newest."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._ranking: Ranking | None = None
        self._follower = Follower(most)
        self._bare: dict[str, str] = {}
        self._looked_at = 0.0
        self._changes = 0  # of the index
        self._answers: OrderedDict[Any, dict[str, list[Found]]] = OrderedDict()

    def look_up(
        self, session: Session, texts: Sequence[str], *, k: int = 5, statuses: Iterable[str] = FINDINGS
    ) -> list[list[Found]]:
        """For each text the claims that say the same, and then those that say something alike, best first.

        At most `k` each, only claims with one of `statuses`. `session` is one that reads. Raises
        Unavailable where matching is turned off.
        """
        hits = self.near(session, texts, k=k, statuses=statuses)
        return _compared(session, list(zip(texts, hits, strict=True)), k)

    def warm(self, database: Database) -> None:
        """Make the index and load the encoder, so that the first who asks need not wait for that."""
        if self._most:
            with database.read() as session:
                self.look_up(session, ["Nobody has asked yet."])

    def near(
        self, session: Session, texts: Sequence[str], *, k: int = 5, statuses: Iterable[str] = FINDINGS
    ) -> list[list["Hit"]]:
        """For each text the claims whose words come nearest to it, not compared with it yet."""
        from claims.matching import encoded, plain

        self._must_be_on()
        rows = encoded([plain(text) for text in texts])
        tags = [_TAGS[status] for status in statuses]
        with self._lock:
            ranking = self._up_to_date(session)
            return [
                ranking.rank(text, None if rows is None else rows[i], _looked_at(k), tags=tags)
                for i, text in enumerate(texts)
            ]

    def like(
        self, session: Session, claims: Mapping[str, str], *, k: int = 5, statuses: Iterable[str] = FINDINGS
    ) -> dict[str, list[Found]]:
        """The same for claims of the ledger, by id → statement: what else says so, never the claim itself.

        The last answers are kept until the log goes on: an article of hundreds of claims costs a second,
        and is opened again and again while nothing is written.
        """
        self._must_be_on()
        tags = [_TAGS[status] for status in statuses]
        with self._lock:
            ranking = self._up_to_date(session)
            # Vectors come without an event, so the index has a count of its own.
            asked = (store.newest(session), self._changes, tuple(claims.items()), k, tuple(tags))
            if asked in self._answers:
                self._answers.move_to_end(asked)
                return self._answers[asked]
            hits = [
                ranking.rank(
                    text, ranking.vector(id) if id in ranking else None, _looked_at(k), tags=tags, but=id
                )
                for id, text in claims.items()
            ]
        compared = _compared(session, list(zip(claims.values(), hits, strict=True)), k)
        found = dict(zip(claims, compared, strict=True))
        with self._lock:
            self._answers[asked] = found
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return found

    def _must_be_on(self) -> None:
        if not self._most:
            raise Unavailable("Matching is turned off in this ledger.")

    def _up_to_date(self, session: Session) -> "Ranking":
        from claims.matching import Ranking

        ranking = self._ranking = self._ranking or Ranking()
        for rows in self._follower.news(session):
            ranking.extend(self._entry(row) for row in rows)
            self._changes += 1
        if self._bare and time.monotonic() - self._looked_at > _LOOK_AGAIN_SECONDS:
            self._fill_in(session, ranking)
            self._looked_at = time.monotonic()
        self._forget_the_oldest(ranking)
        return ranking

    def _entry(self, row: store.Row) -> "Entry":
        from claims.matching import Entry

        vector = row.vector if is_fresh(row) else None
        if vector is None:
            self._bare[row.id] = row.statement
        else:
            self._bare.pop(row.id, None)
        return Entry(row.id, row.statement, vector=vector, tag=_TAGS[row.status])

    def _fill_in(self, session: Session, ranking: "Ranking") -> None:
        """Give claims the vectors that were kept since; a few that have none yet get them here and now."""
        from claims.matching import Entry, with_vectors

        # The newest; of hundreds of thousands no list is made.
        some = list(islice(reversed(self._bare), _BATCH))[::-1]
        for row in store.rows(session, some):
            if row.id in ranking and is_fresh(row):
                ranking.put(row.id, vector=row.vector)
                self._changes += 1
                del self._bare[row.id]
        if 0 < len(self._bare) <= _PROMPTLY:
            for entry in with_vectors([Entry(id, text) for id, text in self._bare.items()]):
                if entry.vector is not None and entry.id in ranking:
                    ranking.put(entry.id, vector=entry.vector)
                    self._changes += 1
                    del self._bare[entry.id]

    def _forget_the_oldest(self, ranking: "Ranking") -> None:
        if len(ranking) > self._most * 1.1:
            # Ids sort by time.
            for id in sorted(ranking.ids())[: len(ranking) - self._most]:
                ranking.remove(id)
                self._bare.pop(id, None)


@dataclass(frozen=True, slots=True)
class Told:
    """What the ledger holds already of what an article claims; `items` are its claims that have matches."""

    items: list[tuple[Claim, list[Found]]]

    @property
    def checked(self) -> int:
        """Number of its claims of which the same has a verdict in force."""
        return sum(any(one.checked for one in found) for _, found in self.items)

    @property
    def same(self) -> int:
        """Number of its claims of which the same is there."""
        return sum(found[0].relation == "same" for _, found in self.items)

    @property
    def similar(self) -> int:
        """Number of the others that something is like."""
        return len(self.items) - self.same


def in_article(
    session: Session,
    matcher: Matcher,
    article: Article,
    *,
    k: int = 5,
    statuses: Iterable[str] = FINDINGS,
    but_guesses_below: float = 0.0,
) -> Told:
    """What the ledger holds already of what an article claims, in reading order.

    Dismissed candidates are left out, and those worth less than `but_guesses_below`. Another claim of the
    same article is a match only once it is checked.
    """
    claims = {
        claim.id: claim
        for claim, _ in claims_store.of_article(session, article.id)
        if claim.triage != Triage.DISMISSED
        and not (claim.triage == Triage.CANDIDATE and (claim.score or 0) < but_guesses_below)
    }
    statements = {claim.id: claim.statement for claim in claims.values()}
    found = matcher.like(session, statements, k=2 * k, statuses=statuses)
    items = [
        (claims[id], [one for one in some if one.checked or one.claim.id not in claims][:k])
        for id, some in found.items()
    ]
    return Told([(claim, some) for claim, some in items if some])


def _looked_at(k: int) -> int:
    from claims.matching import LOOKED_AT

    return max(k, LOOKED_AT)


def _compared(session: Session, asked: Sequence[tuple[str, Sequence["Hit"]]], k: int) -> list[list[Found]]:
    from claims.matching import matches

    known = store.known(session, list({hit.id for _, hits in asked for hit in hits}))
    texts = {id: claim.statement for id, claim in known.items()}
    found = []
    for text, hits in asked:
        # What was written after this session began is not there for it.
        here = matches(text, [hit for hit in hits if hit.id in known], texts, k)
        found.append([
            Found(known[m.id], m.score, str(m.relation), m.reasons, tuple(str(veto) for veto in m.vetoes))
            for m in here
        ])  # fmt: skip
    return found


class Follower:
    """The claims of a ledger in batches: all of them at first, and from then on those that changed."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._seen: int | None = None

    def news(self, session: Session) -> Iterator[list[store.Row]]:
        """What changed since the last time that all of it was taken."""
        newest = store.newest(session)
        if self._seen is None:
            yield from store.all_rows(session, limit=self._most)
        elif newest > self._seen:
            yield store.rows(session, store.changed(session, self._seen))
        else:
            # Nothing new; or a session that began before others wrote, and sees less than we did.
            return
        self._seen = newest


class Keeper:
    """Makes the vectors that claims lack, and keeps them; whoever wrote the claims need not know of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._follower = Follower()
        self._waiting: dict[str, None] = {}

    def step(self) -> int:
        """Make some of the vectors that are wanting; gives how many, 0 when there is nothing left to do."""
        with self._database.read() as session:
            for rows in self._follower.news(session):
                self._waiting.update((row.id, None) for row in rows if not is_fresh(row))
            some = list(self._waiting)[:_BATCH]
            wanting = [row for row in store.rows(session, some) if not is_fresh(row)]
        made = _vectors(wanting)
        if made:
            with self._database.write() as session:
                store.keep(session, made)
        for id in some:
            del self._waiting[id]
        return len(some)


def _vectors(rows: Sequence[store.Row]) -> list[ClaimVector]:
    from claims.matching import MODEL, Entry, with_vectors

    entries = with_vectors([Entry(row.id, row.statement) for row in rows])
    return [
        ClaimVector(claim_id=entry.id, model=MODEL, digest=_digest(entry.text), vector=entry.vector)
        for entry in entries
        if entry.vector is not None
    ]


def is_fresh(row: store.Row) -> bool:
    """Whether the vector that is kept is that of the statement as it stands, by today's model."""
    from claims.matching import MODEL

    return row.vector is not None and row.model == MODEL and row.digest == _digest(row.statement)


def _digest(statement: str) -> str:
    return hashlib.sha256(statement.encode()).hexdigest()
