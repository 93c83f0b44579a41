"""ledger evidence: whether sources are still what was captured of them."""

import click
from sqlmodel import Session, select

from ledger import clock
from ledger.app import make_parts
from ledger.cli.main import FAULTS
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.errors import Conflict
from ledger.models import Evidence, Look
from ledger.services import liveness
from ledger.store import looks as store
from ledger.store import records
from ledger.web.context import Parts

_MOST = 100_000


@click.group()
def evidence() -> None:
    """Sources of evidence: look at them again, and list those that changed or are dead.

    \b
    Examples:
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
