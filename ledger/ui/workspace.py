"""The workspace of one article: the list of its claims, the text with their marks, and the claim at hand.

A claim is at hand by the address (`?claim=`). Without a script each step is a link; with one the step is
taken at once and only the claim's part is fetched. Every form in that part comes back here through
`claims.act`, and is answered with the part and with whatever else on the page it changed.
"""

from functools import cached_property
from html import escape
from typing import Any

from flask import Blueprint, request, url_for

from claims.model import Span
from claims.numbered import is_read
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.models import DEFAULT_DESK, Article, Claim, Status
from ledger.services import detection
from ledger.store import articles as store
from ledger.store import claims as claims_store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.store.search import OPEN
from ledger.ui import claim_parts, listing, marks
from ledger.ui.context import asked
from ledger.ui.forms import Forms, Refused
from ledger.ui.pages import go, in_place, render
from ledger.ui.typeset import Entry, Typeset
from ledger.ui.words import STATUSES, Progress
from ledger.web.context import identity, reading, requires

bp = Blueprint("workspace", __name__)

DETAILS = ("title", "byline", "publisher", "published", "language", "url", "desk_id", "tags", "due_at")
# Those that wait for somebody to begin: where "next unchecked" leads.
WAITING = (Status.CANDIDATE, Status.UNCHECKED, Status.STALE)
_KEPT = ("status", "mine", "dismissed", "below")


def kept() -> dict[str, Any]:
    """What narrows the list, so that a step or a deed leaves it as it is."""
    return {name: values for name, values in asked().items() if name in _KEPT}


class Workspace:
    """What the page of an article shows; the parts of it are worked out when they are asked for."""

    def __init__(self, article: Article, claim_id: str | None = None) -> None:
        self.article = article
        self.revision = store.current_revision(reading(), article)
        self.threshold = desks_store.thresholds(reading()).of(article)
        self.status = tuple(s for s in request.args.getlist("status") if s in STATUSES)
        self.mine = request.args.get("mine") == "1"
        self.dismissed = request.args.get("dismissed") == "1"
        self.below = request.args.get("below") == "1"
        self.asked_for = claim_id
        self.rows = claims_store.lines_of_article(reading(), article.id)

    def _hidden(self, row: Any) -> bool:
        """Whether the desk does not show it."""
        return bool(row.status == Status.CANDIDATE and (row.score or 0) < self.threshold)

    @cached_property
    def hidden(self) -> int:
        """How many candidates the desk does not show."""
        return len({row.id for row in self.rows if self._hidden(row)})

    @cached_property
    def numbered(self) -> dict[str, Entry]:
        """The claims by id, in reading order. Numbers stay what they are when a claim is dismissed."""
        found: dict[str, Entry] = {}
        for row in self.rows:
            if row.id in found or (self._hidden(row) and not self.below and row.id != self.asked_for):
                continue
            found[row.id] = Entry(
                len(found) + 1, row.id, row.status, row.statement, row.language, row.score, row.assignee_id,
                row.start, row.end, row.revision_id == self.revision.id, self._hidden(row) and not self.below,
            )  # fmt: skip
        return found

    @cached_property
    def listed(self) -> list[Entry]:
        """Those that the filter lets through."""
        me = identity().account_id
        return [
            one
            for one in self.numbered.values()
            if (self.dismissed or one.status != "dismissed" or "dismissed" in self.status)
            and (not self.status or one.status in self.status)
            and (not self.mine or one.assignee_id == me)
        ]

    @cached_property
    def current(self) -> Entry | None:
        """The claim at hand: the one asked for, or else the first that waits for somebody."""
        if self.asked_for:
            return self.numbered.get(self.asked_for)
        waiting = (one for one in self.listed if one.status in WAITING)
        return next(waiting, self.listed[0] if self.listed else None)

    @cached_property
    def counts(self) -> dict[str, int]:
        """Number of claims by status."""
        found: dict[str, int] = {}
        for one in self.numbered.values():
            found[one.status] = found.get(one.status, 0) + 1
        return found

    @property
    def of_mine(self) -> int:
        """How many claims the one who asks has."""
        me = identity().account_id
        return sum(one.assignee_id == me for one in self.numbered.values() if one.status != "dismissed")

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of those who have a claim here; the one who asks is "you"."""
        names = claims_store.names(reading(), {row.assignee_id for row in self.rows})
        return names | {me: "you" for me in (identity().account_id,) if me}

    @cached_property
    def typeset(self) -> Typeset:
        """Writes the text and the list."""
        link = url_for("articles.detail", id=self.article.id, **kept())
        query = link.partition("?")[2]
        at_hand = self.current.id if self.current else None
        return Typeset(link=f"?{escape(query)}&amp;claim=" if query else "?claim=", current=at_hand)

    def parts(self, within: Span | None = None) -> list[marks.Part]:
        """The text, cut where marks begin and end. The list may be narrowed; the text shows them all."""
        found = []
        for row in self.rows:
            entry = self.numbered.get(row.id)
            if entry and row.status != "dismissed" and row.revision_id == self.revision.id:
                found.append(marks.Mark(row.id, entry.number, row.status, row.start, row.end))
        return marks.laid_out(self.revision.text, self.revision.blocks, found, within=within)

    def steps(self) -> dict[str, str | None]:
        """The claims before and after the one at hand, and the next that waits; past the end, the first."""
        here = self.current.number if self.current else 0
        after = [one for one in self.listed if one.number > here]
        before = [one for one in self.listed if one.number < here]
        waiting = next((one for one in after + before if one.status in WAITING), None)
        return {
            "previous": before[-1].id if before else None,
            "next": after[0].id if after else None,
            "waiting": waiting.id if waiting else None,
        }

    def at_place(self) -> dict[str, int]:
        """Which of the claims shown the one at hand is; it counts with them whatever the filter says."""
        here = self.current.number if self.current else 0
        shown = sorted({one.number for one in self.listed} | {here})
        return {"nth": shown.index(here) + 1, "of": len(shown)}

    def heading(self) -> dict[str, Any]:
        """What the head and the filters show, and the list's lines need."""
        return {
            "article": self.article,
            "revision": self.revision,
            "counts": self.counts,
            "progress": Progress(self.counts),
            "of_mine": self.of_mine,
            "work": self,
            "kept": kept(),
            "listing": listing,
        }

    def panel(self, refused: Refused | None = None) -> dict[str, Any]:
        """What the claim's part shows."""
        if self.current is None:
            return {"claim": None, "entry": None}
        place = {"article": self.article.id, **kept()}
        context = claim_parts.shown(self.current.id, refused, place=place, target="#panel")
        return context | {"entry": self.current, "at_place": self.at_place(), "steps": self.steps()}


def page_of(id: str, refused: Refused | None = None, *, claim_id: str | None = None) -> Any:
    """The page of an article; `refused` is the form on it that was sent and not taken."""
    article = records.get(reading(), Article, id)
    claim_id = claim_id or request.args.get("claim") or None
    work = Workspace(article, claim_id)
    if work.current and work.current.hidden:
        return go("articles.detail", id=id, claim=claim_id, **kept() | {"below": 1}, _anchor=f"m-{claim_id}")
    if claim_id and work.current is None:
        # It may have been merged into another, or stand in another article: its page tells.
        return go("claims.detail", id=records.get(reading(), Claim, claim_id).id)
    now = {name: getattr(article, name) for name in DETAILS} | {
        "desk_id": article.desk_id or DEFAULT_DESK,
        "tags": ", ".join(article.tags or ()),
        "due_at": listing.iso_day(article.due_at),
    }
    return render(
        "workspace/detail.html",
        status=refused.status if refused else 200,
        now=now,
        chosen=bool(claim_id),
        looking=detection.newest(reading(), article.id),
        desk=desks_store.get(reading(), article.desk_id),
        desks=desks_store.every(reading()),
        understood=is_read(article.language),
        due=listing.due(article.due_at, any(work.counts.get(status) for status in OPEN)),
        **{"forms": Forms(refused)} | work.heading() | work.panel(refused),
    )


@bp.get("/articles/<id>/claims/<claim_id>")
@requires(Permission.READ)
def panel(id: str, claim_id: str) -> Any:
    """The part of the page with one claim; without a script, the page with that claim at hand."""
    if not in_place():
        return go("articles.detail", id=id, claim=claim_id, **kept(), _anchor=f"m-{claim_id}")
    work = _at(id, claim_id)
    return render("workspace/_panel.html", **work.heading() | work.panel())


def changed(id: str, claim_id: str, refused: Refused | None = None, *, whole: bool = False) -> Any:
    """For htmx, after a deed: the claim's part, and all else on the page that the deed changed.

    `whole`: the whole list and text, after a deed that changed more than this claim.
    """
    work = _at(id, claim_id)
    places = [Span(row.start, row.end) for row in work.rows if row.id == claim_id]
    touched = {} if whole else {part.index: part for place in places for part in work.parts(place)}
    return render(
        "workspace/_changed.html",
        part="workspace/_changed.html",
        status=refused.status if refused else 200,
        touched=touched.values(),
        whole=whole,
        **work.heading() | work.panel(refused),
    )


def _at(id: str, claim_id: str) -> Workspace:
    work = Workspace(records.get(reading(), Article, id), claim_id)
    if work.current is None:
        raise NotFound("This claim does not stand in this article.")
    return work
