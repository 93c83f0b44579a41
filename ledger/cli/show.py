"""ledger show: one claim, now or on a date."""

from collections.abc import Iterator
from typing import Any

import click

from ledger import clock
from ledger.cli.naming import id_of
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.eventlog.canonical import timestamp
from ledger.services import history
from ledger.store import claims as store


@click.command()
@click.argument("claim", metavar="CLAIM")
@click.option(
    "--at",
    metavar="DATE",
    help="As it stood then. 2026-11-23 means the end of that day in UTC; 2026-11-23T14:30+01:00 that moment; "
    "without a zone, UTC.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON: the rows as the log has them.")
def show(claim: str, at: str | None, as_json: bool) -> None:
    """Show a claim as it stands, or as it stood on a date, by folding its events.

    CLAIM is the claim's id, or an address with that in it. Names of people are today's.

    \b
    Example:
      ledger show 019ab0d5-7c11-7a20-9d6b-0f3e5a1b2c3d --at 2026-11-20
    """
    moment = history.moment(at) if at else clock.now()
    with opened() as (_, database), database.read() as session:
        past = history.claim_at(session, id_of(claim, "claim"), moment)
        if as_json:
            _print_json(past)
            return
        names = store.names(session, _people(past))
        for line in _lines(past, names):
            say(line)


def _print_json(past: history.Past) -> None:
    import orjson

    event = past.last_event
    value = {
        "as_of": timestamp(past.at),
        "last_event": {"seq": event.seq, "id": event.id, "kind": event.kind, "at": timestamp(event.at)},
        "redacted_events": past.redacted,
        "claim": past.claim,
        "appearances": past.appearances,
        "quantities": past.quantities,
        "evidence": past.evidence,
        "verdicts": past.verdicts,
        "signatures": past.signatures,
    }
    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def _people(past: history.Past) -> set[str | None]:
    people = {past.claim.get("assignee_id"), past.claim.get("withdrawn_by")}
    people |= {verdict["proposed_by"] for verdict in past.verdicts}
    return people | {signature["account_id"] for signature in past.signatures}


def _lines(past: history.Past, names: dict[str, str]) -> Iterator[str]:
    claim = past.claim
    yield f"Claim {claim['id']}, version {claim.get('version', '?')}, as of {when(past.at)}"
    if past.redacted:
        yield f"({past.redacted} of its events are redacted: what they said is missing here.)"
    yield f"  status     {claim.get('status')}"
    yield f"  statement  {claim.get('statement')}"
    yield f"  kind       {claim.get('kind')}"
    if claim.get("claimant"):
        yield f"  claimant   {claim['claimant']}"
    if claim.get("assignee_id"):
        yield f"  with       {_name(claim['assignee_id'], names)}"
    if claim.get("stale_since"):
        yield f"  stale      since {claim['stale_since']}: {'; '.join(claim.get('stale_reasons') or [])}"
    if claim.get("withdrawn_at"):
        yield f"  withdrawn  {claim['withdrawn_at']}: {claim['withdrawn_note']}"
    for place in past.appearances:
        yield f"  stands in  article {place['article_id']}, characters {place['start']} to {place['end']}:"
        yield f"             “{place['exact']}”"
    for piece in past.evidence:
        back = " (taken back)" if piece.get("withdrawn_at") else ""
        yield f"  evidence   {piece['stance']}{back}: {piece['url']}"
        if piece.get("quote"):
            yield f"             “{piece['quote']}”"
    for verdict in past.verdicts:
        yield from _verdict_lines(past, verdict, names)
    event = past.last_event
    yield f"Last event by then: {event.kind}, {when(event.at)}, number {event.seq} of the log."


def _verdict_lines(past: history.Past, verdict: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    state = verdict["state"].replace("_", " ")
    yield f"  verdict    {verdict['label']} ({state}), by {_name(verdict['proposed_by'], names)}"
    yield f"             {verdict['rationale']}"
    for signature in past.signatures:
        if signature["verdict_id"] == verdict["id"]:
            alone = ", overriding" if signature["capacity"] == "override" else ""
            yield f"             signed by {_name(signature['account_id'], names)}{alone}"


def _name(account_id: str, names: dict[str, str]) -> str:
    return names.get(account_id, account_id)
