"""New texts of an article: seen before they are stored, compared, and what waits in them dealt with."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, request, url_for
from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

import claims as finder
from ledger.auth.identity import Permission
from ledger.errors import Conflict, FetchFailed, Invalid, LedgerError, TooLarge, Unreadable
from ledger.models import Appearance, Article, Claim, Revision
from ledger.services import articles, comparisons, placing, revisions
from ledger.services import claims as claims_service
from ledger.services import detection as detect_again
from ledger.services.changes import expect
from ledger.services.comparisons import Comparison, Entry
from ledger.store import claims as claims_store
from ledger.store import records
from ledger.store import revisions as store
from ledger.ui import redlines
from ledger.ui.articles import given_draft
from ledger.ui.forms import REFUSALS, Form, Forms, Refused, typed
from ledger.ui.pages import go, notice, render, version, writing
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("revisions", __name__)

LIST = 100
VIEWS = ("inline", "side")
OUTCOMES = {
    "changed": ("pen-line", "Changed", "Other words stand in their place"),
    "ambiguous": ("copy", "In several places", "The same words, or words like them, stand in several places"),
    "orphaned": ("ban", "Gone", "The words do not stand in the new text"),
    "moved": ("chevron-right", "Moved", "The very words stand in another place"),
    "same": ("check", "As before", "The very words stand in the same place"),
    "new": ("plus", "New", "It came in with the new text"),
}
NARROWED = {
    "recheck": "To re-check",
    **{name: label for name, (_, label, _) in OUTCOMES.items()},
    "dropped": "Nobody's work",
}
_NOUNS = ("text", "file", "url", "note")


# ----------------------------------------------------------------------------------- bringing one in


@bp.get("/articles/<id>/revisions")
@requires(Permission.READ)
def index(id: str) -> Any:
    """The texts that an article has had, and the form for a new one."""
    return _index(id, Form({}))


def _index(id: str, form: Form, *, status: int = 200) -> Any:
    article = records.get(reading(), Article, id)
    found = store.listed(reading(), id, limit=LIST)
    return render(
        "revisions/index.html",
        status=status,
        article=article,
        listed=found,
        tally={one.number: comparisons.tally(one) for one in found},
        names=claims_store.names(reading(), [one.created_by for one in found]),
        form=form,
        OUTCOMES=OUTCOMES,
    )


@bp.post("/articles/<id>/revisions")
@requires(Permission.ARTICLES)
def add(id: str) -> Any:
    """Show what a new text would do; and once that was seen, store it."""
    try:
        if "draft" in request.form:
            return _store(id)
        article = records.get(reading(), Article, id)
        draft = _fetched(article) if request.form.get("do") == "refetch" else given_draft()
        compared = comparisons.of_draft(reading(), id, draft)
    except (*REFUSALS, Unreadable, TooLarge, FetchFailed) as error:
        return _refused(id, error)
    if compared is None:
        notice("This is the text that the article has already.", kind="note")
        return go("revisions.index", id=id)
    return _preview(compared, draft)


def _fetched(article: Article) -> articles.Draft:
    if not article.url:
        raise Invalid("The article has no address: give one, or paste the text.", field="url")
    return articles.prepare_url(parts().fetcher, article.url, **parts().reading)


def _refused(id: str, error: LedgerError) -> Any:
    form = Refused("new", "", error, typed()).form(dict.fromkeys(_NOUNS), None)
    if isinstance(error, FetchFailed) and not form.errors:
        form.errors, form.message = {"url": error.message}, None
    return _index(id, form, status=422)


def _preview(compared: Comparison, draft: articles.Draft) -> Any:
    added = comparisons.found_anew(reading(), compared.article, draft, compared.entries)
    return _page(compared, preview=_sealed(compared, draft), added=None if draft.detector is None else added)


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="revision")


def _sealed(compared: Comparison, draft: articles.Draft) -> dict[str, Any]:
    """What the form sends back to have just this text stored: nobody can put another in its place."""
    document = draft.document
    kept = {
        "article": compared.article.id,
        "after": compared.article.revision_id,
        "text": document.text,
        "blocks": [[str(b.kind), b.span.start, b.span.end] for b in document.blocks],
        "more": [document.title, document.language, document.media_type, document.direction],
        "source": [draft.source, draft.filename, draft.url],
    }
    return {"draft": _sealer().dumps(kept), "note": request.form.get("note", "")}


def _store(id: str) -> Any:
    try:
        kept = _sealer().loads(request.form["draft"])
    except BadData:
        raise Invalid("The text was not sent whole: give it again.", field="text") from None
    if kept["article"] != id:
        raise Invalid("This is a text for another article: give it again.", field="text")
    draft = _opened(kept)
    article = records.get(reading(), Article, id)
    if article.revision_id != kept["after"]:
        raise Conflict("The article has got another text meanwhile: look at what this one would do now.")
    # What takes long, before anybody has to wait for this: `add` finds it done.
    revisions.preview(reading(), id, draft)
    with writing() as session:
        article = records.get(session, Article, id)
        if article.revision_id != kept["after"]:
            raise Conflict("The article has got another text meanwhile: look at what this one would do now.")
        added = revisions.add(session, id, draft, by=identity(), note=request.form.get("note") or None)
        number = added.revision.number
    notice(f"Revision {number} is in the ledger.", kind="note")
    return go("revisions.compare", id=id)


def _opened(kept: dict[str, Any]) -> articles.Draft:
    title, language, media_type, direction = kept["more"]
    source, filename, url = kept["source"]
    document = finder.Document(
        text=kept["text"],
        blocks=tuple(
            finder.Block(finder.BlockKind(kind), finder.Span(start, end))
            for kind, start, end in kept["blocks"]
        ),
        title=title,
        language=language,
        url=url,
        media_type=media_type,
        direction=direction,
    )
    limits = {name: value for name, value in parts().reading.items() if name in ("detector", "floor")}
    return articles.drafted(document, source=source, filename=filename, url=url, **limits)


# --------------------------------------------------------------------------------------- comparing


@bp.get("/articles/<id>/revisions/compare")
@requires(Permission.READ)
def compare(id: str) -> Any:
    """Two texts of an article, by word, and what became of each claim: what must be looked at again."""
    return _compare(id)


def _compare(id: str, refused: Refused | None = None) -> Any:
    newest = store.newest_number(reading(), records.get(reading(), Article, id).id)
    if newest == 1:
        return go("revisions.index", id=id)
    last = _number("to") or newest
    first = _number("from") or last - 1
    if first > last:
        return go("revisions.compare", id=id, **{**_asked(), "from": last, "to": first})
    if first == last:
        first, last = (first, first + 1) if first == 1 else (first - 1, first)
    return _page(comparisons.of_numbers(reading(), id, max(first, 1), last), refused)


def _number(name: str) -> int | None:
    given = request.args.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _asked() -> dict[str, Any]:
    """How the page is shown, so that a deed leaves it so."""
    view, show = request.args.get("view"), request.args.get("show")
    kept: dict[str, Any] = {"from": _number("from"), "to": _number("to")}
    kept["view"] = view if view in VIEWS else None
    kept["show"] = show if show in (*NARROWED, "all") else None
    return {name: value for name, value in kept.items() if value is not None}


def _page(
    compared: Comparison,
    refused: Refused | None = None,
    *,
    preview: dict[str, Any] | None = None,
    added: int | None = None,
) -> Any:
    asked = _asked()
    show = asked.get("show")
    came = redlines.came(compared)
    shown = [one for one in compared.entries if _is_shown(one, show, came, preview)]
    whole = show == "all"
    side = asked.get("view") == "side"
    return render(
        "revisions/compare.html",
        status=refused.status if refused else 200,
        article=compared.article,
        compared=compared,
        again=[one for one in compared.entries if _again(one, preview)],
        moved=[one for one in compared.entries if one.outcome == "moved" and one.carried and not one.dropped],
        came=came,
        tray=redlines.without_row(compared, shown),
        stretches=redlines.stretches(compared, shown, whole=whole, side=side),
        numbers=range(store.newest_number(reading(), compared.article.id), 0, -1)[:LIST],
        looking=detect_again.newest(reading(), compared.article.id) if compared.newest else None,
        acts=compared.newest and preview is None,
        preview=preview,
        added=added,
        side=side,
        show=show,
        asked=asked,
        forms=Forms(refused),
        around=_around(compared),
        anchor=redlines.anchor,
        OUTCOMES=OUTCOMES,
        NARROWED=NARROWED,
    )


def _again(one: Entry, preview: dict[str, Any] | None) -> bool:
    """Whether an entry is to be re-checked, or would be."""
    return not one.carried and not one.dropped if preview else one.recheck


def _is_shown(one: Entry, show: str | None, came: list[Entry], preview: dict[str, Any] | None) -> bool:
    if show == "all":
        return True
    if show == "recheck":
        return _again(one, preview)
    if show:
        return one.shown_as(show)
    if one.outcome == "new":
        return one in came
    return not one.dropped and (one.outcome != "same" or _again(one, preview))


def _around(compared: Comparison) -> Callable[[tuple[int, int]], tuple[str, str, str]]:
    """Some words before a place of the later text, its own, and some behind it."""
    text = compared.after.text

    def cut(place: tuple[int, int]) -> tuple[str, str, str]:
        start, end = place
        return text[max(0, start - 60) : start], text[start:end], text[end : end + 60]

    return cut


# ----------------------------------------------------------------------------------- what is said


@bp.post("/appearances/<id>/place")
@requires(Permission.CLAIMS)
def place(id: str) -> Any:
    """Say that a claim's words stand here."""
    return _deed(
        id, "place",
        lambda s: placing.place(s, id, by=identity(), version=version(), **_chosen(required=True)),
        "Placed.",
    )  # fmt: skip


@bp.post("/appearances/<id>/cut")
@requires(Permission.CLAIMS)
def cut(id: str) -> Any:
    """Confirm that the article says this no more."""
    return _deed(
        id, "cut", lambda s: placing.cut(s, id, by=identity(), version=version()), "Confirmed: it was cut."
    )


@bp.post("/appearances/<id>/uncut")
@requires(Permission.CLAIMS)
def uncut(id: str) -> Any:
    """Take back that the words were cut."""
    return _deed(
        id,
        "uncut",
        lambda s: placing.stands_again(s, id, by=identity(), version=version()),
        "It waits again.",
    )


@bp.post("/appearances/<id>/holds")
@requires(Permission.SIGN)
def holds(id: str) -> Any:
    """Sign that the verdict holds as the words stand now."""
    note = request.form.get("note", "")
    return _deed(
        id, "holds",
        lambda s: placing.holds(
            s, id, by=identity(), version=version(), claim_version=version("claim_version"),
            policy=parts().policy, note=note, **_chosen(required=False),
        ),
        "Signed: the verdict holds.",
    )  # fmt: skip


@bp.post("/appearances/<id>/take")
@requires(Permission.CLAIMS)
def take(id: str) -> Any:
    """Take the claim, to check it again."""

    def taken(session: Session) -> None:
        there = records.get(session, Appearance, id)
        expect(there, version())
        claim = records.get(session, Claim, there.claim_id)
        claims_service.assign(
            session, claim.id, by=identity(), version=claim.version, to=identity().account_id
        )

    return _deed(id, "take", taken, "You have this claim now.")


def _chosen(*, required: bool) -> dict[str, Any]:
    """The place that the form names: `start-end` in the current text, and which text that is."""
    start, _, end = request.form.get("at", "").partition("-")
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in (start, end)):
        if required:
            raise Invalid("Choose the place where the words stand now.", field="at")
        return {}
    return {
        "start": int(start),
        "end": int(end),
        "revision_id": request.form.get("revision_id") or None,
    }


def _deed(id: str, name: str, change: Callable[[Session], Any], done: str) -> Any:
    there = records.get(reading(), Appearance, id)
    article_id = there.article_id
    try:
        with writing() as session:
            change(session)
    except REFUSALS as error:
        refused = Refused(name, id, error, typed())
        newest = store.newest_number(reading(), article_id)
        if newest == 1:
            raise
        return _compare(article_id, refused)
    notice(done, stay=True)
    return go("revisions.compare", id=article_id, **_asked(), _anchor=f"a-{id}")


# ---------------------------------------------------------------------------------- other pages


@bp.app_template_global("waiting_in")
def waiting_in(article_id: str) -> list[tuple[Any, Any]]:
    """The claims of an article whose words wait for a person, with their places."""
    return store.waiting(reading(), article_id)


@bp.app_template_global("revision_number")
def revision_number(id: str) -> int:
    """A revision's number."""
    return records.get(reading(), Revision, id).number


@bp.app_template_global("compare_address")
def compare_address(article_id: str, appearance_id: str | None = None) -> str:
    """Where what became of an article's claims is told."""
    anchor = f"a-{appearance_id}" if appearance_id else None
    return url_for("revisions.compare", id=article_id, _anchor=anchor)
