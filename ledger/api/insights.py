"""Insights: the figures behind the charts, for a period, of one desk or of all."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.schemas.insights import (
    AgreementOut,
    ClearingOut,
    InsightQuery,
    LoadOut,
    OldestOut,
    OldestQuery,
    StatusesOut,
    VerdictsOut,
)
from ledger.services import insights
from ledger.web.context import requires, session

bp = Noun("insights", __name__, prefix="/insights", about="How the desk is doing, in figures.")


def _figure(query: dict[str, Any], count: Callable[..., Any]) -> tuple[insights.Period, Any]:
    """The period that is asked for, and what a service counts in it."""
    found = session()
    desk = insights.desk(found, query.get("desk_id"))
    period = insights.period(found, first=query.get("first"), last=query.get("last"), zone=query.get("zone"))
    return period, count(found, period, desk.id if desk else None)


def _shown(period: insights.Period, figure: Any) -> dict[str, Any]:
    return {"period": period, **{one.name: getattr(figure, one.name) for one in fields(figure)}}


@bp.get("/statuses")
@requires(Permission.READ)
@bp.arguments(InsightQuery, location="query")
@bp.answers(200, StatusesOut)
def count_statuses(query: dict[str, Any]) -> Response:
    """Count claims by status over time

    As they stood at the end of each day, by the log. A desk's claims are those in its articles today. Up to a
    hundred days are told day by day, more by week, and more than two years by month.
    """
    return reply(StatusesOut, _shown(*_figure(query, insights.statuses)))


@bp.get("/clearing")
@requires(Permission.READ)
@bp.arguments(InsightQuery, location="query")
@bp.answers(200, ClearingOut)
def measure_clearing(query: dict[str, Any]) -> Response:
    """Measure how long claims took to clear

    From when a claim was accepted or added to its first settled verdict; median and quartiles in hours.
    """
    period, found = _figure(query, insights.clearing)
    weeks = [{"week_of": monday, **_plain(one)} for monday, one in found.weeks]
    return reply(
        ClearingOut, {"period": period, "all": found.all, "weeks": weeks, "still_open": found.still_open}
    )


def _plain(figure: Any) -> dict[str, Any]:
    return {one.name: getattr(figure, one.name) for one in fields(figure)}


@bp.get("/publishers")
@requires(Permission.READ)
@bp.arguments(InsightQuery, location="query")
@bp.answers(200, VerdictsOut)
def count_verdicts_by_publisher(query: dict[str, Any]) -> Response:
    """Count verdicts by publisher

    Those that were settled in the period and count now. A claim in articles of two publishers counts at both.
    """
    period, found = _figure(query, insights.by_publisher)
    return reply(VerdictsOut, {"period": period, "items": found})


@bp.get("/kinds")
@requires(Permission.READ)
@bp.arguments(InsightQuery, location="query")
@bp.answers(200, VerdictsOut)
def count_verdicts_by_kind(query: dict[str, Any]) -> Response:
    """Count verdicts by kind of claim

    Those that were settled in the period and count now.
    """
    period, found = _figure(query, insights.by_kind)
    return reply(VerdictsOut, {"period": period, "items": found})


@bp.get("/load")
@requires(Permission.READ)
@bp.arguments(InsightQuery, location="query")
@bp.answers(200, LoadOut)
def show_load(query: dict[str, Any]) -> Response:
    """Show each reviewer's load

    What somebody has and waits for now, and what they did in the period.
    """
    period, found = _figure(query, insights.load)
    return reply(LoadOut, {"period": period, "items": found})


@bp.get("/agreement")
@requires(Permission.READ)
@bp.arguments(InsightQuery, location="query")
@bp.answers(200, AgreementOut)
def measure_agreement(query: dict[str, Any]) -> Response:
    """Measure how far first and second readers agree

    Cohen's kappa with its table and 95 % interval. Two ratings given blind are a pair as they are, and are
    told by themselves, too. Else a signature is agreement, and a proposal that was sent back counts with the
    rating that the second reader named. What is proposed again then, or an editor decides, is left out.
    """
    return reply(AgreementOut, _shown(*_figure(query, insights.agreement)))


@bp.get("/oldest")
@requires(Permission.READ)
@bp.arguments(OldestQuery, location="query")
@bp.answers(200, OldestOut)
def list_oldest_claims(query: dict[str, Any]) -> Response:
    """List the claims that have been open longest

    As it is now; the period plays no part, and is taken only so that all figures are asked for alike.
    """
    limit = query["limit"]
    period, found = _figure(query, lambda *asked: insights.oldest(*asked, limit=limit))
    ages = [{"age": age, "counts": counts} for age, counts in found.ages]
    return reply(OldestOut, {"period": period, "items": found.claims, "ages": ages, "total": found.total})
