"""What the lists of the desk can be narrowed by, with counts."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.schemas.facets import FacetQuery, FacetsOut
from ledger.services import search
from ledger.services.search import Search
from ledger.web.context import identity, requires, session

bp = Noun("facets", __name__, prefix="/facets", about="What the lists of the desk can be narrowed by.")


@bp.get("/claims")
@requires(Permission.READ)
@bp.arguments(FacetQuery, location="query")
@bp.answers(200, FacetsOut)
def count_claims(query: dict[str, Any]) -> Response:
    """Count the claims of a search by status, kind, rating, person, publisher, tag, age and due"""
    return _counted(search.claims(session(), query["search"], by=identity()))


@bp.get("/articles")
@requires(Permission.READ)
@bp.arguments(FacetQuery, location="query")
@bp.answers(200, FacetsOut)
def count_articles(query: dict[str, Any]) -> Response:
    """Count the articles of a search by state, due, person, desk, publisher and tag"""
    return _counted(search.articles(session(), query["search"], by=identity()))


def _counted(found: Search) -> Response:
    if found.troubles:
        raise Invalid(" ".join(trouble.message for trouble in found.troubles), field="search")
    facets = search.facets(session(), found)
    total = search.total(session(), found)
    shown = {"total": total, "more": total.more, "counts": facets.counts, "capped": facets.capped}
    return reply(FacetsOut, shown)
