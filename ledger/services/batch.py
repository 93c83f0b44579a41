"""Many changes of claims in one transaction, each by the service that does it alone.

What a program would send in a hundred requests comes in one, and waits for one commit: all or nothing, or
each for itself. What an operation did before it failed is taken back by a savepoint, so that nothing of it
stands beside the others.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from claims.values import dataclass, replace
from ledger.auth.identity import Identity
from ledger.errors import Invalid, LedgerError
from ledger.services import claims, events, evidence, labels, statuses, verdicts
from ledger.services.policies import Policy
from ledger.store import lookups as store

MOST = 1_000
"""How many operations one call may have."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What is to be done to which claim, by what was seen of it: `body` is what its own route takes.

    `id` is the claim's, and of `add` the article's; `version` the claim's as it was seen.
    """

    op: str
    id: str
    version: int | None
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an operation: the claim as a look-up tells it, the new piece of evidence or verdict; or
    the error that stopped it."""

    claim_id: str = ""
    made: str | None = None
    claim: Mapping[str, Any] | None = None
    error: LedgerError | None = None


Do = Callable[[Session, Operation, Identity, Policy], tuple[str, str | None]]
"""Gives the claim's id, and that of what was made beside it."""


def run(
    session: Session,
    operations: Sequence[Operation | LedgerError],
    *,
    by: Identity,
    policy: Policy,
    atomic: bool = True,
) -> list[Outcome]:
    """Do them in order, each seeing what those before it did; the outcomes come in the same order.

    An error among `operations` stands for one that could not be read. With `atomic`, the caller takes all
    back if an outcome has an error; without it, the others stay done.
    """
    if not 1 <= len(operations) <= MOST:
        raise Invalid(f"Send 1 to {MOST:,} operations; these are {len(operations):,}.", field="operations")
    done = [_outcome(session, operation, by, policy) for operation in operations]
    if atomic and any(one.error for one in done):
        return done
    rows = store.statuses(session, list({one.claim_id for one in done if not one.error}))
    known = {id: statuses.of_row(id, row) for id, row in rows.items()}
    return [one if one.error else replace(one, claim=known[one.claim_id]) for one in done]


def _outcome(session: Session, operation: Operation | LedgerError, by: Identity, policy: Policy) -> Outcome:
    if isinstance(operation, LedgerError):
        return Outcome(error=operation)
    try:
        with events.together(session):
            claim_id, made = DO[operation.op](session, operation, by, policy)
    except LedgerError as error:
        return Outcome(error=error)
    return Outcome(claim_id, made)


def _add(session: Session, wanted: Operation, by: Identity, _policy: Policy) -> tuple[str, None]:
    return claims.add(session, wanted.id, by=by, **wanted.body).id, None


def _evidence(session: Session, wanted: Operation, by: Identity, _policy: Policy) -> tuple[str, str]:
    return wanted.id, evidence.add(session, wanted.id, by=by, details=dict(wanted.body)).id


def _propose(session: Session, wanted: Operation, by: Identity, policy: Policy) -> tuple[str, str]:
    proposed = verdicts.propose(
        session, wanted.id, by=by, version=wanted.version, policy=policy, **wanted.body
    )
    return wanted.id, proposed.id


def _edit(change: Callable[..., Any]) -> Do:
    """An edit of a claim, which names the version that it is of."""

    def edited(session: Session, wanted: Operation, by: Identity, _policy: Policy) -> tuple[str, None]:
        change(session, wanted.id, by=by, version=wanted.version, **_named(wanted, by))
        return wanted.id, None

    return edited


def _named(wanted: Operation, by: Identity) -> dict[str, Any]:
    body = dict(wanted.body)
    if wanted.op == "take":
        return {"to": by.account}
    if wanted.op == "lay_down":
        return {"to": None}
    if wanted.op == "hand_over":
        return {"to": body["assignee_id"]}
    if wanted.op == "reword":
        return {"details": body}
    return {"given": body["tags"]} if wanted.op == "tag" else body


DO: dict[str, Do] = {
    "add": _add,
    "accept": _edit(claims.accept),
    "dismiss": _edit(claims.dismiss),
    "reopen": _edit(claims.reopen),
    "reword": _edit(claims.reword),
    "take": _edit(claims.assign),
    "hand_over": _edit(claims.assign),
    "lay_down": _edit(claims.assign),
    "tag": _edit(labels.tag),
    "withdraw": _edit(claims.withdraw),
    "add_evidence": _evidence,
    "propose": _propose,
}
"""Each operation by its name."""
WITHOUT_VERSION = frozenset({"add", "add_evidence"})
"""Those that change nothing that somebody may have seen."""
