"""Sources that are not as they were: the list of them, what differs, and saying that one still fits."""

from typing import Any

from flask import Blueprint, request

from ledger.auth.identity import Permission
from ledger.models import Claim, Evidence
from ledger.services import archiving, liveness, sources
from ledger.store import claims as claims_store
from ledger.store import looks, records
from ledger.ui.forms import REFUSALS, Forms, Refused, typed
from ledger.ui.pages import PAGE, go, notice, render, version, writing
from ledger.web.context import identity, parts, reading, requires
from ledger.web.paging import read_cursor, write_cursor

bp = Blueprint("sources", __name__)


@bp.get("/sources")
@requires(Permission.READ)
def index() -> Any:
    """Evidence whose source changed or is dead, newest first."""
    seen = request.args.get("seen") == "1"
    after = read_cursor(request.args.get("after"))
    found = looks.found_changed(reading(), after=after, limit=PAGE + 1, seen=seen)
    shown = found[:PAGE]
    last = shown[-1][0] if len(found) > PAGE else None
    return render(
        "sources/index.html",
        rows=shown,
        seen=seen,
        names=claims_store.names(reading(), {evidence.seen_by for evidence, _ in shown}),
        older=write_cursor((last.condition_at, last.id)) if last and last.condition_at else None,
    )


@bp.get("/evidence/<id>/source")
@requires(Permission.READ)
def show(id: str) -> Any:
    """A source: whether it is as it was, what differs, and what can be said of that."""
    return _page(id)


def _page(id: str, refused: Refused | None = None) -> Any:
    evidence = records.get(reading(), Evidence, id)
    standing = sources.standing(reading(), evidence)
    return render(
        "sources/show.html",
        status=refused.status if refused else 200,
        piece=evidence,
        claim=records.get(reading(), Claim, evidence.claim_id),
        standing=standing,
        paragraphs=sources.changes(reading(), evidence) if standing.found else [],
        names=claims_store.names(reading(), [evidence.seen_by]),
        archive=parts().wayback is not None,
        on=parts().settings.liveness_hours > 0 and parts().settings.fetch,
        forms=Forms(refused),
    )


@bp.post("/evidence/<id>/source/fits")
@requires(Permission.EVIDENCE)
def fits(id: str) -> Any:
    """Say that the evidence still fits."""
    try:
        with writing() as session:
            liveness.still_fits(
                session, id, by=identity(), version=version(), note=request.form.get("note", "")
            )
    except REFUSALS as error:
        return _page(id, Refused("fits", "", error, typed()))
    notice("Noted: the evidence still fits.")
    return go("sources.show", id=id)


@bp.post("/evidence/<id>/source/look")
@requires(Permission.EVIDENCE)
def look(id: str) -> Any:
    """Have the source looked at now."""
    try:
        with writing() as session:
            liveness.ask(session, id, by=identity())
    except REFUSALS as error:
        return _page(id, Refused("look", "", error, {}))
    notice("The source is looked at as soon as its site may be asked. Load this page again in a moment.")
    return go("sources.show", id=id)


@bp.post("/evidence/<id>/source/archive")
@requires(Permission.EVIDENCE)
def archive(id: str) -> Any:
    """Hand the source over to the Wayback Machine."""
    try:
        with writing() as session:
            archiving.ask(session, id, by=identity(), on=parts().wayback is not None)
    except REFUSALS as error:
        return _page(id, Refused("archive", "", error, {}))
    notice("It is handed over to the Wayback Machine, which may take a while.")
    return go("sources.show", id=id)
