"""The gate: may this exact text be published? And the policies that it goes by."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import as_of, reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import GatePolicy
from ledger.schemas.common import page_of
from ledger.schemas.gates import GateOut, GatePolicyDetails, GatePolicyIn, GatePolicyOut, GateQuery
from ledger.services import gates
from ledger.store import gates as store
from ledger.web.context import identity, reading, requires, session

bp = Noun("gates", __name__, about="May this exact text be published? By rules with names and versions.")


@bp.get("/articles/<id>/gate")
@requires(Permission.READ)
@bp.arguments(GateQuery, location="query")
@bp.answers(200, GateOut)
def ask_gate(query: dict[str, Any], id: str) -> Response:
    """Ask whether a text may be published

    `block` comes with each claim that keeps the text back, and why. A text that is not the article's current
    one is blocked whatever its claims are. With `as_of`, text, claims, policy and ages are those of that
    time; a policy that is named with its version is that version.
    """
    at = query.pop("as_of", None)
    found = gates.decide(reading(), id, **query, at=at)
    shown = {
        "decision": "pass" if found.passed else "block",
        "article": found.article.id,
        "revision": found.revision,
        "current": found.current,
        "text": found.text,
        "policy": f"{found.policy.name}@{found.policy.version}",
        "policy_changed_at": found.policy.updated_at,
        "as_of": at,
        "claims": found.claims,
        "blocks": [
            {"claim": block.claim, "reason": block.reason, "detail": block.detail} for block in found.blocks
        ],
    }
    return as_of(reply(GateOut, shown), at)


@bp.get("/policies")
@requires(Permission.READ)
@bp.answers(200, page_of(GatePolicyOut))
def list_policies() -> Response:
    """List the gate's policies by name"""
    return reply_page(GatePolicyOut, store.every(reading()), None)


@bp.post("/policies")
@requires(Permission.DESKS)
@bp.arguments(GatePolicyIn, example={"name": "front-page", "passes": ["supported"], "signatures": 1})
@bp.answers(201, GatePolicyOut, location=True)
def add_policy(body: dict[str, Any]) -> Response:
    """Make a policy"""
    policy = gates.add(session(), by=identity(), details=body)
    location = url_for("api_gates.show_policy", name=policy.name)
    return reply(GatePolicyOut, policy, status=201, version=policy.version, location=location)


@bp.get("/policies/<name>")
@requires(Permission.READ)
@bp.answers(200, GatePolicyOut)
def show_policy(name: str) -> Response:
    """Show a policy, by its name or by name and version: `standard@3`"""
    policy = gates.policy_of(reading(), name)
    return reply(GatePolicyOut, policy, version=policy.version)


@bp.patch("/policies/<name>")
@requires(Permission.DESKS)
@bp.edits(GatePolicyOut, GatePolicy)
@bp.arguments(GatePolicyDetails, example={"candidates_from": 0.5, "max_age_days": 365})
@bp.answers(200, GatePolicyOut)
def change_policy(details: dict[str, Any], name: str, version: int) -> Response:
    """Change a policy's rules

    The rules of before can still be asked for, by their version.
    """
    policy = gates.change(session(), name, by=identity(), version=version, details=details)
    return reply(GatePolicyOut, policy, version=policy.version)
