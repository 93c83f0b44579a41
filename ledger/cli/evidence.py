"""ledger evidence: adding it and taking it back, and whether sources are still what was captured of them."""

import click
from sqlmodel import Session, select

from ledger import clock
from ledger.app import make_parts
from ledger.cli.main import FAULTS
from ledger.cli.naming import as_option, claim_of, id_of, words_option
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.cli.people import acting
from ledger.errors import Conflict
from ledger.models import Evidence, Look, Stance
from ledger.services import archiving, liveness
from ledger.services import evidence as service
from ledger.store import looks as store
from ledger.store import records
from ledger.web.context import Parts

_MOST = 100_000


@click.group()
def evidence() -> None:
    """Evidence: add it, take it back, look at sources again, and list those that changed or are dead.

    \b
    Examples:
      ledger evidence add 01a2060b-e223-782a-96f6-dd90419789f1 https://example.org/register --stance supports
      ledger evidence check --due
      ledger evidence changed
    """


@evidence.command("check")
@click.argument("ids", nargs=-1, metavar="[EVIDENCE]…")
@click.option("--due", is_flag=True, help="All sources whose time has come.")
@click.option("--all", "everything", is_flag=True, help="All sources that have a copy, due or not.")
def check(ids: tuple[str, ...], due: bool, everything: bool) -> int:
    """Look at sources now, without waiting for a worker.

    Sites are asked politely all the same: what is not its turn is told, and left to the workers.
    Exit code 1: a source is changed, or was not found.
    """
    if bool(ids) + due + everything != 1:
        raise click.UsageError("Name evidence, or say --due or --all.", click.get_current_context())
    faults = False
    with opened() as (settings, _):
        parts = make_parts(settings)
        hours = settings.liveness_hours or liveness.DEFAULT_HOURS
        try:
            liveness.plan(parts.database, hours=hours, most=_MOST)
            for look_id in _named(parts, ids) if ids else _chosen(parts, everything):
                looked = liveness.look(parts.database, parts.polite, parts.blobs, look_id, hours=hours)
                if looked is None:
                    continue
                strikes = f", {looked.strikes} of {liveness.STRIKES} times" if looked.strikes else ""
                problem = f": {looked.problem}" if looked.problem else ""
                say(f"{looked.outcome or 'later':<9}{looked.url}{strikes}{problem}")
                faults = faults or looked.outcome in ("changed", "gone")
        finally:
            parts.database.dispose()
    return FAULTS if faults else 0


def _named(parts: Parts, ids: tuple[str, ...]) -> list[str]:
    with parts.database.read() as session:
        return [_look_of(session, id) for id in ids]


def _look_of(session: Session, id: str) -> str:
    look = store.of_url(session, records.get(session, Evidence, id).url)
    if look is None:
        raise Conflict(f"Of evidence {id} no copy was kept that it could be compared with.")
    return look.id


def _chosen(parts: Parts, everything: bool) -> list[str]:
    with parts.database.read() as session:
        if everything:
            return list(session.exec(select(Look.id)))
        return [look.id for look in store.due(session, clock.now(), _MOST)]


@evidence.command("changed")
@click.option("--seen", is_flag=True, help="Those that somebody said still fit.")
def changed(seen: bool) -> None:
    """List evidence whose source changed or is dead, newest first."""
    with opened() as (_, database), database.read() as session:
        found = store.found_changed(session, after=None, limit=_MOST, seen=seen)
        for piece, claim in found:
            say(f"{piece.id}  {piece.condition:<8}{when(piece.condition_at or clock.now())}  {piece.url}")
            say(f"    {piece.seen_note if seen else piece.condition_why}")
            say(f"    {claim.status}: {claim.statement}")
    if not found:
        say("None.")


@evidence.command("add")
@click.argument("id", metavar="CLAIM")
@click.argument("url", metavar="ADDRESS")
@click.option("--stance", required=True, type=click.Choice([str(one) for one in Stance]))
@click.option("--quote", metavar="TEXT", help="The words that count, verbatim.")
@click.option("--title", metavar="TEXT", help="Title of the source.")
@click.option("--note", metavar="TEXT", help="What it shows.")
@as_option
def add(
    id: str, url: str, stance: str, quote: str | None, title: str | None, note: str | None, email: str | None
) -> None:
    """Add a piece of evidence to CLAIM; a worker makes a copy of what stands at ADDRESS."""
    details = {"url": url, "stance": stance, "quote": quote, "title": title, "note": note}
    with opened() as (_, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        made = service.add(session, claim.id, by=by, details=details)
        say(f"Added: {made.id}")


@evidence.command("withdraw")
@click.argument("id", metavar="EVIDENCE")
@words_option("--reason", "Why it is taken back.")
@as_option
def withdraw(id: str, reason: str, email: str | None) -> None:
    """Take EVIDENCE back; a settled verdict that rests on it is stale then."""
    with opened() as (_, database), database.write() as session:
        by, piece = acting(session, email), _piece(session, id)
        service.withdraw(session, piece.id, by=by, version=piece.version, reason=reason)
        say("Taken back; `ledger evidence restore` undoes it.")


@evidence.command("restore")
@click.argument("id", metavar="EVIDENCE")
@as_option
def restore(id: str, email: str | None) -> None:
    """Put EVIDENCE back that was taken back."""
    with opened() as (_, database), database.write() as session:
        by, piece = acting(session, email), _piece(session, id)
        service.restore(session, piece.id, by=by, version=piece.version)
        say("It counts again.")


@evidence.command("fits")
@click.argument("id", metavar="EVIDENCE")
@words_option("--note", "Why it still fits.")
@as_option
def fits(id: str, note: str, email: str | None) -> None:
    """Say that EVIDENCE bears on its claim as before although its source changed or is dead."""
    with opened() as (_, database), database.write() as session:
        by, piece = acting(session, email), _piece(session, id)
        liveness.still_fits(session, piece.id, by=by, version=piece.version, note=note)
        say("It still fits.")


@evidence.command("archive")
@click.argument("id", metavar="EVIDENCE")
@as_option
def archive(id: str, email: str | None) -> None:
    """Have what EVIDENCE links to handed over to the Wayback Machine; a worker does it."""
    with opened() as (settings, database), database.write() as session:
        by, piece = acting(session, email), _piece(session, id)
        on = settings.wayback_key is not None and settings.wayback_secret is not None
        archiving.ask(session, piece.id, by=by, on=on)
        say("It is handed over as soon as a worker comes to it.")


def _piece(session: Session, given: str) -> Evidence:
    return records.get(session, Evidence, id_of(given, "evidence"))
