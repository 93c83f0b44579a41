"""Many changes of claims in one call."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import marshmallow as ma
import orjson
from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply_json, shown_now
from ledger.errors import Invalid, LedgerError, VersionMissing
from ledger.models import Claim
from ledger.schemas.batch import BODIES, BatchIn, BatchOut
from ledger.schemas.claims import ClaimOut
from ledger.services import batch, events
from ledger.services.batch import Operation, Outcome
from ledger.web import problems
from ledger.web.context import identity, parts, requires, session

bp = Noun("batch", __name__, about="Many changes in one call.")

_READ = {op: schema() for op, schema in BODIES.items()}
_MADE = frozenset({"add", "add_evidence", "propose"})
_MOST = 50


@bp.post("/claims:batch")
@requires(None)
@bp.arguments(
    BatchIn,
    example={
        "atomic": False,
        "operations": [
            {"op": "accept", "id": "01a2060b-e223-782a-96f6-dd90419789f1", "version": 1},
            {
                "op": "dismiss",
                "id": "01a2060b-e223-782a-96f6-dd90419789f2",
                "version": 4,
                "body": {"reason": "An opinion."},
            },
        ],
    },
)
@bp.answers(200, BatchOut)
def change_claims_together(body: dict[str, Any]) -> Response:
    """Change up to 1,000 claims at once

    Each operation is what a route of its own does, by the same rules, and needs the same scope; `body` is
    what that route takes: `add` and `add_evidence`, `accept`, `dismiss`, `reopen`, `reword`, `take`,
    `hand_over`, `lay_down`, `tag`, `withdraw`, `propose`. They are done in order, in one transaction. All or
    nothing: if one can't be done, the answer is 422 with `code` `batch_refused`, nothing was changed, and
    `items` tells of each operation what stopped it, or null where only the others did. With `atomic` false
    the answer is 200, and what can't be done has its problem in its place.
    """
    wanted = body["operations"]
    done = batch.run(
        session(), [_read(one) for one in wanted], by=identity(), policy=parts().policy, atomic=body["atomic"]
    )
    if body["atomic"] and any(one.error for one in done):
        return _refused(done)
    written = events.written(session())
    answered = {
        "items": [_item(one["op"], outcome) for one, outcome in zip(wanted, done, strict=True)],
        "first": written[0].seq if written else None,
        "last": written[-1].seq if written else None,
    }
    return reply_json(orjson.dumps(answered))


def _read(wanted: dict[str, Any]) -> Operation | LedgerError:
    op, version = wanted["op"], wanted.get("version")
    if version is None and op not in batch.WITHOUT_VERSION:
        return VersionMissing("Say which version you are changing.", field="version")
    try:
        body = _READ[op].load(wanted["body"])
    except ma.ValidationError as error:
        return Invalid("Some values are wrong.", field="body", messages={"body": error.messages})
    if op == "propose":
        body.setdefault("scale", parts().settings.scale)
    return Operation(op, wanted["id"], version, body)


def _item(op: str, outcome: Outcome) -> dict[str, Any]:
    if outcome.error is not None:
        return {**_problem(outcome.error), "claim": None, "made": None}
    status = 201 if op in _MADE else 200
    return {"status": status, "claim": outcome.claim, "made": outcome.made, "problem": None}


def _problem(error: LedgerError) -> dict[str, Any]:
    status = problems.status_of(error)
    more: dict[str, Any] = {}
    if "current" in error.facts:
        stands = session().get(Claim, error.facts["current"]["id"])
        more = {"current": shown_now(ClaimOut, stands), "version": error.facts["version"]}
    elif error.facts.get("claim") is not None:
        more = {"claim": error.facts["claim"]}
    faults = list(islice(_faults(error), _MOST))
    if faults:
        more["errors"] = faults
    body = problems.body(status, problems.code_of(error), error.message, **more)
    return {"status": status, "problem": body}


def _faults(error: LedgerError, below: str = "#/") -> Any:
    if "messages" in error.facts:
        for fault in problems.faults(error.facts["messages"]):
            yield {**fault, "pointer": below + fault["pointer"].removeprefix("#/")}
    elif error.field:
        yield {"detail": error.message, "pointer": below + error.field}


def _refused(done: Sequence[Outcome]) -> Response:
    """Nothing was done: an answer of 400 or more takes back what was, and tells of all that is wrong."""
    refused = [(at, one.error) for at, one in enumerate(done) if one.error]
    first, error = refused[0]
    items = [None if one.error is None else _problem(one.error) for one in done]
    response: Response = problems.answer(
        422,
        "batch_refused",
        f"{len(refused):,} of {len(done):,} operations can't be done, so none was. The first is number "
        f"{first}, counted from 0: {error.message}",
        errors=[fault for at, error in refused[:_MOST] for fault in _fault_of(at, error)][:_MOST],
        items=items,
    )
    return response


def _fault_of(at: int, error: LedgerError) -> list[dict[str, str]]:
    below = f"#/operations/{at}"
    found = list(islice(_faults(error, f"{below}/"), _MOST))
    return found or [{"detail": error.message, "pointer": below}]
