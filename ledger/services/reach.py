"""Whom a claim's verdict reaches: articles, reports, badges, subscribers, exports.

Asked before a verdict is changed or withdrawn, so that nobody is surprised by where it was told; afterwards
nothing has to be sent to any of them: all of them tell what the ledger has.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from claims.values import dataclass
from ledger.export.claimreview import House
from ledger.models import Article, Claim, Webhook
from ledger.services import corrections, reports, webhooks
from ledger.store import claims as store
from ledger.store import reach as reach_store
from ledger.store import records
from ledger.store import webhooks as webhooks_store

_TOLD_OF = {
    "*", "claim.*", "verdict.*", webhooks.STATUS_CHANGED, corrections.KIND,
    "verdict.signed", "verdict.overridden", "verdict.decided", "verdict.renewed", "verdict.superseded",
    "claim.withdrawn", "claim.reopened", "claim.merged", "claim.merged_away",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """An article in which a claim stands: how often, and how often a person has yet to say where."""

    article: Article
    places: int
    waiting: int

    @property
    def report_since(self) -> datetime | None:
        """Since when anybody may read its report; none where nobody may."""
        return self.article.report_since


@dataclass(frozen=True, slots=True)
class Carrier:
    """An address that tells of the claim: what it is, and whether anybody may ask there."""

    kind: str
    url: str
    public: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a claim's verdict touches; `answers_for` are claims that were merged into it."""

    claim: Claim
    articles: list[Place]
    webhooks: list[Webhook]
    answers_for: list[Claim]
    carriers: list[Carrier]
    public: bool

    @property
    def reports(self) -> list[Place]:
        """The articles among them whose report is open."""
        return [place for place in self.articles if place.report_since is not None]


def of(session: Session, claim_id: str, house: House) -> Reach:
    """Whom a change of this claim's verdict reaches. One that was merged is answered for by its survivor.

    Raises NotFound.
    """
    claim = store.survivor(session, records.get(session, Claim, claim_id))
    places = [Place(*row) for row in reach_store.places(session, claim.id)]
    public = reports.of_claim(session, claim.id) is not None
    hooks = [hook for hook in webhooks_store.every(session) if hook.active and _TOLD_OF & set(hook.kinds)]
    carriers = list(_carriers(claim, places, house.base, public))
    return Reach(claim, places, hooks, reach_store.answered_for(session, claim.id), carriers, public)


def _carriers(claim: Claim, places: list[Place], base: str, public: bool) -> Iterator[Carrier]:
    own, api = f"{base}/claims/{claim.id}", f"{base}/api/v1"
    for kind, url in (("badge", f"{own}/badge.svg"), ("card", f"{own}/card")):
        yield Carrier(kind, url, public)
    if public:
        yield Carrier("oembed", f"{base}/oembed?url={own}/card", public=True)
        for kind in ("verdicts", "corrections"):
            yield Carrier("feed", f"{base}/feeds/{kind}.atom", public=True)
            yield Carrier("feed", f"{base}/feeds/{kind}.json", public=True)
        yield Carrier("corrections", f"{base}/corrections", public=True)
        yield Carrier("factcheck", f"{base}/v1alpha1/claims:search", public=True)
    yield Carrier("claimreview", f"{api}/claims/{claim.id}/claimreview", public)
    yield Carrier("claimreviews", f"{api}/claimreviews", public)
    for place in places:
        id, is_open = place.article.id, place.report_since is not None
        if is_open:
            yield Carrier("report", f"{base}/reports/{id}", public=True)
            yield Carrier("feed", f"{base}/reports/{id}/verdicts.atom", public=True)
            yield Carrier("feed", f"{base}/reports/{id}/corrections.atom", public=True)
        yield Carrier("annotations", f"{api}/articles/{id}/annotations/", is_open)
        yield Carrier("gate", f"{api}/articles/{id}/gate", public=False)
    yield Carrier("status", f"{api}/claims/{claim.id}/status", public=False)
    yield Carrier("lookups", f"{api}/lookups", public=False)
    for ending in ("csv", "jsonl", "xlsx"):
        yield Carrier("export", f"{api}/claims.{ending}", public=False)
