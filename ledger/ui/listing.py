"""What both lists of the desk, articles and claims, have in common: the search in the address, pages of it,
facets to click, saved views, and the person's own time zone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import request, url_for
from sqlmodel import Session

from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.ids import is_id
from ledger.models import DEFAULT_DESK, Article, SavedView
from ledger.services import search, views
from ledger.services.labels import zone_of
from ledger.services.search import Search
from ledger.services.terms import Term, parsed, written
from ledger.store import desks as desks_store
from ledger.store import search as store
from ledger.store import views as views_store
from ledger.store.search import Count, Facets
from ledger.ui.words import KINDS, STATUSES, Progress, plural
from ledger.web.context import identity, reading
from ledger.web.paging import read_keys, write_keys

SHOWN = 8
"""Values of a facet that are shown at once."""
_TITLES = {
    "state": "State", "status": "Status", "kind": "Kind", "verdict": "Verdict", "due": "Due",
    "assignee": "Who has it", "desk": "Desk", "publisher": "Publisher", "tag": "Tag", "age": "Age",
}  # fmt: skip
_AGES = {
    "<1d": "Less than a day", "1d..7d": "A day to a week", "7d..30d": "A week to a month",
    "30d..90d": "One to three months", ">90d": "More than three months",
}  # fmt: skip
_DUES = {
    "overdue": "Overdue", "week": "Within a week", "later": "Later", "past": "Past, and cleared",
}  # fmt: skip
_STATES = {
    "stale": "With stale claims", "open": "Something left", "done": "Cleared", "empty": "No claims",
}  # fmt: skip
_NONE = {"assignee": "Nobody", "verdict": "None"}
_OLD = {"status", "kind", "mine", "worth", "below", "order", "desk", "article"}
ORDERS = {
    "pressing": "Most pressing", "new": "Newest", "old": "Oldest", "changed": "Last changed", "due": "Due",
    "worth": "Most check-worthy",
}  # fmt: skip


def zone() -> str | None:
    """The time zone that the person's browser told, by its name."""
    return request.cookies.get("zone")


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: the link adds it to the search, or takes it out."""

    value: str
    label: str
    count: int
    on: bool
    url: str


@dataclass(slots=True)
class Facet:
    """What the list can be narrowed by with one click."""

    key: str
    title: str
    values: list[Value] = field(default_factory=list)
    more: list[Value] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class View:
    """A saved view, or one of those that are offered, with how many it finds now; None: not counted yet."""

    name: str
    url: str
    count: Count | None
    on: bool
    saved: SavedView | None = None
    own: bool = False


class Pages:
    """Where the pages beside this one begin, in any order."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.after = read_keys(request.args.get("after"), kinds)
        self.before = None if self.after else read_keys(request.args.get("before"), kinds)
        self.older: str | None = None
        self.newer: str | None = None

    def note(self, rows: Sequence[Any], further: bool) -> None:
        """Work out from a page's rows where the pages beside it begin."""
        if not rows:
            return
        first, last = tuple(rows[0][1:]), tuple(rows[-1][1:])
        if self.before:
            self.newer, self.older = write_keys(first) if further else None, write_keys(last)
        else:
            self.newer = write_keys(first) if self.after else None
            self.older = write_keys(last) if further else None


def asked(lists: str) -> Search:
    """The search that the address asks for."""
    return read(reading(), lists, request.args.get("q", ""))


def read(session: Session, lists: str, text: str) -> Search:
    """A search of claims or articles, by whoever asks."""
    look = search.articles if lists == "articles" else search.claims
    return look(session, text, by=identity(), zone=zone())


def everything(text: str) -> Search:
    """A search of claims that finds dismissed ones too."""
    return search.claims(reading(), text, by=identity(), zone=zone(), dismissed=True)


def old_address() -> str | None:
    """The search that an address asks for with parameters of its own, as they once did; else None."""
    args = request.args
    terms = [Term(key, tuple(found)) for key in ("status", "kind") if (found := _several(key))]
    if args.get("mine") == "1":
        terms.append(Term("assignee", ("me",)))
    if article := args.get("article"):
        terms.append(Term("article", (_an_id(article, "article"),)))
    if desk := args.get("desk"):
        terms.append(Term("desk", (desks_store.get(reading(), _an_id(desk, "desk")).name,)))
    if worth := args.get("worth"):
        terms.append(Term("worth", (f">={worth}",)))
    if args.get("below") == "1":
        terms.append(Term("below", ("yes",)))
    if args.get("order") == "worth":
        terms.append(Term("sort", ("worth",)))
    if not args.keys() & _OLD:
        return None
    return written([*parsed(args.get("q", "")), *terms])


def _several(key: str) -> list[str]:
    known = STATUSES if key == "status" else KINDS
    return [value for value in request.args.getlist(key) if value in known]


def _an_id(id: str, noun: str) -> str:
    if not is_id(id):
        raise NotFound(f"There is no such {noun}.")
    return id


def facets(found: Search, endpoint: str) -> tuple[list[Facet], Facets]:
    """The facets of a search with their counts, each value a link."""
    counted = search.facets(reading(), found)
    names = _names(found.lists)
    shown = [_facet(key, counts, found, names, endpoint) for key, counts in counted.counts.items()]
    ordered = sorted(shown, key=lambda facet: list(_TITLES).index(facet.key))
    return [facet for facet in ordered if facet.values], counted


def _names(lists: str) -> dict[str, Mapping[str, str]]:
    people = dict(store.people(reading()))
    if me := identity().account_id:
        people[me] = f"{people.get(me, '')} (you)".strip()
    desks = {desk.id: desk.name for desk in desks_store.every(reading())}
    statuses = {code: word.label for code, word in STATUSES.items()}
    return {
        "assignee": people, "desk": desks, "status": statuses, "kind": KINDS, "age": _AGES, "due": _DUES,
        "state": _STATES,
    }  # fmt: skip


def _facet(
    key: str, counts: Mapping[str, int], found: Search, names: Mapping[str, Mapping[str, str]], endpoint: str
) -> Facet:
    labels, chosen = names.get(key, {}), found.chosen(key)
    facet = Facet(key, _TITLES[key])
    if key == "desk" and len(labels) < 2:
        return facet
    # What was chosen stays in sight, be it found or not.
    named = labels or chosen
    kept = [value for value in chosen if value in named and key not in ("assignee", "desk", "publisher")]
    every = dict.fromkeys(kept, 0) | dict(counts)
    order = list(labels) if key in ("status", "age", "due", "state") else []
    ranked = sorted(
        every.items(),
        key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), -pair[1], pair[0]),
    )
    for value, count in ranked:
        term = _term_of(key, value, labels)
        on = term.casefold() in chosen
        label = labels.get(value) or (_NONE.get(key, "None") if value == store.NONE else value)
        url = url_for(endpoint, q=found.toggled(key, term) or None)
        one = Value(value, label, count, on, url)
        (facet.values if len(facet.values) < SHOWN or on or order else facet.more).append(one)
    return facet


def _term_of(key: str, value: str, labels: Mapping[str, str]) -> str:
    """How a search names a value: people by name, oneself as me, desks by name."""
    if key == "assignee":
        if value == identity().account_id:
            return "me"
        # Two people of one name are told apart by what no name has.
        name = labels.get(value, value)
        return value if list(labels.values()).count(name) > 1 else name
    return labels.get(value, value) if key == "desk" else value


def saved(lists: str, endpoint: str, now: Search | None = None, *, counting: bool = True) -> list[View]:
    """A person's views, or else those that are offered; if `counting`, with how many each finds."""
    session, who = reading(), identity()
    kept = views_store.visible(session, who.account_id, lists)
    rows: list[tuple[str, str, SavedView | None]] = [(view.name, view.query, view) for view in kept]
    rows = rows or [(name, query, None) for name, query in views.USUAL[lists]]
    found = []
    for name, query, view in rows:
        meant = read(session, lists, query)
        own = view is not None and (view.created_by == who.account_id or who.may(Permission.DESKS))
        url = url_for("desk.view", id=view.id) if view else url_for(endpoint, q=query)
        on = now is not None and now.text == meant.text
        count = search.total(session, meant) if counting else None
        found.append(View(name, url, count, on, view, own))
    return found


def counted(number: Count, noun: str) -> str:
    """`1,204 claims`; `more than 10,000 claims` where no more were counted."""
    return f"More than {number:,} {noun}s" if number.more else plural(number, noun)


def capped(number: Count) -> str:
    """A number for a small place."""
    thousands = f"{number // 1000}k" if number.more and number >= 1000 else f"{number:,}"
    return f"{thousands}+" if number.more else thousands


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, as people say it; `late` stands out."""

    at: datetime
    words: str
    late: bool
    soon: bool


def due(at: datetime | None, is_open: bool) -> Due | None:
    """How far off a date is; what is cleared is never late."""
    if at is None:
        return None
    now, local = clock.now(), zone_of(zone())
    days = (at.astimezone(local).date() - now.astimezone(local).date()).days
    late = at < now and is_open
    if days == 0:
        words = "today"
    elif abs(days) == 1:
        words = "tomorrow" if days > 0 else "yesterday"
    elif days > 0:
        words = f"in {days} days" if days < 60 else day(at)
    else:
        words = f"{-days} days ago" if -days < 60 else day(at)
    if late:
        words = "overdue today" if days == 0 else f"{plural(-days, 'day')} overdue"
    return Due(at, words, late, is_open and 0 <= days <= 2)


def day(at: datetime) -> str:
    """A day as people write it, in their own zone."""
    return f"{at.astimezone(zone_of(zone())):%-d %b %Y}"


def iso_day(at: datetime | None) -> str:
    """The same day as a date field has it; nothing where there is none."""
    return f"{at.astimezone(zone_of(zone())):%Y-%m-%d}" if at else ""


def tagged(tag: str) -> str:
    """The search for a tag."""
    return written([Term("tag", (tag,))])


@dataclass(frozen=True, slots=True)
class Line:
    """An article of the list: what is left by status, the most pressing first, who has it, when it is due."""

    article: Article
    progress: Progress
    left: list[tuple[str, int]]
    people: list[str]
    due: Due | None


def line(article: Article, progress: Progress, people: list[str]) -> Line:
    """An article as the list shows it."""
    left = [(str(status), progress.counts[status]) for status in store.OPEN if progress.counts.get(status)]
    return Line(article, progress, left, people, due(article.due_at, bool(left)))


def desks() -> list[Any]:
    """All desks, to choose from."""
    return desks_store.every(reading())


def desk_name(id: str | None) -> str:
    """What a desk is called."""
    return next((desk.name for desk in desks() if desk.id == (id or DEFAULT_DESK)), "")
