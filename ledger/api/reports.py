"""The public report of an article: whether it is open, what it tells programs, opening and closing it."""

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.models import Article, Claim
from ledger.schemas.articles import ArticleOut
from ledger.schemas.reports import ClaimReportOut, ReportOut
from ledger.services import reports
from ledger.services.reports import Standing
from ledger.store import claims as claims_store
from ledger.store import records
from ledger.web.context import identity, requires, session
from ledger.web.house import base, house

bp = Noun("reports", __name__, about="What readers are told of an article and its claims.")


def _whole(id: str) -> Response:
    report = reports.preview(session(), id)
    shown = {
        "since": report.since,
        "url": f"{base()}/reports/{id}",
        "settled": report.count(Standing.SETTLED),
        "open": report.count(Standing.OPEN),
        "again": report.count(Standing.AGAIN),
        "withdrawn": report.count(Standing.WITHDRAWN),
        "corrections": len(report.corrections),
        "claim_reviews": reports.claim_reviews(report, house()),
    }
    return reply(ReportOut, shown, version=report.article.version)


@bp.get("/articles/<id>/report")
@requires(Permission.READ)
@bp.answers(200, ReportOut)
def show_report(id: str) -> Response:
    """Show an article's report: whether it is open, and the ClaimReview of each settled claim"""
    return _whole(id)


@bp.put("/articles/<id>/report")
@requires(Permission.PUBLISH)
@bp.edits(ArticleOut, Article)
@bp.answers(200, ReportOut)
def open_report(id: str, version: int) -> Response:
    """Open an article's report to anybody

    Name the article's version in If-Match, as `GET` of the report gives it. Opened twice is opened once.
    """
    reports.publish(session(), id, by=identity(), version=version)
    return _whole(id)


@bp.delete("/articles/<id>/report")
@requires(Permission.PUBLISH)
@bp.edits(ArticleOut, Article)
@bp.answers(200, ReportOut)
def close_report(id: str, version: int) -> Response:
    """Close an article's report

    Nothing in the ledger changes by it, and its corrections are told again when it is opened again.
    """
    reports.unpublish(session(), id, by=identity(), version=version)
    return _whole(id)


@bp.get("/claims/<id>/report")
@requires(Permission.READ)
@bp.answers(200, ClaimReportOut)
def show_claim_report(id: str) -> Response:
    """Show what readers are told of a claim, and where its badge and its card are

    A claim that was merged into another is answered for by that one.
    """
    claim = claims_store.survivor(session(), records.get(session(), Claim, id))
    told, here = reports.of_claim(session(), claim.id), f"{base()}/claims/{claim.id}"
    shown = {
        "public": told is not None,
        "standing": told and told.standing,
        "article_id": told and told.article.id,
        "url": told and f"{base()}/reports/{told.article.id}#claim-{claim.id}",
        "badge": f"{here}/badge.svg",
        "card": f"{here}/card",
    }
    return reply(ClaimReportOut, shown)
