"""Feeds for anybody, Atom or JSON Feed: verdicts and corrections, of one open report, of a desk or of all."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for

from ledger import __version__
from ledger.errors import Invalid, NotFound
from ledger.export import feeds as atom
from ledger.export.claimreview import House
from ledger.export.feeds import Entry, Feed
from ledger.models import Article, Desk
from ledger.services import corrections as service
from ledger.services import feeds
from ledger.services.corrections import Corrected, Deed, Where
from ledger.services.feeds import Told
from ledger.store import desks as desks_store
from ledger.ui.report import AGAIN, embedded, missing
from ledger.web.context import reading, same_for_all
from ledger.web.house import house
from ledger.web.paging import read_cursor, write_cursor

bp = Blueprint("feeds", __name__)

DEEDS = {
    Deed.RATED_ANEW: "Corrected",
    Deed.CONFIRMED: "Confirmed",
    Deed.WITHDRAWN: "Withdrawn",
    Deed.RESTORED: "Restored",
    Deed.TAKEN_OUT: "Taken out",
}
_LONGEST_TITLE = 200


@bp.get("/feeds/verdicts.<any(atom, json):shape>")
@same_for_all
def verdicts(shape: str) -> Response:
    """The verdicts of all open reports."""
    return _verdicts(None, shape)


@bp.get("/feeds/corrections.<any(atom, json):shape>")
@same_for_all
def corrections(shape: str) -> Response:
    """The corrections of all open reports, or with `desk` those of one desk."""
    return _corrections(None, shape)


@bp.get("/reports/<id>/verdicts.<any(atom, json):shape>")
@same_for_all
def verdicts_of(id: str, shape: str) -> Response:
    """The verdicts of one open report."""
    return _verdicts(id, shape)


@bp.get("/reports/<id>/corrections.<any(atom, json):shape>")
@same_for_all
def corrections_of(id: str, shape: str) -> Response:
    """The corrections of one open report."""
    return _corrections(id, shape)


def _verdicts(article_id: str | None, shape: str) -> Response:
    here = house()
    try:
        about = feeds.article(reading(), article_id) if article_id else None
        after = read_cursor(request.args.get("after"))
    except (NotFound, Invalid):
        return missing()
    found, following = feeds.verdicts(reading(), article_id=article_id, after=after)
    entries = [_verdict(one, here) for one in found]
    return _written(shape, *_named("Verdicts", about), entries, write_cursor(following))


def _corrections(article_id: str | None, shape: str) -> Response:
    here = house()
    try:
        about = feeds.article(reading(), article_id) if article_id else None
        desk, before = asked_desk(), asked_place()
    except NotFound:
        return missing()
    where = Where(article_id=article_id, desk_id=desk.id if desk else None)
    found, following = service.listed(reading(), where, before=before)
    entries = [_correction(one, here) for one in found]
    title, author = _named("Corrections", about) if about or desk is None else _of_desk(desk)
    return _written(shape, title, author, entries, None if following is None else str(following))


def asked_desk() -> Desk | None:
    """The desk that the address names, if any; NotFound."""
    id = request.args.get("desk")
    if not id:
        return None
    found = next((desk for desk in desks_store.every(reading()) if desk.id == id), None)
    if found is None:
        raise NotFound("There is no such desk.")
    return found


def asked_place() -> int | None:
    """The place in the log that the address names, if any; NotFound."""
    given = request.args.get("after", "")
    if given and not (given.isascii() and given.isdigit() and len(given) <= 15):
        raise NotFound("There is no such page.")
    return int(given) if given else None


def _named(what: str, about: tuple[Article, Desk] | None) -> tuple[str, str]:
    """A feed's title, and the desk that it is of."""
    return (f"{what}: {about[0].title}", about[1].name) if about else (what, "Claim ledger")


def _of_desk(desk: Desk) -> tuple[str, str]:
    return f"Corrections: {desk.name}", desk.name


def _verdict(told: Told, here: House) -> Entry:
    # What no longer fits is told under the same id, so that whoever has it as a finding has it no more.
    label, text, word = told.label, told.rationale, told.status_word
    if told.again:
        again = AGAIN
        label, word = again.label, again.status
        text = "\n".join((again.meaning, *(f"{one}." for one in told.why)))
    return Entry(
        id=told.verdict_id,
        title=_title(label, told.statement),
        url=here.report(told.article_id, told.claim_id),
        author=here.publisher(told.desk).name,
        updated=told.since,
        published=told.settled_at,
        text=text,
        category=(word, label),
        language=told.language,
    )


def _correction(one: Corrected, here: House) -> Entry:
    told = one.correction
    lines = [f"{what}: “{before}” → “{after}”" for what, before, after in told.changes]
    if told.reason:
        lines.append(f"Why: {told.reason}" if lines else told.reason)
    return Entry(
        id=one.id,
        title=_title(DEEDS[told.deed], told.statement),
        url=here.report(one.article_id, told.claim_id),
        author=here.publisher(one.desk).name,
        updated=told.at,
        published=told.at,
        text="\n".join(lines) or DEEDS[told.deed],
        category=(str(told.deed), DEEDS[told.deed]),
    )


def _title(word: str, statement: str) -> str:
    whole = f"{word}: {statement}"
    return whole if len(whole) <= _LONGEST_TITLE else whole[: _LONGEST_TITLE - 1].rstrip() + "…"


def _written(shape: str, title: str, author: str, entries: list[Entry], after: str | None) -> Response:
    here, endpoint = house(), str(request.endpoint)
    values = dict(request.view_args or {})
    if desk := request.args.get("desk"):
        values["desk"] = desk
    first = here.base + url_for(endpoint, **values)
    given = request.args.get("after")
    at_home = (
        f"/reports/{values['id']}"
        if "id" in values
        else "/corrections"
        if "corrections" in endpoint
        else "/method"
    )
    feed = Feed(
        title=title,
        author=here.publisher(author).name,
        site=here.base + at_home,
        first=first,
        page=here.base + url_for(endpoint, **values, after=given) if given else first,
        next_page=here.base + url_for(endpoint, **values, after=after) if after else None,
        entries=entries,
    )
    if shape == "json":
        response = Response(atom.written_json(feed), content_type=atom.JSON_TYPE)
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        response = Response(atom.written(feed, __version__), mimetype=atom.MEDIA_TYPE)
    response.last_modified = _newest(entries)
    return embedded(response, public=True)


def _newest(entries: list[Entry]) -> datetime | None:
    return max((entry.updated for entry in entries), default=None)
