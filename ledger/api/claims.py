"""Claims: looking them up, sorting candidates, wording, who has one, and taking one out of use."""

from dataclasses import replace
from typing import Any

from flask import Response, url_for

from ledger.api.events import events_page
from ledger.api.evidence import evidence_reply
from ledger.api.nouns import Noun
from ledger.api.replies import as_of, further, reply, reply_json, tagged
from ledger.api.verdicts import verdict_reply
from ledger.auth.identity import Permission
from ledger.errors import Invalid, NotFound
from ledger.ids import is_id
from ledger.models import Appearance, Claim
from ledger.schemas.claims import (
    ClaimDetails,
    ClaimFileOut,
    ClaimFileQuery,
    ClaimOut,
    DismissIn,
    HandOverIn,
    ListedClaimOut,
    ListedClaimQuery,
    PastOut,
    PastQuery,
    StatusOut,
    TagsIn,
    WithdrawIn,
)
from ledger.schemas.common import page_of
from ledger.schemas.events import EventOut, EventQuery
from ledger.schemas.evidence import EvidenceIn, EvidenceOut
from ledger.schemas.past import AsOfQuery
from ledger.schemas.verdicts import VerdictIn, VerdictOut
from ledger.services import claims, evidence, history, labels, past, search, statuses, verdicts
from ledger.services.search import Search
from ledger.store import claims as store
from ledger.store import readout, records, ways
from ledger.store.claims import Filters
from ledger.store.desks import thresholds
from ledger.store.readout import Wish
from ledger.web.context import identity, parts, requires, session
from ledger.web.lane.answers import answer
from ledger.web.paging import read_cursor, read_worth, write_keys

bp = Noun("claims", __name__, prefix="/claims", about="Checkable statements, each with where it stands.")


def claim_reply(id: str, *, status: int = 200, itself: bool = True) -> Response:
    """A claim with all that belongs to it; not `itself`, the one that answers where it was merged."""
    found = readout.claim_file(ways.way(session()), id, itself=itself) if is_id(id) else None
    if found is None:
        raise NotFound(f"There is no claim with the id {id[:60]!r}.", id=id[:60])
    location = url_for("api_claims.show_claim", id=id) if status == 201 else None
    return reply_json(found.body, status=status, version=found.version, location=location)


def placed(appearance: Appearance, title: str) -> dict[str, Any]:
    """An appearance with its article's title."""
    return {**appearance.model_dump(), "title": title}


@bp.get("")
@requires(Permission.READ)
@bp.arguments(ListedClaimQuery, location="query")
@bp.answers(200, page_of(ListedClaimOut), listed=True)
def list_claims(query: dict[str, Any]) -> Response:
    """List claims, newest first

    All filters must hold; of several statuses or kinds, any. Candidates below the threshold of their desk
    are left out.
    """
    by_worth, limit = query.pop("order") == "worth", query.pop("limit")
    cursor = query.pop("after", None)
    after: Any = read_worth(cursor) if by_worth else read_cursor(cursor)
    found = _searched(query)
    query["where"] = found.others if found else ()
    status, kind = tuple(query.pop("status")), tuple(query.pop("kind"))
    filters = Filters(status=status, kind=kind, **query)
    ids = None
    if not by_worth and (filters.q or (found and found.matches)):
        behind, matches = after[-1] if after else None, found.matches if found else None
        ids = store.with_words(session(), filters, matches, after=behind, limit=limit)
    if ids is not None:
        body, following = readout.claims_of(ways.way(session()), ids, limit, write_keys)
    else:
        filters = replace(filters, where=found.wheres if found else ())
        wish = Wish(filters, limit=limit, by_worth=by_worth, after=after)
        way = ways.way(session(), plain=readout.is_plain(filters))
        body, following = readout.claims_page(way, thresholds(session()), wish, write_keys)
    return reply_json(body, next_page=further(following))


def search_asked(query: dict[str, Any]) -> tuple[Any, ...]:
    """The conditions of the parameter `search`, which is taken out of the query."""
    found = _searched(query)
    return found.wheres if found else ()


def _searched(query: dict[str, Any]) -> Search | None:
    text = query.pop("search", None)
    if not text:
        return None
    # What a desk does not show is the list's own business.
    found = search.claims(session(), text, by=identity(), below=True, dismissed=True)
    if found.troubles:
        raise Invalid(" ".join(trouble.message for trouble in found.troubles), field="search")
    query["below"] = query.get("below", False) or found.below
    return found


@bp.get("/<id>")
@requires(Permission.READ)
@bp.arguments(ClaimFileQuery, location="query")
@bp.answers(200, ClaimFileOut)
def show_claim(query: dict[str, Any], id: str) -> Response:
    """Show a claim with where it stands, its quantities, evidence, verdicts and signatures

    A claim that was merged into another is answered for by that one, which `id` then names; with
    `itself=true`, as it was put aside. With `as_of`, as it stood then, in the same form; names of people are
    today's.
    """
    if (at := query.get("as_of")) is not None:
        then = past.claim_file(session(), id, at, itself=query["itself"])
        return as_of(reply(ClaimFileOut, then, version=then["version"]), at)
    return claim_reply(id, itself=query["itself"])


@bp.get("/<id>/status")
@requires(Permission.READ)
@bp.arguments(AsOfQuery, location="query")
@bp.answers(200, StatusOut)
def show_status(query: dict[str, Any], id: str) -> Response:
    """Look a claim's status up

    Small and quick, to be asked often. Its ETag is the claim's version alone. A claim that was merged into
    another is answered for by that one: then `id` and `merged_into` name it.
    """
    if (at := query.get("as_of")) is not None:
        return as_of(tagged(*answer(past.status(session(), id, at))), at)
    row = store.status_row(session(), id) if is_id(id) else None
    if row is None:
        raise NotFound(f"There is no claim with the id {id[:60]!r}.")
    body, tag = answer(statuses.of_row(id, row))
    return tagged(body, tag)


@bp.get("/<id>/history")
@requires(Permission.READ)
@bp.arguments(EventQuery, location="query")
@bp.answers(200, page_of(EventOut), listed=True)
def list_claim_events(query: dict[str, Any], id: str) -> Response:
    """List what happened to a claim, oldest first

    `first` and `next` count the claim's own events, from 1; `seq` is the place in the whole log.
    """
    records.get(session(), Claim, id)
    return events_page(query, stream=f"claim:{id}")


@bp.get("/<id>/as-of")
@requires(Permission.READ)
@bp.arguments(PastQuery, location="query")
@bp.answers(200, PastOut)
def show_claim_as_of(query: dict[str, Any], id: str) -> Response:
    """Show a claim as it stood at a time"""
    return reply(PastOut, history.claim_at(session(), id, history.moment(query["at"])))


@bp.patch("/<id>")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(ClaimDetails, example={"statement": "The bridge cost 4.2 million euros.", "kind": "quantity"})
@bp.answers(200, ClaimFileOut)
def reword_claim(details: dict[str, Any], id: str, version: int) -> Response:
    """Edit statement, kind or claimant

    The words in the article stay what they are. A settled verdict on other words becomes stale.
    """
    claims.reword(session(), id, by=identity(), version=version, details=details)
    return claim_reply(id)


@bp.step("/<id>/accept", Permission.CLAIMS, ClaimOut, Claim, answer=ClaimFileOut)
def accept_claim(id: str, version: int) -> Response:
    """Make a candidate a claim to be checked"""
    claims.accept(session(), id, by=identity(), version=version)
    return claim_reply(id)


@bp.post("/<id>/dismiss")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(DismissIn, required=False, example={"reason": "An opinion."})
@bp.answers(200, ClaimFileOut)
def dismiss_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Put a candidate aside; reopening brings it back"""
    claims.dismiss(session(), id, by=identity(), version=version, **body)
    return claim_reply(id)


@bp.step("/<id>/reopen", Permission.CLAIMS, ClaimOut, Claim, answer=ClaimFileOut)
def reopen_claim(id: str, version: int) -> Response:
    """Bring a dismissed or withdrawn claim back, or make an accepted one a candidate again

    A withdrawn one needs `claims:withdraw` too.
    """
    claims.reopen(session(), id, by=identity(), version=version)
    return claim_reply(id)


@bp.step("/<id>/take", Permission.CLAIMS, ClaimOut, Claim, answer=ClaimFileOut)
def take_claim(id: str, version: int) -> Response:
    """Take a claim, to check it"""
    claims.assign(session(), id, by=identity(), version=version, to=identity().account)
    return claim_reply(id)


@bp.post("/<id>/hand-over")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(HandOverIn)
@bp.answers(200, ClaimFileOut)
def hand_over_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Hand a claim over to a colleague"""
    claims.assign(session(), id, by=identity(), version=version, to=body["assignee_id"])
    return claim_reply(id)


@bp.step("/<id>/lay-down", Permission.CLAIMS, ClaimOut, Claim, answer=ClaimFileOut)
def lay_down_claim(id: str, version: int) -> Response:
    """Lay a claim down, for somebody else to take"""
    claims.assign(session(), id, by=identity(), version=version, to=None)
    return claim_reply(id)


@bp.post("/<id>/tag")
@requires(Permission.CLAIMS)
@bp.edits(ClaimOut, Claim)
@bp.arguments(TagsIn, example={"tags": ["budget", "election"]})
@bp.answers(200, ClaimFileOut)
def tag_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Give a claim these tags, and no others"""
    labels.tag(session(), id, by=identity(), version=version, given=body["tags"])
    return claim_reply(id)


@bp.post("/<id>/withdraw")
@requires(Permission.WITHDRAW)
@bp.edits(ClaimOut, Claim)
@bp.arguments(WithdrawIn, example={"note": "We misread the source; see the correction of 2 March."})
@bp.answers(200, ClaimFileOut)
def withdraw_claim(body: dict[str, Any], id: str, version: int) -> Response:
    """Say publicly that a claim's entry is not to be relied on any more"""
    claims.withdraw(session(), id, by=identity(), version=version, note=body["note"])
    return claim_reply(id)


@bp.post("/<id>/evidence")
@requires(Permission.EVIDENCE)
@bp.arguments(
    EvidenceIn,
    example={"url": "https://source.example/report", "stance": "supports", "quote": "4.2 million euros"},
)
@bp.answers(201, EvidenceOut, location=True)
def add_evidence(body: dict[str, Any], id: str) -> Response:
    """Add a piece of evidence to an accepted claim

    What the address holds is captured soon after; a capture that fails holds nothing up.
    """
    return evidence_reply(evidence.add(session(), id, by=identity(), details=body), status=201)


@bp.post("/<id>/verdicts")
@requires(Permission.PROPOSE)
@bp.edits(ClaimOut, Claim)
@bp.arguments(VerdictIn, example={"code": "supported", "rationale": "The town's accounts say the same."})
@bp.answers(201, VerdictOut, location=True)
def propose_verdict(body: dict[str, Any], id: str, version: int) -> Response:
    """Propose a rating with its reasoning

    If-Match names the claim. A proposal that nobody has signed yet is replaced.
    """
    body.setdefault("scale", parts().settings.scale)
    verdict = verdicts.propose(session(), id, by=identity(), version=version, policy=parts().policy, **body)
    return verdict_reply(verdict, status=201)
