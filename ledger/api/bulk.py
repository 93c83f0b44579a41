"""One deed on many claims or articles."""

from collections.abc import Callable
from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.schemas.bulk import ArticleBulkIn, BulkOut, ClaimBulkIn, RenewalsIn, RenewalsOut
from ledger.services import bulk, renewals, search
from ledger.web.context import identity, parts, requires, session

bp = Noun("bulk", __name__, about="One deed on many records.")


@bp.post("/bulk/claims")
@requires(Permission.CLAIMS)
@bp.arguments(
    ClaimBulkIn, example={"search": "status:candidate worth:<0.3", "action": "dismiss", "preview": True}
)
@bp.answers(200, BulkOut)
def change_claims(body: dict[str, Any]) -> Response:
    """Do one thing to many claims

    Each is judged by the rules that hold for it alone; what can't be done, or changed since the version that
    you name, is left as it is and told. All else is done at once, with an event for each. `first` and `last`
    are for `POST /undo`.
    """
    return _done(body, search.claims, bulk.on_claims)


@bp.post("/bulk/articles")
@requires(Permission.ARTICLES)
@bp.arguments(
    ArticleBulkIn,
    example={"search": "publisher:Reuters", "action": "due", "due": "2026-12-01", "preview": True},
)
@bp.answers(200, BulkOut)
def change_articles(body: dict[str, Any]) -> Response:
    """Do one thing to many articles

    As for claims.
    """
    return _done(body, search.articles, bulk.on_articles)


@bp.post("/bulk/renewals")
@requires(Permission.SIGN)
@bp.arguments(
    RenewalsIn,
    example={
        "items": [{"id": "0190d9c2-1111-7000-8000-000000000001", "version": 9}],
        "note": "Only the layout changed.",
    },
)
@bp.answers(200, RenewalsOut)
def renew_verdicts(body: dict[str, Any]) -> Response:
    """Say of several stale claims at once that their verdicts still hold

    With one note. Each is judged as `POST /verdicts/{id}/renew` would; what can't be renewed, or changed
    since the version that you name, is left as it is and told.
    """
    wanted = [renewals.Wanted(item["id"], item.get("version")) for item in body["items"]]
    done = renewals.renew_all(session(), wanted, by=identity(), policy=parts().policy, note=body["note"])
    skipped = [{"claim_id": id, "why": refusal.message} for id, refusal in done.refused]
    return reply(RenewalsOut, {"renewed": done.verdicts, "skipped": skipped})


def _done(body: dict[str, Any], look: Callable[..., search.Search], do: Callable[..., Any]) -> Response:
    deed = bulk.Deed(
        body["action"], to=body.get("to"), tags=body["tags"], due=body.get("due"), reason=body.get("reason")
    )
    return reply(BulkOut, do(session(), _seen(body, look), deed, by=identity(), preview=body["preview"]))


def _seen(body: dict[str, Any], look: Callable[..., search.Search]) -> dict[str, int | None]:
    if "items" in body:
        return {item["id"]: item.get("version") for item in body["items"]}
    found = look(session(), body["search"], by=identity())
    if found.troubles:
        raise Invalid(" ".join(trouble.message for trouble in found.troubles), field="search")
    ids = search.ids(session(), found, limit=bulk.MOST + 1)
    if not ids:
        raise Invalid("Nothing is found by this search.", field="search")
    return dict.fromkeys(ids)
