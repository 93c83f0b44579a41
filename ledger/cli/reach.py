"""ledger claim reach, links: whom a claim's verdict reaches, and which claims it came from or went into."""

from collections.abc import Iterator
from typing import Any

import click

from ledger.cli.naming import id_of, json_option
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.export.claimreview import House
from ledger.models import Claim
from ledger.services import reach as service
from ledger.services.reach import Reach
from ledger.settings import Settings
from ledger.store import claims as store
from ledger.store import reach as reach_store
from ledger.store import records


@click.command()
@click.argument("id", metavar="CLAIM")
@json_option
def reach(id: str, as_json: bool) -> None:
    """List whom a change of the verdict of CLAIM reaches.

    Ask before you change or withdraw one.
    """
    with opened() as (settings, database), database.read() as session:
        found = service.of(session, id_of(id, "claim"), house(settings))
        if as_json:
            from ledger.schemas.corrections import ReachOut

            _print_json(ReachOut(), found)
            return
        for line in lines(found):
            say(line)


def house(settings: Settings) -> House:
    """Where the ledger is, and who publishes what it found."""
    return House(settings.address, settings.publisher_name.strip(), settings.publisher_url.rstrip("/"))


def lines(found: Reach) -> Iterator[str]:
    """All that it reaches, for people."""
    told = "An open report tells of it." if found.public else "No open report tells of it."
    yield f"Claim {found.claim.id} ({found.claim.status}): {found.claim.statement}"
    yield f"It reaches: articles {len(found.articles)}, webhooks {len(found.webhooks)}. {told}"
    for place in found.articles:
        since = f"report open since {when(place.report_since)}" if place.report_since else "no open report"
        waits = f", {place.waiting} of {place.places} places wait" if place.waiting else ""
        yield f"  article      {place.article.id}  {place.article.title}: {since}{waits}"
    for hook in found.webhooks:
        yield f"  webhook      {hook.name}"
    for other in found.answers_for:
        yield f"  answers for  {other.id}  {other.statement}"
    for carrier in found.carriers:
        yield f"  {carrier.kind:<12} {carrier.url}{'' if carrier.public else '  (with a token)'}"


@click.command()
@click.argument("id", metavar="CLAIM")
@json_option
def links(id: str, as_json: bool) -> None:
    """List what CLAIM was split from, split into and merged with."""
    with opened() as (_, database), database.read() as session:
        claim = records.get(session, Claim, id_of(id, "claim"))
        parent = records.get(session, Claim, claim.split_from) if claim.split_from else None
        survivor = store.survivor(session, claim) if claim.merged_into else None
        parts = reach_store.parts(session, claim.id)
        merged = reach_store.answered_for(session, claim.id)
        if as_json:
            from ledger.schemas.corrections import LinksOut

            shown = {"split_from": parent, "parts": parts, "merged_into": survivor, "merged": merged}
            _print_json(LinksOut(), shown)
            return
        found = [("split from", parent), *(("split into", one) for one in parts)]
        found += [("merged into", survivor), *(("took in", one) for one in merged)]
        told = [f"{how:<12} {one.id}  {one.status}  {one.statement}" for how, one in found if one]
        for line in told or ["It was neither split nor merged."]:
            say(line)


def _print_json(schema: Any, found: Any) -> None:
    import orjson

    click.echo(orjson.dumps(schema.dump(found), option=orjson.OPT_INDENT_2).decode())
