"""Articles: bringing one in, reading it with its claims marked, correcting what is said about it."""

from typing import Any

from flask import Blueprint, redirect, request, url_for

from claims import Quote, locate
from claims.errors import Ambiguous
from ledger.auth.identity import Permission
from ledger.errors import FetchFailed, Invalid, LedgerError, TooLarge, Unreadable
from ledger.models import Article
from ledger.services import articles, labels
from ledger.services import detection as detect_again
from ledger.store import articles as store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.ui import listing, workspace
from ledger.ui.forms import REFUSALS, Form, Forms, Refused, chosen, typed
from ledger.ui.pages import go, in_place, notice, render, version, writing
from ledger.ui.words import KINDS
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("articles", __name__)

_GIVEN = ("title", "byline", "publisher", "published", "desk_id")


@bp.get("/articles")
@requires(Permission.READ)
def index() -> Any:
    """Articles are listed on the desk."""
    return redirect(url_for("home.index"))


@bp.get("/articles/new")
@requires(Permission.ARTICLES)
def new() -> Any:
    """The form for an article."""
    return render("articles/new.html", form=Form({}), desks=desks_store.every(reading()))


@bp.post("/articles/new")
@requires(Permission.ARTICLES)
def add() -> Any:
    """Read, find claims, store."""
    try:
        draft = given_draft()
        details = {name: value for name, value in chosen(*_GIVEN).items() if value.strip()}
        with writing() as session:
            added = articles.add(session, draft, by=identity(), details=details)
    except (*REFUSALS, Unreadable, TooLarge, FetchFailed) as error:
        return _new_refused(error)
    article = added.article
    if not added.created:
        notice("This very text is in the ledger already: here it is.", kind="note")
    elif added.later:
        notice("The article is in the ledger. Its claims are looked for now.", kind="note")
    elif added.candidates:
        found = "1 candidate was" if added.candidates == 1 else f"{added.candidates} candidates were"
        notice(f"{found} found. Accept what is worth checking, dismiss the rest.")
    else:
        notice("Nothing checkable was found. Select words in the text to make a claim of them.", kind="note")
    return go("articles.detail", id=article.id)


def _new_refused(error: LedgerError) -> Any:
    known = ("text", "file", "url", *_GIVEN)
    form = Refused("new", "", error, typed()).form(dict.fromkeys(known), None)
    if isinstance(error, FetchFailed) and not form.errors:
        form.errors, form.message = {"url": error.message}, None
    return render("articles/new.html", form=form, desks=desks_store.every(reading()), status=422)


def given_draft() -> articles.Draft:
    """What the form gives: a text, a file or an address, and only one of them."""
    text, url = request.form.get("text", ""), request.form.get("url", "").strip()
    file = request.files.get("file")
    given = [
        name
        for name, there in (("text", text.strip()), ("file", file and file.filename), ("url", url))
        if there
    ]
    if not given:
        raise Invalid("Paste the text, choose a file or give an address.", field="text")
    if len(given) > 1:
        raise Invalid("Give only one: a text, a file or an address.", field=given[-1])
    limits = parts().reading
    if url:
        return articles.prepare_url(parts().fetcher, url, **limits)
    if file and file.filename:
        return articles.prepare(
            file.read(),
            filename=file.filename,
            media_type=None if file.mimetype == "application/octet-stream" else file.mimetype,
            source="file",
            **limits,
        )
    return articles.prepare(text, **limits)


@bp.get("/articles/<id>")
@requires(Permission.READ)
def detail(id: str) -> Any:
    """The workspace of an article."""
    return workspace.page_of(id)


@bp.post("/articles/<id>")
@requires(Permission.ARTICLES)
def describe(id: str) -> Any:
    """Correct what is said about an article."""
    try:
        details = _details(records.get(reading(), Article, id))
        with writing() as session:
            articles.describe(session, id, by=identity(), version=version(), details=details)
    except REFUSALS as error:
        return workspace.page_of(id, Refused("describe", "", error, typed()))
    notice("The details are saved.")
    return go("articles.detail", id=id)


def _details(article: Article) -> dict[str, Any]:
    """What the form says of an article. A date that was left alone keeps its time of the day."""
    details = chosen(*workspace.DETAILS)
    if details.get("due_at") == listing.iso_day(article.due_at):
        del details["due_at"]
    elif "due_at" in details:
        details["due_at"] = labels.due(details["due_at"], listing.zone())
    return details


@bp.post("/articles/<id>/detection")
@requires(Permission.ARTICLES)
def detect(id: str) -> Any:
    """Have the claims looked for again, in the background."""
    with writing() as session:
        detect_again.ask(session, id, by=identity())
    notice("The claims are looked for again. What people have decided stays as it is.", kind="note")
    return go("articles.detail", id=id, _anchor="detection")


@bp.get("/articles/<id>/detection")
@requires(Permission.READ)
def detection(id: str) -> Any:
    """For htmx: how far the looking for claims is."""
    article = records.get(reading(), Article, id)
    if not in_place():
        return go("articles.detail", id=id, _anchor="detection")
    looking = detect_again.newest(reading(), id)
    return render("articles/_detection.html", article=article, looking=looking)


@bp.get("/articles/<id>/claims/new")
@requires(Permission.CLAIMS)
def select(id: str) -> Any:
    """The form for a claim on selected words: by their offsets, or without a script by the words."""
    return select_page(id)


def select_page(id: str, refused: Refused | None = None) -> Any:
    """The form for a claim on selected words."""
    article = records.get(reading(), Article, id)
    revision = store.current_revision(reading(), article)
    values = refused.typed if refused else request.args
    start, end, fault = _place(revision.text, values)
    spot = None
    if start is not None and end is not None:
        spot = (
            revision.text[max(0, start - 200) : start],
            revision.text[start:end],
            revision.text[end : end + 200],
        )
    return render(
        "articles/select.html",
        status=refused.status if refused else 422 if fault else 200,
        article=article,
        revision=revision,
        start=start,
        end=end,
        spot=spot,
        fault=fault,
        words=values.get("words", ""),
        forms=Forms(refused),
        KINDS=KINDS,
    )


def _place(text: str, values: Any) -> tuple[int | None, int | None, str | None]:
    """Where the selected words stand, by offsets or by the words themselves; or what is wrong."""
    words = str(values.get("words") or "").replace("\r\n", "\n").strip()
    try:
        start, end = int(values.get("start") or -1), int(values.get("end") or -1)
    except ValueError:
        return None, None, "Reload the article and select the words again."
    if 0 <= start < end <= len(text):
        return start, end, None
    if not words:
        return None, None, None
    try:
        found = locate(text, Quote(words))
    except Ambiguous:
        return None, None, "These words stand in several places. Add the words before or after them."
    if found is None:
        return None, None, "These words do not stand in the text, not exactly so. Copy them from it."
    return found.start, found.end, None
