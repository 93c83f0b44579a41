"""Feeds for anybody: verdicts and corrections, of one article's open report or of all."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for

from ledger import __version__
from ledger.errors import Invalid, NotFound
from ledger.export import feeds as atom
from ledger.export.claimreview import House
from ledger.export.feeds import Entry, Feed
from ledger.models import Article, Desk
from ledger.services import feeds
from ledger.services.feeds import Corrected, Told
from ledger.services.reports import Deed
from ledger.ui.report import embedded, missing
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


@bp.get("/feeds/verdicts.atom")
@same_for_all
def verdicts() -> Response:
    """The verdicts of all open reports."""
    return _verdicts(None)


@bp.get("/feeds/corrections.atom")
@same_for_all
def corrections() -> Response:
    """The corrections of all open reports."""
    return _corrections(None)


@bp.get("/reports/<id>/verdicts.atom")
@same_for_all
def verdicts_of(id: str) -> Response:
    """The verdicts of one open report."""
    return _verdicts(id)


@bp.get("/reports/<id>/corrections.atom")
@same_for_all
def corrections_of(id: str) -> Response:
    """The corrections of one open report."""
    return _corrections(id)


def _verdicts(article_id: str | None) -> Response:
    here = house()
    try:
        about = feeds.article(reading(), article_id) if article_id else None
        after = read_cursor(request.args.get("after"))
    except (NotFound, Invalid):
        return missing()
    found, following = feeds.verdicts(reading(), article_id=article_id, after=after)
    entries = [_verdict(one, here) for one in found]
    return _written("Verdicts", about, entries, write_cursor(following))


def _corrections(article_id: str | None) -> Response:
    here = house()
    try:
        about = feeds.article(reading(), article_id) if article_id else None
    except NotFound:
        return missing()
    given = request.args.get("after", "")
    if given and not (given.isascii() and given.isdigit() and len(given) <= 15):
        return missing()
    found, following = feeds.corrections(
        reading(), article_id=article_id, before=int(given) if given else None
    )
    entries = [_correction(one, here) for one in found]
    return _written("Corrections", about, entries, None if following is None else str(following))


def _verdict(told: Told, here: House) -> Entry:
    return Entry(
        id=told.verdict_id,
        title=_title(told.label, told.statement),
        url=here.report(told.article_id, told.claim_id),
        author=here.publisher(told.desk).name,
        updated=told.since,
        published=told.settled_at,
        text=told.rationale,
        category=(told.status_word, told.label),
        language=told.language,
    )


def _correction(one: Corrected, here: House) -> Entry:
    told = one.correction
    lines = [f"{what}: “{before}” → “{after}”" for what, before, after in told.changes]
    if told.note and told.deed is Deed.WITHDRAWN:
        lines.append(told.note)
    return Entry(
        id=atom.entry_id(one.event_id, told.deed),
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


def _written(
    what: str, about: tuple[Article, Desk] | None, entries: list[Entry], after: str | None
) -> Response:
    here, endpoint, values = house(), str(request.endpoint), dict(request.view_args or {})
    first = here.base + url_for(endpoint, **values)
    given = request.args.get("after")
    feed = Feed(
        title=f"{what}: {about[0].title}" if about else what,
        author=here.publisher(about[1].name if about else "Claim ledger").name,
        site=here.base + (f"/reports/{values['id']}" if values else "/method"),
        first=first,
        page=here.base + url_for(endpoint, **values, after=given) if given else first,
        next_page=here.base + url_for(endpoint, **values, after=after) if after else None,
        entries=entries,
    )
    response = Response(atom.written(feed, __version__), mimetype=atom.MEDIA_TYPE)
    response.last_modified = _newest(entries)
    return embedded(response, public=True)


def _newest(entries: list[Entry]) -> datetime | None:
    return max((entry.updated for entry in entries), default=None)
