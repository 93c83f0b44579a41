"""Where claims stand, as pages: moving boundaries, splitting, merging, each seen before it is done.

The workspace does the first by dragging and by keys (js/boundaries.js); it posts to the same addresses.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask import Blueprint, request

from claims.values import dataclass, field
from ledger.auth.identity import Permission
from ledger.errors import Conflict, Invalid, LedgerError, Unavailable
from ledger.models import Appearance, Article, Claim, Revision
from ledger.services import spans
from ledger.services.changes import text_value
from ledger.services.spans import Outcome, Part, Preview, Words
from ledger.store import articles as articles_store
from ledger.store import claims as store
from ledger.store import reach as reach_store
from ledger.store import records
from ledger.ui import workspace
from ledger.ui.forms import REFUSALS, Forms, Refused, typed
from ledger.ui.pages import go, in_place, notice, render, version, writing
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("spans", __name__)

STEPS = {
    "extend-left": "Begin a word earlier",
    "shrink-left": "Begin a word later",
    "shrink-right": "End a word earlier",
    "extend-right": "End a word later",
}
_WORD = re.compile(r"\S+")
_AROUND = 400  # characters of the text that are shown on either side
# Where a claim mostly falls in two.
_JOINT = re.compile(r"[,;]? (?:and|but|while|und|et|y|e) |; |, ", re.IGNORECASE)


@dataclass(slots=True)
class Spot:
    """One place of a claim, with its article and that article's current text."""

    claim: Claim
    place: Appearance
    article: Article
    revision: Revision

    def around(self, start: int, end: int) -> tuple[str, str, str]:
        """The text before a span, its words, and the text after it."""
        text = self.revision.text
        return text[max(0, start - _AROUND) : start], text[start:end], text[end : end + _AROUND]


def _spot(id: str) -> Spot:
    """The place that the address or the form means, or else the claim's first."""
    claim = records.get(reading(), Claim, id)
    asked = request.values.get("appearance_id") or request.args.get("appearance")
    article = request.args.get("article")
    places = store.appearances(reading(), id)
    if not places:
        raise Conflict("This claim stands nowhere.")
    place = next(
        (one for one in places if one.id == asked),
        next((one for one in places if not asked and one.article_id == article), places[0]),
    )
    found = records.get(reading(), Article, place.article_id)
    return Spot(claim, place, found, articles_store.current_revision(reading(), found))


def _place() -> dict[str, Any]:
    """What the pages pass on: the workspace that somebody came from."""
    article = request.args.get("article")
    return {"article": article, **workspace.kept()} if article else {}


def _done(outcome: Outcome, said: str) -> Any:
    claim = outcome.claim
    notice(" ".join([said, *outcome.notes]))
    article = request.args.get("article")
    if not article:
        return go("claims.detail", id=claim.id)
    if in_place():
        return workspace.changed(article, claim.id, whole=True)
    return go("articles.detail", id=article, claim=claim.id, **workspace.kept(), _anchor=f"m-{claim.id}")


def _offset(name: str, field: str = "start") -> int:
    given = request.values.get(name, "")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid("Select the words again.", field=field)
    return int(given)


def _text(name: str) -> str:
    return str(request.values.get(name) or "").replace("\r\n", "\n").strip()


def _found(text: str, words: str, near: int) -> tuple[int, int]:
    """Where words stand that somebody wrote out, the nearest place if there are several."""
    wanted = text_value(words, field="words", longest=20_000) or ""
    places = [match.start() for match in re.finditer(re.escape(wanted), text)] if wanted else []
    if not places:
        raise Invalid(
            "These words do not stand in the text, not exactly so. Copy them from it.", field="words"
        )
    start = min(places, key=lambda at: abs(at - near))
    return start, start + len(wanted)


# -------------------------------------------------------------------------------------------- move


@bp.get("/claims/<id>/move")
@requires(Permission.CLAIMS)
def move(id: str) -> Any:
    """The words that a claim stands on, to be put elsewhere, with what that would do."""
    return _move_page(id)


@bp.post("/claims/<id>/move")
@requires(Permission.CLAIMS)
def do_move(id: str) -> Any:
    """Put a claim's boundaries elsewhere."""
    sent = request.form
    try:
        words = Words(
            start=_offset("start"),
            end=_offset("end"),
            exact=_text("exact") or None,
            appearance_id=sent.get("appearance_id") or None,
            revision_id=sent.get("revision_id") or None,
        )
        with writing() as session:
            outcome = spans.move(session, id, words, by=identity(), version=version())
    except REFUSALS as error:
        refused = Refused("move", "", error, typed())
        article = request.args.get("article")
        if article and in_place():
            return workspace.changed(article, id, refused)
        return _move_page(id, refused)
    return _done(outcome, "Moved." if outcome.changes else "These are its words already.")


def _move_page(id: str, refused: Refused | None = None) -> Any:
    spot = _spot(id)
    start, end = spot.place.start, spot.place.end
    fault, preview = None, None
    try:
        if _text("words"):
            start, end = _found(spot.revision.text, _text("words"), start)
        elif request.values.get("start"):
            start, end = _offset("start"), _offset("end")
            if not 0 <= start < end <= len(spot.revision.text):
                start, end = spot.place.start, spot.place.end
        if step := request.args.get("step"):
            start, end = _stepped(spot.revision.text, start, end, step)
        preview = spans.preview_move(reading(), id, Words(start=start, end=end, appearance_id=spot.place.id))
    except REFUSALS as error:
        fault = error
    if preview is not None:
        stands = next(one for one in preview.after[0].places if one.id == spot.place.id)
        start, end = stands.start, stands.end
    return render(
        "spans/move.html",
        status=refused.status if refused else 422 if fault else 200,
        spot=spot,
        claim=spot.claim,
        start=start,
        end=end,
        around=spot.around(start, end),
        moved=(start, end) != (spot.place.start, spot.place.end),
        fault=fault if not refused else None,
        there=fault.facts.get("claim") if fault else None,
        preview=preview,
        words=_text("words"),
        steps=STEPS,
        at={"appearance": spot.place.id, "start": start, "end": end} | _place(),
        forms=Forms(refused),
        place=_place(),
    )


def _stepped(text: str, start: int, end: int, step: str) -> tuple[int, int]:
    """A span with one end a word further in or out; where there is no further word it stays."""
    if step == "extend-left":
        before = list(_WORD.finditer(text, max(0, start - 500), start))
        return (before[-1].start() if before else start), end
    if step == "extend-right":
        after = _WORD.search(text, end)
        return start, (after.end() if after else end)
    inside = list(_WORD.finditer(text, start, end))
    if len(inside) < 2:
        return start, end
    return (inside[1].start(), end) if step == "shrink-left" else (start, inside[-2].end())


# ------------------------------------------------------------------------------------------- split


@dataclass(slots=True)
class Piece:
    """A part as the form shows it: words as typed, its statement, and the evidence that it gets."""

    words: str
    statement: str = ""
    evidence: list[str] = field(default_factory=list)


@bp.get("/claims/<id>/split")
@requires(Permission.CLAIMS)
def split(id: str) -> Any:
    """A claim in parts: where to cut it, what each part says, and what that would do."""
    spot = _spot(id)
    return _split_page(spot, _cut(spot))


@bp.post("/claims/<id>/split")
@requires(Permission.CLAIMS)
def do_split(id: str) -> Any:
    """Make several claims of one; or, if asked, only show what would be."""
    spot = _spot(id)
    pieces = _typed_pieces()
    if request.form.get("do") == "preview":
        return _split_page(spot, pieces)
    try:
        wanted = _parts(spot, pieces)
        words = Words(
            start=0, end=0, appearance_id=spot.place.id, revision_id=request.form.get("revision_id") or None
        )
        with writing() as session:
            outcome = spans.split(session, id, wanted, by=identity(), version=version(), place=words)
    except REFUSALS as error:
        return _split_page(spot, pieces, Refused("split", "", error, typed()))
    return _done(outcome, f"Split into {len(pieces)} claims.")


def _cuts(spot: Spot) -> set[int]:
    """Where the address cuts the claim."""
    given = [int(at) for at in request.args.getlist("at") if at.isascii() and at.isdigit() and len(at) < 10]
    return set(sorted({at for at in given if spot.place.start < at < spot.place.end})[: spans.MOST_PARTS - 1])


def _gaps(spot: Spot, cuts: set[int]) -> list[tuple[str, bool, list[int]]]:
    """The claim's words: each with whether a part begins at it, and all cuts if it is chosen (0 for none)."""
    found = _WORD.finditer(spot.revision.text, spot.place.start, spot.place.end)
    return [(one[0], one.start() in cuts, sorted(cuts ^ {one.start()}) or [0]) for one in found]


def _cut(spot: Spot) -> list[Piece]:
    """The claim's words, cut before each offset of the address; or where it mostly falls in two."""
    old, text = spot.place, spot.revision.text
    cuts = sorted(_cuts(spot))
    if not cuts and "at" not in request.args:
        middle = (old.start + old.end) // 2
        joints = [match.end() for match in _JOINT.finditer(text, old.start, old.end)]
        cuts = sorted(joints, key=lambda at: abs(at - middle))[:1]
    ends = [old.start, *cuts, old.end]
    held = [piece.id for piece in store.evidence(reading(), spot.claim.id) if piece.withdrawn_at is None]
    found = [Piece(_trimmed(text[a:b]), evidence=held) for a, b in pairwise(ends)]
    if spot.claim.statement.casefold() != " ".join(old.exact.split()).casefold():
        # Words of its own do not follow by themselves: they are to be cut down here.
        found[0].statement = spot.claim.statement
    return found


def _trimmed(words: str) -> str:
    """A part without what only joined it to the next."""
    return re.sub(r"(?:[\s,;:–—]|\b(?:and|but|while|und|et)\b)*\Z", "", words).strip() or words.strip()


def _typed_pieces() -> list[Piece]:
    form = request.form
    found = []
    for number in range(1, spans.MOST_PARTS + 1):
        if f"words-{number}" not in form:
            break
        found.append(
            Piece(_text(f"words-{number}"), _text(f"statement-{number}"), form.getlist(f"evidence-{number}"))
        )
    return found


def _parts(spot: Spot, pieces: Sequence[Piece]) -> list[Part]:
    """The parts as the service takes them: words looked up in the claim first, and then around it."""
    old, text = spot.place, spot.revision.text
    held = [piece.id for piece in store.evidence(reading(), spot.claim.id) if piece.withdrawn_at is None]
    found: list[Part] = []
    after = old.start
    for number, piece in enumerate(pieces, 1):
        try:
            start, end = _found(text, piece.words, after)
        except Invalid as error:
            raise Invalid(f"Part {number}: {error.message}", field=f"words-{number}") from None
        after = end
        found.append(
            Part(
                start=start,
                end=end,
                statement=piece.statement or None,
                evidence=piece.evidence if held else None,
            )
        )
    return found


def _split_page(spot: Spot, pieces: list[Piece], refused: Refused | None = None) -> Any:
    fault: LedgerError | None = refused.error if refused else None
    preview: Preview | None = None
    if len(pieces) > 1:
        try:
            place = Words(start=0, end=0, appearance_id=spot.place.id)
            preview = spans.preview_split(
                reading(), spot.claim.id, _parts(spot, pieces), by=identity(), place=place
            )
        except REFUSALS as error:
            fault = fault or error
    elif request.method == "POST":
        fault = fault or Invalid("Cut the claim somewhere.")
    cuts = _cuts(spot)
    if not cuts and "at" not in request.args and preview:
        cuts = {one.places[0].start for one in preview.after[1:]}
    return render(
        "spans/split.html",
        status=refused.status if refused else 422 if fault else 200,
        spot=spot,
        claim=spot.claim,
        pieces=pieces,
        words=_gaps(spot, cuts),
        preview=preview,
        fault=fault,
        evidence=[one for one in store.evidence(reading(), spot.claim.id) if one.withdrawn_at is None],
        forms=Forms(refused),
        place=_place(),
        most=spans.MOST_PARTS,
    )


# ------------------------------------------------------------------------------------------- merge


@bp.get("/claims/<id>/merge")
@requires(Permission.CLAIMS)
def merge(id: str) -> Any:
    """Another claim that says the same: which one, which of both stays, and what that would do."""
    return _merge_page(id, request.args.get("with"), stays=request.args.get("stays"))


@bp.post("/claims/<id>/merge")
@requires(Permission.CLAIMS)
def do_merge(id: str) -> Any:
    """Take another claim in: the claim of the address is the one that stays."""
    other = request.form.get("other_id", "")
    try:
        with writing() as session:
            outcome = spans.merge(
                session, id, other, by=identity(), version=version(), other_version=_offset("other_version")
            )
    except REFUSALS as error:
        return _merge_page(id, other, stays=id, refused=Refused("merge", "", error, typed()))
    return _done(outcome, "Merged.")


def _merge_page(id: str, other_id: str | None, *, stays: str | None, refused: Refused | None = None) -> Any:
    claim = records.get(reading(), Claim, id)
    other = records.get(reading(), Claim, other_id) if other_id else None
    fault: LedgerError | None = refused.error if refused else None
    preview, pair = None, None
    if other is not None:
        # A signed verdict can't move, so the claim that has one is the one to keep.
        keep_other = stays == other.id or (not stays and bool(other.verdict_id) and not claim.verdict_id)
        pair = (other, claim) if keep_other else (claim, other)
        try:
            preview = spans.preview_merge(reading(), pair[0].id, pair[1].id, by=identity())
        except REFUSALS as error:
            fault = fault or error
    q = request.args.get("q", "").strip()[:200]
    return render(
        "spans/merge.html",
        status=refused.status if refused else 409 if fault else 200,
        claim=claim,
        other=other,
        pair=pair,
        preview=preview,
        fault=fault,
        q=q,
        found=_others(claim, q) if other is None else [],
        forms=Forms(refused),
        place=_place(),
    )


def _others(claim: Claim, q: str) -> list[tuple[str, list[Any]]]:
    """Claims that might be the same, by where they come from."""
    session = reading()
    if q:
        rows, _ = store.listed(session, store.Filters(q=q, below=True), limit=20)
        return [("Found", [row.Claim for row in rows if _may_go(row.Claim, claim)])]
    try:
        alike = parts().matcher.like(session, {claim.id: claim.statement}, k=8)[claim.id]
    except Unavailable:
        alike = []
    seen = {one.claim.id for one in alike}
    here: dict[str, Claim] = {}
    for place in store.appearances(session, claim.id):
        for one, _ in store.of_article(session, place.article_id):
            if _may_go(one, claim) and one.id not in seen:
                here[one.id] = one
    return [
        ("Says the same, or something alike", [one.claim for one in alike]),
        ("In this article", list(here.values())),
    ]


def _may_go(one: Claim, claim: Claim) -> bool:
    return one.id != claim.id and one.status not in ("dismissed", "withdrawn")


# ------------------------------------------------------------------------------------------- others


@bp.app_template_global("taken_in")
def taken_in(claim: Claim) -> list[Claim]:
    """The claims that were merged into this one."""
    return store.taken_in(reading(), claim.id)


@bp.app_template_global("split_off")
def split_off(claim: Claim) -> list[Claim]:
    """The claims that were split off from this one."""
    return reach_store.parts(reading(), claim.id)


def survivor_of(id: str) -> Any:
    """Where a claim's page leads to, if that claim was merged into another; else none."""
    claim = records.get(reading(), Claim, id)
    if claim.merged_into is None or request.args.get("own") == "1":
        return None
    notice(f"“{claim.statement[:200]}” was merged into this claim.", kind="note")
    return go("claims.detail", id=store.survivor(reading(), claim).id)
