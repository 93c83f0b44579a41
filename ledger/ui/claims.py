"""Claims: the list, one with all that belongs to it, and what people do to it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlmodel import Session

from ledger.auth.identity import Permission
from ledger.errors import Invalid, LedgerError, NotFound, Outdated
from ledger.ids import is_id
from ledger.models import Article
from ledger.services import claims
from ledger.store import claims as store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.ui import articles, claim_parts
from ledger.ui.context import asked
from ledger.ui.forms import REFUSALS, Refused, chosen, typed
from ledger.ui.pages import PAGE, Paging, go, in_place, notice, render, version, writing
from ledger.ui.words import KINDS, STATUSES
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("claims", __name__)

WORDS = ("statement", "kind", "claimant")


@bp.get("/claims")
@requires(Permission.READ)
def index() -> Any:
    """All claims, narrowed as the address says."""
    by_worth = request.args.get("order") == "worth"
    paging, filters = Paging(by_worth=by_worth), filters_asked()
    rows, further = store.listed(
        reading(), filters, after=paging.after, before=paging.before, limit=PAGE, by_worth=by_worth
    )
    if paging.before and len(rows) < PAGE:
        return go("claims.index", **asked() | {"before": None})
    paging.note(rows, further)
    found = [row.Claim for row in rows]
    article = records.get(reading(), Article, filters.article_id) if filters.article_id else None
    return render(
        "claims/index.html",
        part="claims/_list.html",
        claims=found,
        places=store.first_places(reading(), [claim.id for claim in found]),
        names=store.names(reading(), {claim.assignee_id for claim in found}),
        counts=store.counts(reading(), filters_asked(but_status=True)),
        filters=filters,
        mine=request.args.get("mine") == "1",
        article=article,
        paging=paging,
        by_worth=by_worth,
        desks=desks_store.every(reading()),
    )


def filters_asked(*, but_status: bool = False) -> store.Filters:
    """What the address narrows the list to; words that are no status or kind are left out."""
    args = request.args
    article_id, desk_id = args.get("article") or None, args.get("desk") or None
    if article_id and not is_id(article_id):
        raise NotFound("There is no such article.")
    if desk_id and not is_id(desk_id):
        raise NotFound("There is no such desk.")
    return store.Filters(
        status=() if but_status else tuple(s for s in args.getlist("status") if s in STATUSES),
        kind=tuple(k for k in args.getlist("kind") if k in KINDS),
        article_id=article_id,
        assignee_id=identity().account_id if args.get("mine") == "1" else None,
        q=args.get("q", "").strip()[:200] or None,
        worth_from=_share(args.get("worth")),
        below=args.get("below") == "1",
        desk_id=desk_id,
    )


def _share(text: str | None) -> float | None:
    """A number from 0 to 1, or None for what is none."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


@bp.get("/claims.csv")
@requires(Permission.READ)
def export() -> Response:
    """The list as a file for a spreadsheet, with the same filters."""
    from ledger.services import exports

    filters, settings = filters_asked(), parts().settings
    base = settings.base_url.rstrip("/") or request.url_root.rstrip("/")
    lines = exports.claims_csv(parts().database, filters, base_url=base, bom=True)
    return Response(
        lines,
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="claims.csv"', "X-Accel-Buffering": "no"},
    )


@bp.get("/claims/<id>")
@requires(Permission.READ)
def detail(id: str) -> Any:
    """One claim with its words, evidence, verdicts and history."""
    return page_of(id)


def page_of(id: str, refused: Refused | None = None) -> Any:
    """The page of a claim; `refused` is the form on it that was sent and not taken."""
    return render(
        "claims/detail.html",
        part="claims/_detail.html",
        status=refused.status if refused else 200,
        **claim_parts.shown(id, refused),
    )


@bp.post("/articles/<id>/claims")
@requires(Permission.CLAIMS)
def add(id: str) -> Any:
    """A claim on words that somebody selected."""
    sent = request.form
    try:
        start, end = _offset("start"), _offset("end")
        with writing() as session:
            claim = claims.add(
                session, id, by=identity(), start=start, end=end,
                exact=sent.get("exact", "").replace("\r\n", "\n") or None,
                revision_id=sent.get("revision_id") or None,
                statement=sent.get("statement"), kind=sent.get("kind") or None, claimant=sent.get("claimant"),
            )  # fmt: skip
    except REFUSALS as error:
        if there := error.facts.get("claim"):
            notice("There is already a claim on exactly these words: here it is.", kind="note")
            return go("claims.detail", id=there)
        return articles.select_page(id, Refused("new", "", error, typed()))
    notice("The claim is in the ledger, unchecked.")
    return go("articles.detail", id=id, _anchor=f"c-{claim.id}")


def _offset(name: str) -> int:
    given = request.form.get(name, "")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid("Select the words again.", field="start")
    return int(given)


@bp.post("/claims/<id>/accept")
@requires(Permission.CLAIMS)
def accept(id: str) -> Any:
    """Make a candidate a claim to be checked."""
    return act(id, "accept", lambda s: claims.accept(s, id, by=identity(), version=version()))


@bp.post("/claims/<id>/dismiss")
@requires(Permission.CLAIMS)
def dismiss(id: str) -> Any:
    """Put a candidate aside."""
    reason = request.form.get("reason")
    return act(
        id,
        "dismiss",
        lambda s: claims.dismiss(s, id, by=identity(), version=version(), reason=reason),
        done="Dismissed.",
        undo="claims.reopen",
    )


@bp.post("/claims/<id>/reopen")
@requires(Permission.CLAIMS)
def reopen(id: str) -> Any:
    """Undo a dismissal, an acceptance or a withdrawal."""
    return act(
        id, "reopen", lambda s: claims.reopen(s, id, by=identity(), version=version()), done="Reopened."
    )


@bp.post("/claims/<id>/reword")
@requires(Permission.CLAIMS)
def reword(id: str) -> Any:
    """Edit statement, kind or claimant."""
    return act(
        id,
        "reword",
        lambda s: claims.reword(s, id, by=identity(), version=version(), details=chosen(*WORDS)),
        done="Saved.",
    )


@bp.post("/claims/<id>/assign")
@requires(Permission.CLAIMS)
def assign(id: str) -> Any:
    """Take a claim, hand it over, or lay it down."""
    to = request.form.get("to", "")
    person = identity().account_id if to == "me" else to or None
    done = "You have this claim now." if to == "me" else "Handed over." if to else "Laid down."
    return act(
        id, "assign", lambda s: claims.assign(s, id, by=identity(), version=version(), to=person), done=done
    )


@bp.post("/claims/<id>/withdraw")
@requires(Permission.WITHDRAW)
def withdraw(id: str) -> Any:
    """Say publicly that a claim is not to be relied on any more."""
    note = request.form.get("note", "")
    return act(
        id,
        "withdraw",
        lambda s: claims.withdraw(s, id, by=identity(), version=version(), note=note),
        done="Withdrawn.",
    )


def act(
    id: str,
    name: str,
    change: Callable[[Session], Any],
    *,
    done: str | None = None,
    undo: str | None = None,
    key: str = "",
) -> Any:
    """Make a change to a claim, and answer with where it was made: its page, or a list of an article."""
    article_id = request.args.get("article")
    try:
        with writing() as session:
            changed = change(session)
    except REFUSALS as error:
        refused = Refused(name, key, error, typed())
        if not article_id:
            return page_of(id, refused)
        if in_place():
            notice(_said(error), kind="bad")
            return articles.item_of(article_id, id, refused)
        # A button holds no typing that could be lost; the claim's page tells what stands now.
        return page_of(id, refused)
    if article_id and in_place():
        return articles.item_of(article_id, id)
    if done:
        button = (
            ("Undo", url_for(undo, id=id, article=article_id), {"version": changed.version}) if undo else None
        )
        notice(done, undo=button)
    if article_id:
        kept = {name: values for name, values in asked().items() if name in ("status", "dismissed")}
        return go("articles.detail", id=article_id, **kept, _anchor=f"c-{id}")
    return go("claims.detail", id=id)


def _said(error: LedgerError) -> str:
    if isinstance(error, Outdated):
        return "Somebody changed this claim meanwhile. This is how it stands now."
    return error.message
