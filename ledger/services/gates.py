"""The gate: may this exact text be published? And the policies that it goes by."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from claims import Kind
from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Invalid, NotFound
from ledger.eventlog.fold import apply
from ledger.ids import new_id
from ledger.models import DEFAULT_POLICY, Article, Claim, Event, GatePolicy, Status, Verdict
from ledger.services import events, past
from ledger.services.changes import edit, expect
from ledger.services.history import Past
from ledger.store import articles as articles_store
from ledger.store import events as events_store
from ledger.store import gates as store
from ledger.store import past as past_store
from ledger.store import records

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\Z")
_VERSIONED = re.compile(r"(.+)@(\d{1,9})\Z")
_MOST_SIGNATURES, _MOST_DAYS = 10, 36_500
_RATED = (Status.SUPPORTED, Status.MISLEADING, Status.REFUTED, Status.DISPUTED, Status.UNPROVEN)


@dataclass(frozen=True, slots=True)
class Block:
    """A claim that keeps a text from going out: `reason` for programs, `detail` in words."""

    claim: Any
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says of a text. `text` is a reason that lies in the text itself, if there is one."""

    article: Article
    policy: GatePolicy
    revision: str
    current: str
    claims: int
    blocks: list[Block] = field(default_factory=list)
    text: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the text may be published."""
        return not self.blocks and self.text is None


def decide(
    session: Session, article_id: str, *, revision: str, policy: str, at: datetime | None = None
) -> Decision:
    """Whether the text with this SHA-256 may be published, as an article's claims stand now, or stood `at`.

    `policy` is a name, or a name and a version (`standard@3`). Raises NotFound for an article or a policy
    that is not there.
    """
    if at is None:
        article, claims = records.get(session, Article, article_id), store.claims(session, article_id)
    else:
        article, claims = past.article(session, article_id, at), _claims_at(session, article_id, at)
    rules = policy_of(session, policy, at)
    current = past_store.revisions(session, [article.revision_id])[article.revision_id].sha256
    now = at or clock.now()
    blocks = [block for claim in claims for block in _blocks(claim, rules, now)]
    text = None
    if revision.lower() != current:
        # Signatures are under the claims of the text that stands; another one was checked by nobody.
        text = "This is not the article's current text."
    return Decision(article, rules, revision.lower(), current, len(claims), blocks, text)


def _claims_at(session: Session, article_id: str, at: datetime) -> list[Any]:
    """What `store.claims` gives, as it stood."""
    return [_as_asked(then, place) for then, place in past.claims_of(session, article_id, at)]


def _as_asked(then: Past, place: dict[str, Any]) -> Any:
    verdict = then.verdict or {}
    claim = past.held(Claim, then.claim)
    own = {name: claim[name] for name in ("id", "status", "kind", "score", "stale_since", "stale_reasons")}
    return SimpleNamespace(
        **own,
        **{name: place.get(name) for name in ("exact", "start", "end")},
        label=verdict.get("label"),
        settled_at=past.held(Verdict, verdict)["settled_at"],
        signatures=sum(one.get("verdict_id") == verdict.get("id") for one in then.signatures)
        if verdict
        else 0,
    )


def _blocks(claim: Any, rules: GatePolicy, now: datetime) -> Iterator[Block]:
    if rules.kinds is not None and claim.kind not in rules.kinds:
        return
    if claim.status == Status.CANDIDATE:
        if rules.candidates_from is not None and (claim.score or 0) >= rules.candidates_from:
            yield Block(claim, "candidate", "Nobody has looked at this candidate yet.")
        return
    if claim.status not in rules.passes:
        yield Block(claim, "status", _status(claim))
    if claim.status not in _RATED:
        return
    if claim.signatures < rules.signatures:
        yield Block(
            claim, "signatures", f"Its verdict has {claim.signatures} of {rules.signatures} signatures."
        )
    if rules.max_age_days is not None and claim.settled_at < now - timedelta(days=rules.max_age_days):
        yield Block(claim, "age", f"Its verdict is older than {rules.max_age_days} days.")


def _status(claim: Any) -> str:
    words = f"Its status is {claim.status}, which this policy does not let through."
    if claim.stale_since is None:
        return words
    # What was signed is not what stands here: the text goes out once somebody has looked at just this.
    return f"{words} Its verdict no longer fits. {'. '.join(claim.stale_reasons or ())}."


def policy_of(session: Session, name: str, at: datetime | None = None) -> GatePolicy:
    """The policy of that name as it stands, or stood `at`; or of that name and version: `standard@3`."""
    versioned = _VERSIONED.match(name)
    wanted = versioned[1] if versioned else name
    found = store.named(session, wanted) if at is None else _named_at(session, wanted, at)
    if found is None:
        raise NotFound(f"There is no policy called {name[:80]!r}.", field="policy")
    if versioned is None or int(versioned[2]) == found.version:
        return found
    return _as_of(session, found, int(versioned[2]))


def _named_at(session: Session, name: str, at: datetime) -> GatePolicy | None:
    rows = past.rows(session, "gate_policy", [policy.id for policy in store.every(session)], at)
    for row in rows.values():
        if row.get("name") == name:
            return GatePolicy(**past.held(GatePolicy, row))
    return store.default_policy() if name == DEFAULT_POLICY and store.DEFAULT_ID not in rows else None


def _as_of(session: Session, policy: GatePolicy, version: int) -> GatePolicy:
    """A policy in an earlier version: its events, up to there."""
    if policy.id == store.DEFAULT_ID and version == 0:
        return store.default_policy()
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for event in events_store.of_stream(session, f"gate_policy:{policy.id}"):
        apply(tables, event.patch or {})
        row = tables.get("gate_policy", {}).get(policy.id, {})
        if row.get("version") == version:
            return GatePolicy(**past.held(GatePolicy, row))
    raise NotFound(f"The policy {policy.name!r} has no version {version}.", field="policy")


def add(session: Session, *, by: Identity, details: dict[str, Any]) -> GatePolicy:
    """Make a policy."""
    by.require(Permission.DESKS)
    policy = GatePolicy(id=new_id(), name="", passes=[], updated_at=clock.now())
    _set(session, policy, {"passes": store.default_policy().passes, **details})
    events.append(session, policy, "gate_policy.added", by=by, new=[policy])
    return policy


def change(
    session: Session, name: str, *, by: Identity, version: int | None, details: dict[str, Any]
) -> GatePolicy:
    """Change a policy's rules; the rules of before stay to be asked for by their version."""
    by.require(Permission.DESKS)
    policy = policy_of(session, name.partition("@")[0])
    expect(policy, version)
    if policy.version == 0:
        # The standard policy becomes a row.
        _set(session, policy, details)
        policy.version, policy.updated_at = 1, clock.now()
        events.append(session, policy, "gate_policy.changed", by=by, new=[policy])
        return policy
    with edit(policy) as changed:
        _set(session, policy, details)
    if changed():
        events.append(session, policy, "gate_policy.changed", by=by)
    return policy


def tried(session: Session, policy: GatePolicy, details: dict[str, Any]) -> GatePolicy:
    """A policy as it would be with these rules; nothing is kept. Raises what a change would."""
    would_be = GatePolicy(**policy.model_dump())
    _set(session, would_be, details)
    return would_be


@dataclass(frozen=True, slots=True)
class Version:
    """A policy as an event left it; no event: as every ledger begins with it."""

    policy: GatePolicy
    event: Event | None


def versions(session: Session, policy: GatePolicy) -> list[Version]:
    """All versions of a policy, newest first."""
    found = [Version(store.default_policy(), None)] if policy.id == store.DEFAULT_ID else []
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for event in events_store.of_stream(session, f"gate_policy:{policy.id}"):
        apply(tables, event.patch or {})
        row = tables.get("gate_policy", {}).get(policy.id, {"id": policy.id})
        found.append(Version(GatePolicy(**past.held(GatePolicy, row)), event))
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a policy would say of an article's current text now."""

    article: Article
    claims: int
    blocks: list[Block]


def outlook(session: Session, rules: GatePolicy, *, most: int) -> list[Outlook]:
    """What a policy, kept or only tried, would say of the newest articles."""
    rows, _ = articles_store.listed(session, limit=most)
    claims, now = store.claims_of(session, [row[0].id for row in rows]), clock.now()
    return [
        Outlook(
            article,
            len(claims[article.id]),
            [block for claim in claims[article.id] for block in _blocks(claim, rules, now)],
        )
        for article, *_ in rows
    ]


def _set(session: Session, policy: GatePolicy, details: dict[str, Any]) -> None:
    for name, value in details.items():
        setattr(policy, name, sorted(set(value)) if isinstance(value, list) else value)
    if not NAME.match(policy.name):
        raise Invalid("Use small letters, digits and hyphens, such as front-page.", field="name")
    there = store.named(session, policy.name)
    if there is not None and there.id != policy.id:
        raise Conflict(f"There is a policy called “{policy.name}” already.", field="name")
    _check(policy)


def _check(policy: GatePolicy) -> None:
    if set(policy.passes) - {str(status) for status in Status if status is not Status.CANDIDATE}:
        raise Invalid("Choose statuses of claims.", field="passes")
    if set(policy.kinds or ()) - {str(kind) for kind in Kind}:
        raise Invalid("Choose kinds of claims.", field="kinds")
    if policy.candidates_from is not None and not 0 <= policy.candidates_from <= 1:
        raise Invalid("Write a number from 0 to 1, or leave it empty.", field="candidates_from")
    if not 0 <= policy.signatures <= _MOST_SIGNATURES:
        raise Invalid(f"Write a number from 0 to {_MOST_SIGNATURES}.", field="signatures")
    if policy.max_age_days is not None and not 1 <= policy.max_age_days <= _MOST_DAYS:
        raise Invalid(f"Write a number from 1 to {_MOST_DAYS:,}, or leave it empty.", field="max_age_days")
