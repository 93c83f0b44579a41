"""A CSV of claims that was edited and comes back."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import BytesIO
from shutil import copyfileobj
from typing import Any, BinaryIO, cast

import orjson
from flask import Response, request
from webargs.flaskparser import abort

from ledger.api.nouns import Noun
from ledger.api.repeats import HEADER
from ledger.api.replies import reply_json
from ledger.auth.identity import Permission
from ledger.errors import Conflict
from ledger.schemas.changesets import ChangesOut, ChangesQuery
from ledger.services import changesets, returned
from ledger.services.changesets import CONFLICT, OUTDATED, REFUSED, Applied, Judged
from ledger.services.returned import Found
from ledger.web.context import identity, reading, requires, session, stop_reading

bp = Noun("changesets", __name__, about="Exports that come back, edited.")

_MEDIA_TYPES = ("text/csv", "text/tab-separated-values", "application/octet-stream")
_IN_MEMORY = 1 << 20
_BODY = {
    "description": "The file as it was exported and edited: UTF-8, UTF-16 or Windows-1252, between commas, "
    "semicolons or tabs; which it is shows from the file. Rows and columns that you did not change may be "
    "left out, but `claim_id` and `version`.",
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "format": "binary", "maxLength": 1_000_000_000}}
        for kind in _MEDIA_TYPES
    },
}


@bp.post("/claims:changes")
@requires(Permission.CLAIMS)
@bp.arguments(ChangesQuery, location="query")
@bp.doc(requestBody=_BODY)
@bp.answers(200, ChangesOut)
def change_claims_by_file(query: dict[str, Any]) -> Response:
    """Change claims by an exported CSV that was edited

    `statement`, `kind`, `claimant`, `tags`, `assignee` (by name) may be changed; `status` from `candidate` to
    `unchecked`, or to `dismissed`. Each cell is compared with what stood in the row's `version`; an
    emptied cell empties; a row or column that is not there changes nothing. What others changed since is
    told and left, as is what the rules of each deed forbid. All else is done in one transaction, 1,000 claims
    at most, with an event for each deed. Cells of other columns that hold something else are told as refused,
    as is what a spreadsheet is known to do by itself to dates, numbers and letters.
    """
    with _file() as file:
        found = returned.read(reading(), file, raw=query["raw"])
    judged = changesets.judged(reading(), found.rows, by=identity())
    stop_reading()
    applied = Applied()
    if not query["dry_run"]:
        if query["atomic"]:
            _refuse_half(judged, found)
        picked = changesets.ready(found.rows, judged)
        applied = changesets.apply(session(), picked, by=identity()) if picked else applied
        if query["atomic"] and applied.left:
            raise Conflict(
                "Somebody changed one of these claims meanwhile; nothing was changed. Send it again."
            )
        changesets.settled(judged, applied)
    return reply_json(orjson.dumps(_told(found, judged, applied, dry_run=query["dry_run"])))


@contextmanager
def _file() -> Iterator[BinaryIO]:
    """The body as a file, which does not lie in memory."""
    if request.mimetype not in _MEDIA_TYPES:
        abort(415, message="Send the file itself, with the header “Content-Type: text/csv”.")
    if HEADER in request.headers:
        # It was read already, to tell whether it came before.
        yield BytesIO(request.get_data(cache=True))
        return
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        copyfileobj(request.stream, file)
        yield cast(BinaryIO, file)


def _refuse_half(judged: list[Judged], found: Found) -> None:
    """Raise Conflict unless all that was changed can be applied."""
    counts = changesets.counts(judged)
    moved, refused = counts[OUTDATED] + counts[CONFLICT], counts[REFUSED] + found.not_told
    if moved or refused:
        raise Conflict(
            f"Nothing was changed: {moved:,} cells are of claims that changed since the export, and "
            f"{refused:,} can't be taken. With dry_run you see which.",
            field="atomic",
        )


def _told(found: Found, judged: list[Judged], applied: Applied, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "encoding": found.encoding,
        "separator": found.separator,
        "read": found.read,
        "missing_columns": found.missing,
        "unknown_columns": found.unknown,
        "counts": changesets.counts(judged),
        "rows": [_row(one) for one in judged],
        "not_told": found.not_told,
        "claims": len(applied.claims),
        "first": applied.first,
        "last": applied.last,
    }


def _row(row: Judged) -> dict[str, Any]:
    return {
        "number": row.number,
        "claim_id": row.claim_id,
        "version": row.version,
        "now": row.now,
        "statement": row.statement,
        "cells": [asdict(cell) for cell in row.cells],
        "refusals": [asdict(one) for one in row.refusals],
    }
