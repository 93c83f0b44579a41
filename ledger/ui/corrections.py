"""Corrections for anybody: all of them, or those of one desk, page by page."""

from flask import Blueprint, Response, make_response, render_template

from ledger.errors import NotFound
from ledger.models import Article
from ledger.services import corrections
from ledger.services.corrections import Corrected, Where
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.ui.feeds import asked_desk, asked_place
from ledger.ui.report import embedded, missing
from ledger.web.context import reading, same_for_all
from ledger.web.house import house

bp = Blueprint("corrections", __name__)

_ON_A_PAGE = 25


@bp.get("/corrections")
@same_for_all
def show() -> Response:
    """What open reports have corrected, newest first."""
    try:
        desk, before = asked_desk(), asked_place()
    except NotFound:
        return missing()
    where = Where(desk_id=desk.id if desk else None)
    found, following = corrections.listed(reading(), where, before=before, limit=_ON_A_PAGE)
    desks = desks_store.every(reading())
    named = desk or desks_store.get(reading(), None)
    html = render_template(
        "report/corrections.html",
        found=found,
        titles=_titles(found),
        desk=desk,
        desks=desks if len(desks) > 1 else [],
        publisher=house().publisher(named.name).name,
        older=following,
        first=before is None,
    )
    response = make_response(html)
    response.last_modified = max((one.correction.at for one in found), default=None)
    return embedded(response, public=True)


def _titles(found: list[Corrected]) -> dict[str, str]:
    ids = {id for one in found for id in one.articles}
    return {id: records.get(reading(), Article, id).title for id in ids}
