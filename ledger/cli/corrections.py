"""ledger corrections: what readers were told and are told no more."""

import json
from collections.abc import Iterator

import click
from sqlmodel import Session

from ledger.cli.naming import id_of
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.errors import NotFound
from ledger.models import Article, Claim
from ledger.services import corrections as service
from ledger.services.corrections import Corrected, Deed, Where
from ledger.store import desks, records

_DEEDS = {
    Deed.RATED_ANEW: "rated anew", Deed.CONFIRMED: "confirmed anew", Deed.WITHDRAWN: "withdrawn",
    Deed.RESTORED: "put back", Deed.TAKEN_OUT: "taken out",
}  # fmt: skip


@click.command()
@click.option("--desk", metavar="NAME", help="Only those of this desk's articles; its name or id.")
@click.option("--article", metavar="ID", help="Only those that this article's report tells.")
@click.option("--claim", metavar="ID", help="Only those of this claim.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object each, a line each, as the API has them."
)
def corrections(desk: str | None, article: str | None, claim: str | None, limit: int, as_json: bool) -> None:
    """List what open reports have corrected, newest first: before, after, reason and date.

    \b
    Examples:
      ledger corrections --desk Health
      ledger corrections --claim 01a2060b-e223-782a-96f6-dd90419789f1 --json
    """
    found = False
    with opened() as (settings, database), database.read() as session:
        where = _where(session, desk, article, claim)
        for one in _listed(session, where, limit):
            found = True
            if as_json:
                click.echo(json.dumps(service.shown(one, settings.address), ensure_ascii=False))
                continue
            for line in _lines(one, settings.address):
                say(line)
    if not found and not as_json:
        say("None.")


def _where(session: Session, desk: str | None, article: str | None, claim: str | None) -> Where:
    desk_id = None
    if desk is not None:
        wanted = desk.strip().casefold()
        found = [one for one in desks.every(session) if wanted in (one.id, one.name.casefold())]
        if not found:
            names = ", ".join(one.name for one in desks.every(session))
            raise NotFound(f"--desk: there is no desk {desk[:60]!r}. There are: {names}.")
        desk_id = found[0].id
    return Where(
        article_id=records.get(session, Article, id_of(article, "article")).id if article else None,
        claim_id=records.get(session, Claim, id_of(claim, "claim")).id if claim else None,
        desk_id=desk_id,
    )


def _listed(session: Session, where: Where, limit: int) -> Iterator[Corrected]:
    before: int | None = None
    while limit > 0:
        found, before = service.listed(session, where, before=before)
        yield from found[:limit]
        limit -= len(found)
        if before is None:
            return


def _lines(one: Corrected, base: str) -> Iterator[str]:
    told = one.correction
    yield f"{when(told.at)}  {_DEEDS[told.deed]}  {told.claim_id}  ({one.desk})"
    yield f"    {told.statement}"
    for what, before, after in told.changes:
        yield f"    {what}: “{before}” → “{after}”"
    if told.reason:
        yield f"    Why: {told.reason}"
    for id in one.articles:
        yield f"    {base}/reports/{id}#claim-{told.claim_id}"
