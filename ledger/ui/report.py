"""The reader's side: an article's public report, the method page, and a claim's badge and card.

These pages are the same for everybody, set no cookie and run no script, so that any cache may keep
them. What they tell is decided in services/reports.py; here it is only put into words.
"""

import hashlib
import json
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from claims.fragments import link_to
from claims.values import dataclass
from ledger.auth.identity import Permission
from ledger.errors import NotFound
from ledger.export.claimreview import brief
from ledger.models import Article, Claim, Verdict
from ledger.scales import all_scales
from ledger.services import reports
from ledger.services.reports import Report, Standing
from ledger.store import claims as claims_store
from ledger.store import desks as desks_store
from ledger.store import records
from ledger.ui import badge as drawing
from ledger.ui import marks
from ledger.ui.forms import REFUSALS
from ledger.ui.pages import go, notice, version, writing
from ledger.ui.words import STATUSES
from ledger.web.context import identity, parts, reading, requires, same_for_all
from ledger.web.headers import all_may_keep
from ledger.web.house import base, house
from ledger.web.sessions import signed_in

bp = Blueprint("report", __name__)

SIGNS = {
    "supported": "✓", "misleading": "≈", "refuted": "✗", "disputed": "⇄", "unproven": "?",
    "checking": "◐", "stale": "↻", "withdrawn": "⊘",
}  # fmt: skip
# Anybody may frame a card, and nothing else; it runs nothing and sends nothing.
CARD_CSP = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


@dataclass(frozen=True, slots=True)
class Look:
    """How a claim's standing looks to readers: the class of its colours, its sign, its words."""

    status: str
    label: str
    meaning: str

    @property
    def sign(self) -> str:
        """The sign that tells it without colour."""
        return SIGNS.get(self.status, "○")


AGAIN = Look(
    "stale", "Being looked at again", "Something changed since it was signed, so it is checked anew."
)
_UNSETTLED = {
    Standing.OPEN: Look("checking", "Being checked", "Nothing is decided yet."),
    Standing.AGAIN: AGAIN,
    Standing.WITHDRAWN: Look("withdrawn", "Withdrawn", STATUSES["withdrawn"].meaning),
}


@bp.app_template_global("look")
def look(standing: Standing, verdict: Verdict | None) -> Look:
    """How a standing looks; a settled one by its verdict's own words."""
    if standing is not Standing.SETTLED or verdict is None:
        return _UNSETTLED[standing]
    return Look(verdict.status_word, verdict.label, STATUSES[verdict.status_word].meaning)


@bp.app_template_filter("on_day")
def on_day(moment: datetime | date) -> str:
    """A day in words; reports run no script that could tell the reader's own time."""
    return f"{moment.day} {moment:%B %Y}"


bp.add_app_template_filter(brief, "brief")
bp.add_app_template_filter(link_to, "fragment")


@bp.get("/reports/<id>")
@same_for_all
def show(id: str) -> Response:
    """The report of an article, for anybody; 404 where it is not open."""
    try:
        report = reports.public(reading(), id)
    except NotFound:
        return missing()
    return _kept(_page(report), report.changed_at)


@bp.get("/articles/<id>/report")
@requires(Permission.READ)
def preview(id: str) -> Response:
    """The report as readers see it, or would see it if it were opened now."""
    return make_response(_page(reports.preview(reading(), id), preview=True))


@bp.post("/articles/<id>/report")
@requires(Permission.PUBLISH)
def switch(id: str) -> Any:
    """Open an article's report to anybody, or close it."""
    opening = request.form.get("open") == "1"
    change = reports.publish if opening else reports.unpublish
    try:
        with writing() as session:
            article = change(session, id, by=identity(), version=version())
    except REFUSALS as error:
        notice(error.message, kind="bad")
        return go("articles.detail", id=id)
    notice(
        "Anybody may read the report now."
        if opening
        else "The report is closed: nobody outside can read it.",
        undo=(
            "Undo",
            url_for("report.switch", id=id),
            {"version": article.version, "open": int(not opening)},
        ),
    )
    return go("articles.detail", id=id)


@bp.get("/method")
@same_for_all
def method() -> Response:
    """How claims are chosen, checked, signed and corrected here."""
    settings = parts().settings
    html = render_template(
        "report/method.html",
        desk=desks_store.get(reading(), None),
        scale=all_scales()[settings.scale],
        scales=all_scales(),
        policy=parts().policy,
        threshold=desks_store.get(reading(), None).threshold,
        signs=SIGNS,
    )
    return _kept(html, None)


@bp.get("/claims/<id>/badge.svg")
@same_for_all
def badge(id: str) -> Response:
    """A claim's status as a small picture: for anybody where a report tells of it, else for colleagues."""
    told, why = reports.of_claim(reading(), id), ""
    if told is not None:
        seen, why = badge_look(told), _why(told)
    elif signed_in() is not None:
        claim = claims_store.survivor(reading(), records.get(reading(), Claim, id))
        seen = Look(claim.status, STATUSES[claim.status].label, "")
        why = " ".join(f"{one}." for one in claim.stale_reasons or ())
    else:
        return _nothing()
    svg, csp = drawing.drawn(seen.status, seen.sign, seen.label, why)
    response = Response(svg, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = csp
    if told is not None:
        found = url_for("oembed.embed", url=f"{base()}/claims/{told.claim.id}/badge.svg", format="json")
        response.headers["Link"] = f'<{found}>; rel="alternate"; type="application/json+oembed"'
    return embedded(response, public=told is not None)


def _word(seen: Look) -> Look:
    """A rating may be a sentence or a newsroom's own word: a badge tells its status word."""
    return Look(seen.status, STATUSES[seen.status].label, "") if seen.status not in _OPEN_LOOKS else seen


_OPEN_LOOKS = {look.status for look in _UNSETTLED.values()}


@bp.get("/claims/<id>/card")
@same_for_all
def card(id: str) -> Response:
    """A claim with its verdict as a small page to be framed anywhere: no script, no cookie."""
    told = reports.of_claim(reading(), id)
    if told is None and signed_in() is None:
        return _nothing()
    response = make_response(render_template("report/card.html", card=_card(id, told)))
    response.headers["Content-Security-Policy"] = CARD_CSP
    return embedded(response, public=told is not None)


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows."""

    claim: Claim
    look: Look
    words: str | None
    desk: str
    url: str
    public: bool
    checked: datetime | None
    direction: str


def _card(id: str, told: reports.Told | None) -> Card:
    if told is not None:
        verdict = told.verdict
        note = told.claim.withdrawn_note if told.standing is Standing.WITHDRAWN else None
        return Card(
            claim=told.claim,
            look=look(told.standing, verdict),
            words=brief(verdict.rationale, 220) if verdict else brief(note or _why(told), 220) or None,
            desk=house().publisher(told.desk.name).name,
            url=f"{base()}/reports/{told.article.id}#claim-{told.claim.id}",
            public=True,
            checked=verdict.settled_at if verdict else None,
            direction=told.article.direction,
        )
    claim = claims_store.survivor(reading(), records.get(reading(), Claim, id))
    status = STATUSES[claim.status]
    places = claims_store.first_places(reading(), [claim.id])
    article = records.get(reading(), Article, places[claim.id][0].article_id) if claim.id in places else None
    return Card(
        claim=claim,
        look=Look(claim.status, status.label, status.meaning),
        words=status.meaning,
        desk=desks_store.get(reading(), article.desk_id if article else None).name,
        url=f"{base()}/claims/{claim.id}",
        public=False,
        checked=None,
        direction=article.direction if article else "ltr",
    )


def _why(told: reports.Told) -> str:
    return " ".join(f"{one}." for one in told.why)


@dataclass(frozen=True, slots=True)
class Embedding:
    """What a claim's page offers to copy: the card, and the HTML for card and badge."""

    card: Card
    permalink: str
    card_html: str
    badge_html: str


@bp.app_template_global("embedding")
def embedding(claim: Claim) -> Embedding:
    """The HTML that puts a claim's badge or card into another site."""
    shown = _card(claim.id, reports.of_claim(reading(), claim.id))
    here = f"{base()}/claims/{claim.id}"
    badge_html = Markup('<a href="{}"><img src="{}" alt="Fact-check of this claim" height="24"></a>')
    return Embedding(
        card=shown,
        permalink=here,
        badge_html=str(badge_html.format(shown.url, f"{here}/badge.svg")),
        card_html=frame(claim),
    )


def frame(claim: Claim, width: int = 480, height: int = 240) -> str:
    """The HTML that shows a claim's card in another site."""
    html = Markup(
        '<iframe src="{}" title="Fact-check: {}" width="{}" height="{}" loading="lazy" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%"></iframe>'
    )
    return str(html.format(f"{base()}/claims/{claim.id}/card", brief(claim.statement, 120), width, height))


def badge_look(told: reports.Told) -> Look:
    """What a claim's badge tells readers."""
    return _word(look(told.standing, told.verdict))


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a line with one look; `begins` and `ends` are the marks that do so here."""

    text: str
    mark: marks.Mark | None
    begins: tuple[marks.Mark, ...]
    ends: tuple[marks.Mark, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, headline, list … with its lines: a list's number, and runs."""

    kind: str
    ordered: bool
    lines: tuple[tuple[str | None, tuple[Run, ...]], ...]


def _page(report: Report, *, preview: bool = False) -> str:
    return render_template(
        "report/show.html",
        report=report,
        article=report.article,
        blocks=_blocks(report),
        summary=_summary(report),
        numbers={finding.claim.id: finding.number for finding in report.findings},
        looks={finding.claim.id: look(finding.standing, finding.verdict) for finding in report.findings},
        page=f"{base()}/reports/{report.article.id}",
        desk=report.desk,
        markup=_markup(report),
        preview=preview,
        S=Standing,
    )


def _markup(report: Report) -> Markup | None:
    found = reports.claim_reviews(report, house())
    # Written so that no word of the content can end the script element.
    return htmlsafe_json_dumps(found, dumps=_dumps) if found else None


def _dumps(value: Any, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _summary(report: Report) -> list[tuple[Look, int]]:
    """Each look with its number of claims: ratings from the best known first, then what is open."""
    found: dict[Look, int] = {}
    for finding in report.findings:
        seen = look(finding.standing, finding.verdict)
        found[seen] = found.get(seen, 0) + 1
    order = list(SIGNS)
    return sorted(found.items(), key=lambda one: (order.index(one[0].status), one[0].label))


def _blocks(report: Report) -> list[Block]:
    revision = report.revision
    found = [
        marks.Mark(
            finding.claim.id,
            finding.number,
            look(finding.standing, finding.verdict).status,
            place.start,
            place.end,
        )
        for finding in report.findings
        for place in finding.places
        if place.revision_id == revision.id
    ]
    parts = marks.laid_out(revision.text, revision.blocks, found)
    return [
        Block(part.kind, part.ordered, tuple((line.number, tuple(_runs(line))) for line in part.lines))
        for part in parts
    ]


def _runs(line: marks.Line) -> list[Run]:
    found, at = [], line.start
    for piece in line.pieces:
        end = at + len(piece.text)
        begins = tuple(mark for mark in piece.marks if mark.start == at)
        ends = tuple(mark for mark in piece.marks if mark.end == end)
        found.append(Run(piece.text, piece.mark, begins, ends))
        at = end
    return found


def _kept(html: str, changed_at: datetime | None) -> Response:
    """A page that caches may keep for a short time and ask about cheaply."""
    response = make_response(html)
    response.last_modified = changed_at
    return embedded(response, public=True)


def embedded(response: Response, *, public: bool) -> Response:
    """What caches may keep, if it is public, and ask about cheaply."""
    # Weak: how it is packed is not part of what it says.
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:24], weak=True)
    if public:
        response.headers["Cache-Control"] = all_may_keep(parts().settings.public_max_age)
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    else:
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Cookie"
    response.make_conditional(request)
    return response


def missing() -> Response:
    """There is no public report here."""
    return make_response(render_template("report/missing.html"), 404)


def _nothing() -> Response:
    """No report tells of this claim: for the public it is as if there were none."""
    response = Response("There is nothing public here.\n", 404, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
