"""Sources of evidence, looked at again: whether they are as they were, and what people say of that."""

from typing import Any

from flask import Response

from ledger.api.evidence import evidence_reply
from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import Evidence
from ledger.schemas.common import Nothing, page_of
from ledger.schemas.evidence import EvidenceOut
from ledger.schemas.sources import SourceChangesOut, SourceOut, SourceQuery, StillFitsIn
from ledger.services import archiving, liveness, sources
from ledger.store import evidence as evidence_store
from ledger.store import looks, records
from ledger.web.context import identity, parts, requires, session
from ledger.web.paging import read_cursor, write_cursor

bp = Noun("sources", __name__, about="Sources of evidence, looked at again: changed, dead, or as they were.")


def _shown(id: str, *, status: int = 200) -> Response:
    evidence = records.get(session(), Evidence, id)
    standing = sources.standing(session(), evidence)
    body = {
        "evidence": {**evidence.model_dump(), "capture": standing.capture},
        "found": standing.found,
        "look": standing.look,
        "under_way": standing.under_way,
        "quote_stood": standing.quote_stood,
        "quote_stands": standing.quote_stands,
        "archiving": standing.archiving,
    }
    return reply(SourceOut, body, status=status, version=evidence.version)


@bp.get("/sources")
@requires(Permission.READ)
@bp.arguments(SourceQuery, location="query")
@bp.answers(200, page_of(EvidenceOut), listed=True)
def list_changed_sources(query: dict[str, Any]) -> Response:
    """List evidence whose source changed or is dead, newest first

    Only what is in force, and that nobody saw yet, unless you ask for what somebody did.
    """
    after = read_cursor(query.get("after"))
    found = looks.found_changed(session(), after=after, limit=query["limit"] + 1, seen=query["seen"])
    shown = [
        {**evidence.model_dump(), "capture": evidence_store.capture(session(), evidence.capture_id)}
        for evidence, _ in found[: query["limit"]]
    ]
    last = found[query["limit"] - 1][0] if len(found) > query["limit"] else None
    following = write_cursor((last.condition_at, last.id)) if last and last.condition_at else None
    return reply_page(EvidenceOut, shown, following)


@bp.get("/evidence/<id>/source")
@requires(Permission.READ)
@bp.answers(200, SourceOut)
def show_source(id: str) -> Response:
    """Show whether a source is still what was captured of it

    Three looks at least a day apart that find nothing make it `dead`; other words make it `changed`. A
    settled verdict that rests on it is stale until somebody says that it still fits, or takes it back.
    """
    return _shown(id)


@bp.get("/evidence/<id>/source/changes")
@requires(Permission.READ)
@bp.answers(200, SourceChangesOut)
def show_source_changes(id: str) -> Response:
    """Show what a source holds otherwise than when it was captured, word by word"""
    evidence = records.get(session(), Evidence, id)
    standing = sources.standing(session(), evidence)
    body = {"quote_stands": standing.quote_stands, "paragraphs": sources.changes(session(), evidence)}
    return reply(SourceChangesOut, body, version=evidence.version)


@bp.post("/evidence/<id>/source/look")
@requires(Permission.EVIDENCE)
@bp.arguments(Nothing, required=False)
@bp.answers(202, SourceOut)
def look_at_source(_body: dict[str, Any], id: str) -> Response:
    """Look at a source again now

    In the background, and when its site may be asked: `under_way` and `look` show how far it is.
    """
    liveness.ask(session(), id, by=identity())
    return _shown(id, status=202)


@bp.post("/evidence/<id>/source/fits")
@requires(Permission.EVIDENCE)
@bp.edits(EvidenceOut, Evidence)
@bp.arguments(StillFitsIn, example={"note": "Only the headline was corrected; the figure stands."})
@bp.answers(200, EvidenceOut)
def say_source_fits(body: dict[str, Any], id: str, version: int) -> Response:
    """Say that evidence still fits although its source changed or is dead

    Verdicts that were stale for nothing else hold again. If the source changes once more, and its quote with
    it, they are stale again.
    """
    return evidence_reply(
        liveness.still_fits(session(), id, by=identity(), version=version, note=body["note"])
    )


@bp.post("/evidence/<id>/source/archive")
@requires(Permission.EVIDENCE)
@bp.arguments(Nothing, required=False)
@bp.answers(202, SourceOut)
def archive_source(_body: dict[str, Any], id: str) -> Response:
    """Hand a source over to the Wayback Machine, or once more after it failed

    In the background; `archiving` shows how far it is. Its time-outs count as `unknown`, and are looked after
    later. 409 where the ledger has no keys for it.
    """
    archiving.ask(session(), id, by=identity(), on=parts().wayback is not None)
    return _shown(id, status=202)
