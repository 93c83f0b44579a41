"""What a search of the desk means: its terms, as conditions on claims or on articles.

Whatever can't be understood is told with its remedy, and the rest of the search still counts.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from claims import Kind
from ledger import clock
from ledger.auth.identity import Identity
from ledger.ids import is_id
from ledger.models import DEFAULT_DESK, Article, Claim, Status
from ledger.scales import all_scales
from ledger.services.labels import zone_of
from ledger.services.terms import LONGEST, MOST, Term, parsed, plus, values, without, written
from ledger.store import desks as desks_store
from ledger.store import search as store
from ledger.store.search import Condition, Facets

CLAIM_ORDERS = ("new", "changed", "worth", "due", "old")
ARTICLE_ORDERS = ("pressing", "due", "new", "changed", "old")
WORTHS = {"high": (0.8, 1.01), "fair": (0.6, 0.8), "low": (0.4, 0.6)}
_AGES = ("<1d", "1d..7d", "7d..30d", "30d..90d", ">90d")
LARGE = 2000
"""From how many records on facets come after the list."""
_UNITS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365}
_SPAN = re.compile(r"(\d{1,5})([hdwmy])")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A term that could not be understood: why, and the search with the remedy, if one is at hand."""

    term: str
    message: str
    remedy: str | None = None


@dataclass(slots=True)
class Search:
    """A search, understood as far as it can be."""

    lists: str
    text: str
    terms: list[Term]
    order: str
    conditions: list[Condition] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    below: bool = False
    dismissed: bool = False

    @property
    def wheres(self) -> tuple[Any, ...]:
        """All its conditions."""
        return store.wheres(self.conditions)

    def chosen(self, key: str) -> set[str]:
        """The values of a key that it asks for, in lower case."""
        return values(self.terms, key)

    def toggled(self, key: str, value: str) -> str:
        """The search with a value of a key added, or taken out where it is in."""
        change = without if value.casefold() in self.chosen(key) else plus
        return written(change(self.terms, key, value))

    def without(self, key: str) -> str:
        """The search without what it asks of a key."""
        return written(without(self.terms, key))

    def ordered(self, order: str) -> str:
        """The search in another order; the usual one goes without saying."""
        usual = CLAIM_ORDERS[0] if self.lists == "claims" else ARTICLE_ORDERS[0]
        rest = without(self.terms, "sort")
        return written(rest if order == usual else [*rest, Term("sort", (order,))])

    def with_dismissed(self) -> str:
        """The search that finds dismissed claims too."""
        return written([*without(self.terms, "dismissed"), Term("dismissed", ("yes",))])

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything but an order."""
        return any(term.key != "sort" for term in self.terms)

    def narrower(self) -> list[tuple[str, str]]:
        """Each term that narrows it, and the search without that term."""
        return [
            (str(term), written(other for other in self.terms if other is not term))
            for term in self.terms
            if term.key != "sort"
        ]


class _Odd(Exception):
    """A value that a key does not have; with a better one, if there is one."""

    def __init__(self, message: str, instead: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.instead = instead


Meaning = Callable[["_Reader", Sequence[str]], Any]


def claims(
    session: Session,
    text: str,
    *,
    by: Identity,
    zone: str | None = None,
    now: datetime | None = None,
    below: bool = False,
    dismissed: bool = False,
) -> Search:
    """A search of claims. `zone` names the one in which days begin, by default UTC.

    Candidates that no desk of theirs shows are left out unless `below`, or the search itself, asks for them;
    so are dismissed claims unless `dismissed`, or the search, does.
    """
    reader = _Reader(session, text, by=by, zone=zone, now=now)
    search = reader.search("claims", _CLAIM_KEYS, CLAIM_ORDERS, store.claim_words)
    if not (below or search.below):
        search.conditions.append(Condition("", store.shown(session)))
    if not (dismissed or search.dismissed or search.chosen("status")):
        search.conditions.append(Condition("status", col(Claim.status) != Status.DISMISSED, aside=True))
    _look_up_words(session, search)
    return search


def _look_up_words(session: Session, search: Search) -> None:
    """Go through all claims for rare words once, and not for the page, the total and each facet again.

    Common words stay conditions: a page of them is found soon.
    """
    words = {c.values[0]: c for c in search.terms if not c.key and not c.out}
    ids: list[str] | None = None
    for word in sorted(words, key=len, reverse=True):
        if ids == []:
            search.conditions = [c for c in search.conditions if c.words != word]
            continue
        within = () if ids is None else (store.among(session, ids),)
        found = store.holding(session, (*within, store.claim_words(word)))
        if len(found) <= store.COUNTED:
            ids = found
            search.conditions = [c for c in search.conditions if c.key or c.words != word]
    if ids is not None:
        search.conditions.append(Condition("", store.among(session, ids)))


def articles(
    session: Session, text: str, *, by: Identity, zone: str | None = None, now: datetime | None = None
) -> Search:
    """A search of articles."""
    reader = _Reader(session, text, by=by, zone=zone, now=now)
    return reader.search("articles", _ARTICLE_KEYS, ARTICLE_ORDERS, store.article_words)


def facets(session: Session, search: Search, *, now: datetime | None = None) -> Facets:
    """For each key that has few values, how many there are of each under the rest of the search."""
    at = now or clock.now()
    if search.lists == "articles":
        return store.article_facets(session, search.conditions, at)
    found = store.claim_facets(session, search.conditions, at)
    found.counts["age"] = {_AGES[int(place)]: number for place, number in found.counts["age"].items()}
    return found


def page(
    session: Session,
    search: Search,
    *,
    after: tuple[Any, ...] | None = None,
    before: tuple[Any, ...] | None = None,
    limit: int = 50,
    more: Sequence[Any] = (),
) -> tuple[list[Any], bool]:
    """A page of what is found: rows of (record, key_0, key_1 …), and whether further ones lie beyond it.

    `more` are further conditions.
    """
    model, order = _listed(session, search)
    return store.page(session, model, (*search.wheres, *more), order, after=after, before=before, limit=limit)


def is_large(session: Session, lists: str) -> bool:
    """Whether there is so much to look through that counting what it is of takes a moment."""
    return store.is_large(session, Article if lists == "articles" else Claim, LARGE)


def total(session: Session, search: Search) -> int:
    """How many are found; beyond store.COUNTED, one more than that."""
    return store.total(session, _listed(session, search)[0], search.wheres)


def put_aside(session: Session, search: Search) -> int:
    """How many dismissed claims a search would find beside, had it asked for them."""
    if not any(one.aside for one in search.conditions):
        return 0
    where = [one.where for one in search.conditions if not one.aside]
    return store.total(session, Claim, (*where, col(Claim.status) == Status.DISMISSED))


def ids(session: Session, search: Search, *, limit: int) -> list[str]:
    """The ids of the first that are found."""
    model, order = _listed(session, search)
    return store.ids(session, model, search.wheres, order, limit=limit)


def order_of(session: Session, search: Search) -> store.Order:
    """What the found are ordered by."""
    return _listed(session, search)[1]


def _listed(session: Session, search: Search) -> tuple[Any, store.Order]:
    if search.lists == "articles":
        return Article, store.articles_by(session, search.order)
    return Claim, store.claims_by(search.order)


class _Reader:
    """Gives terms their meaning; looks up who and what there is once, and only what is asked for."""

    def __init__(
        self, session: Session, text: str, *, by: Identity, zone: str | None, now: datetime | None
    ) -> None:
        self.session = session
        self.by = by
        self.zone = zone_of(zone)
        self.now = now or clock.now()
        self.sqlite = session.get_bind().dialect.name == "sqlite"
        self._text = text
        self._known: dict[str, list[tuple[str, str]]] = {}

    def search(
        self,
        lists: str,
        keys: Mapping[str, Meaning],
        orders: Sequence[str],
        words: Callable[[str], Any],
    ) -> Search:
        terms = parsed(self._text)
        search = Search(lists, written(terms), terms, orders[0])
        if len(self._text) > LONGEST or len(terms) == MOST:
            search.troubles.append(
                Trouble("", f"Only the first {LONGEST:,} characters and {MOST} terms are searched for.")
            )
        for term in terms:
            try:
                self._read(term, search, keys, orders, words)
            except _Odd as odd:
                search.troubles.append(Trouble(str(term), odd.message, _mended(terms, term, odd)))
        return search

    def _read(
        self,
        term: Term,
        search: Search,
        keys: Mapping[str, Meaning],
        orders: Sequence[str],
        words: Callable[[str], Any],
    ) -> None:
        if term.key == "sort":
            search.order = _one_of(term.values[0], orders) if term.values else search.order
        elif term.key == "below":
            search.below = bool(term.values) and _one_of(term.values[0], ("yes", "no")) == "yes"
        elif term.key == "dismissed" and search.lists == "claims":
            search.dismissed = bool(term.values) and _one_of(term.values[0], ("yes", "no")) == "yes"
        elif not term.key:
            self._add(search, term, words(term.values[0]))
        elif term.key not in keys:
            near = difflib.get_close_matches(term.key, [*keys, "sort"], 1, 0.5)
            hint = f"Did you mean “{near[0]}:”? " if near else ""
            raise _Odd(
                f"There is no “{term.key}:” here. {hint}To look for these very words, put them in quotation "
                "marks.",
                f"{near[0]}:" if near else None,
            )
        elif term.values:
            self._add(search, term, keys[term.key](self, term.values))

    def _add(self, search: Search, term: Term, where: Any) -> None:
        # What is neither so nor not so, as an unknown publisher, is not so.
        holds = sa.not_(sa.func.coalesce(where, sa.false())) if term.out else where
        words = None if term.key or term.out else term.values[0]
        search.conditions.append(Condition(term.key, holds, term.out, words))

    # -------------------------------------------------------------------------------- who and what

    def people(self, names: Sequence[str]) -> list[str | None]:
        """The accounts of these names or parts of names; `me`, and None for `none`."""
        found: list[str | None] = []
        for name in names:
            if name.casefold() == "me":
                found.append(self.by.account_id or "")
            elif name.casefold() == store.NONE:
                found.append(None)
            else:
                found += self._named("people", name, "Nobody here is called")
        return found

    def publishers(self, names: Sequence[str]) -> list[str | None]:
        """The publishers of these names or parts of names; None for `none`."""
        found: list[str | None] = []
        for name in names:
            if name.casefold() == store.NONE:
                found.append(None)
            else:
                found += self._named("publishers", name, "There is no publisher called")
        return found

    def tags(self, names: Sequence[str]) -> list[str]:
        """These tags, as they are written."""
        none = [store.NONE] if any(name.casefold() == store.NONE for name in names) else []
        rest = [name for name in names if name.casefold() != store.NONE]
        return none + [
            tag for name in rest for tag in self._named("tags", name, "There is no tag", parts=False)
        ]

    def desk(self, names: Sequence[str]) -> list[str]:
        """The desks of these names."""
        return [desk for name in names for desk in self._named("desks", name, "There is no desk called")]

    def _named(self, what: str, name: str, missing: str, *, parts: bool = True) -> list[str]:
        known, wanted = self._all(what), name.casefold()
        found = [id for id, called in known if wanted in (called.casefold(), id)]
        if not found and parts:
            found = [id for id, called in known if f" {wanted}" in f" {called.casefold()}"]
        if found:
            return found
        near = difflib.get_close_matches(wanted, [called.casefold() for _, called in known], 1, 0.5)
        better = next((called for _, called in known if near and called.casefold() == near[0]), None)
        raise _Odd(f"{missing} “{name}”." + (f" Did you mean “{better}”?" if better else ""), better)

    def _all(self, what: str) -> list[tuple[str, str]]:
        """Ids and names of what there is."""
        if what not in self._known:
            if what == "people":
                self._known[what] = store.people(self.session)
            elif what == "desks":
                self._known[what] = [(desk.id, desk.name) for desk in desks_store.every(self.session)]
            else:
                names = store.publishers if what == "publishers" else store.tags
                self._known[what] = [(name, name) for name in names(self.session)]
        return self._known[what]

    # ---------------------------------------------------------------------------------------- when

    def when(self, column: Any, wanted: Sequence[str], *, ahead: bool = False) -> Any:
        """`<2026-12-01`, `2026-11-01..2026-11-30`, `today`, or a span such as `<7d`: nearer than that.

        `ahead`: spans count from now on, not back.
        """
        return sa.or_(*(self._between(column, *self._bounds(value, ahead)) for value in wanted))

    def _between(self, column: Any, first: datetime | None, last: datetime | None) -> Any:
        sides = [] if first is None else [column >= first]
        return sa.and_(*sides, *([] if last is None else [column < last]), column.is_not(None))

    def _bounds(self, value: str, ahead: bool) -> tuple[datetime | None, datetime | None]:
        text = value.strip().casefold()
        if text == "today":
            return self._day(self._today())
        low, dots, high = text.partition("..")
        sign = text[0] if text[:1] in ("<", ">") else ""
        rest = text[len(sign) :]
        if dots:
            ends = [self._point(end, ahead) for end in (low, high)]
            if ahead or not _SPAN.fullmatch(low):
                return min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1])
            # The further back, the earlier.
            return ends[1][0], ends[0][0]
        first, last = self._point(rest, ahead)
        if _SPAN.fullmatch(rest):
            near = (sign or "<") == "<"
            if ahead:
                return (self.now, first) if near else (first, None)
            return (first, None) if near else (None, first)
        return (first, last) if not sign else (None, first) if sign == "<" else (last, None)

    def _point(self, text: str, ahead: bool) -> tuple[datetime, datetime]:
        if span := _SPAN.fullmatch(text):
            far = timedelta(days=int(span[1]) * _UNITS[span[2]])
            try:
                at = self.now + far if ahead else self.now - far
            except OverflowError:
                at = store.NEVER if ahead else datetime(1, 1, 2, tzinfo=UTC)
            return at, at
        try:
            return self._day(date.fromisoformat(text))
        except (ValueError, OverflowError):
            raise _Odd(
                f"“{text}” is no time. Write a day such as <{self._today().isoformat()}, a span such as "
                "<7d, or today."
            ) from None

    def _day(self, day: date) -> tuple[datetime, datetime]:
        begins = datetime.combine(day, time(), self.zone).astimezone(UTC)
        return begins, datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def _today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def due(self, wanted: Sequence[str], late: Any, none: Any, within: Callable[[Any], Any]) -> Any:
        """What is due: `overdue`, `past`, `week`, `later`, `none`, `any`, or when."""
        column = col(Article.due_at)
        meant: dict[str, Callable[[], Any]] = {
            "overdue": lambda: late,
            "past": lambda: sa.and_(within(column < self.now), sa.not_(late)),
            "week": lambda: within(sa.and_(column >= self.now, column < self.now + store.SOON)),
            "later": lambda: within(column >= self.now + store.SOON),
            "none": lambda: none,
            "any": lambda: sa.not_(none),
        }
        found = []
        for value in wanted:
            word = value.casefold()
            if word in meant:
                found.append(meant[word]())
            elif word[:1] in "<>0123456789" or word == "today":
                found.append(within(self.when(column, [value], ahead=True)))
            else:
                _one_of(value, (*meant, "today"))
        return sa.or_(*found)


def _one_of(value: str, known: Iterable[str]) -> str:
    there = list(known)
    if value.casefold() in there:
        return value.casefold()
    near = difflib.get_close_matches(value.casefold(), there, 1, 0.5)
    message = f"“{value}” is not known here." + (f" Did you mean “{near[0]}”?" if near else "")
    raise _Odd(f"{message} There is: {', '.join(there)}.", near[0] if near else None)


def _mended(terms: Sequence[Term], odd: Term, why: _Odd) -> str | None:
    if why.instead is None:
        return None
    if why.instead.endswith(":"):
        better = Term(why.instead[:-1], odd.values, odd.out)
    elif len(odd.values) == 1:
        better = Term(odd.key, (why.instead,), odd.out)
    else:
        return None
    return written(better if term is odd else term for term in terms)


def _chosen(known: Iterable[str]) -> Callable[[Sequence[str]], list[str]]:
    there = [str(one) for one in known]
    return lambda wanted: [_one_of(value.replace(" ", "_"), there) for value in wanted]


_statuses = _chosen(Status)
_kinds = _chosen(Kind)


def _codes(wanted: Sequence[str]) -> list[str]:
    known = {rating.code for scale in all_scales().values() for rating in scale.ratings}
    return _chosen([*sorted(known), store.NONE])(wanted)


def _article_ids(wanted: Sequence[str]) -> list[str]:
    for value in wanted:
        if not is_id(value.casefold()):
            raise _Odd("Write the article's id, as it stands at the end of its address.")
    return [value.casefold() for value in wanted]


def _number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise _Odd(
            f"“{text}” is no worth. Write a number from 0 to 1, such as >0.6, or high, fair, low, none."
        )
    return number


def _worth(wanted: Sequence[str]) -> Any:
    score = col(Claim.score)
    found: list[Any] = []
    for value in wanted:
        word = value.casefold()
        low, dots, high = word.partition("..")
        if word == store.NONE:
            found.append(score.is_(None))
        elif word in WORTHS:
            found.append(sa.and_(score >= WORTHS[word][0], score < WORTHS[word][1]))
        elif dots:
            found.append(score.between(_number(low), _number(high)))
        elif word.startswith("<"):
            found.append(score < _number(word[1:].removeprefix("=")))
        elif word.startswith(">="):
            found.append(score >= _number(word[2:]))
        elif word.startswith(">"):
            found.append(score > _number(word[1:]))
        else:
            found.append(score >= _number(word))
    return sa.or_(*found)


def _desk_of(ids: Sequence[str]) -> Any:
    return store.any_of(col(Article.desk_id), [None if id == DEFAULT_DESK else id for id in ids])


_CLAIM_KEYS: dict[str, Meaning] = {
    "status": lambda _, wanted: col(Claim.status).in_(_statuses(wanted)),
    "kind": lambda _, wanted: col(Claim.kind).in_(_kinds(wanted)),
    "verdict": lambda _, wanted: store.rated(_codes(wanted)),
    "by": lambda r, wanted: store.worked_on_by(r.people(wanted)),
    "assignee": lambda r, wanted: store.had_by(r.people(wanted)),
    "proposer": lambda r, wanted: store.proposed_by(r.people(wanted)),
    "signer": lambda r, wanted: store.signed_by(r.people(wanted)),
    "publisher": lambda r, wanted: store.in_articles(
        store.any_of(col(Article.publisher), r.publishers(wanted))
    ),
    "tag": lambda r, wanted: store.claim_tagged(r.tags(wanted), r.sqlite),
    "desk": lambda r, wanted: store.in_articles(_desk_of(r.desk(wanted))),
    "due": lambda r, wanted: r.due(
        wanted, store.claim_overdue(r.now), store.no_claim_due(), store.in_articles
    ),
    "age": lambda r, wanted: r.when(col(Claim.created_at), wanted),
    "changed": lambda r, wanted: r.when(col(Claim.updated_at), wanted),
    "worth": lambda _, wanted: _worth(wanted),
    "article": lambda _, wanted: store.in_articles(col(Article.id).in_(_article_ids(wanted))),
}

_ARTICLE_KEYS: dict[str, Meaning] = {
    "status": lambda _, wanted: store.with_claims(col(Claim.status).in_(_statuses(wanted))),
    "state": lambda r, wanted: sa.or_(
        *(store.states(r.session)[_one_of(value, store.states(r.session))] for value in wanted)
    ),
    "assignee": lambda r, wanted: store.with_claims(
        sa.and_(store.had_by(r.people(wanted)), col(Claim.status).in_(store.OPEN))
    ),
    "by": lambda r, wanted: store.with_claims(store.worked_on_by(r.people(wanted))),
    "publisher": lambda r, wanted: store.any_of(col(Article.publisher), r.publishers(wanted)),
    "tag": lambda r, wanted: store.article_tagged(r.tags(wanted), r.sqlite),
    "desk": lambda r, wanted: _desk_of(r.desk(wanted)),
    "due": lambda r, wanted: r.due(
        wanted,
        store.article_overdue(r.session, r.now),
        col(Article.due_at).is_(None),
        lambda where: where,
    ),
    "age": lambda r, wanted: r.when(col(Article.created_at), wanted),
    "changed": lambda r, wanted: r.when(col(Article.updated_at), wanted),
    "article": lambda _, wanted: col(Article.id).in_(_article_ids(wanted)),
}
CLAIM_KEYS = (*_CLAIM_KEYS, "below", "dismissed", "sort")
ARTICLE_KEYS = (*_ARTICLE_KEYS, "sort")
