"""Idempotency-Key: a write that is sent twice is done once, and answered twice.

The answer is kept in the same transaction as the write, so that neither stands without the other. A program
that lost its answer sends the same request with the same key, and gets what it would have got.
"""

import hashlib
import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Response, g, request
from sqlmodel import Session, col

from ledger import clock
from ledger.errors import Invalid
from ledger.models import KeptAnswer
from ledger.web.context import maybe_identity, parts

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_LONGEST = 1 << 20
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "description": "A word of your own for this very write, such as a UUID. Sent again with the same key "
    "within 24 hours, it is not done again: the first answer comes once more, with "
    "`Idempotency-Replayed: true`.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$", "minLength": 1, "maxLength": 255},
}


def first_answer() -> Response | None:
    """The answer that this very write got before. Raises Invalid for a key that stood for another."""
    key, who = _key(), maybe_identity()
    if key is None or who is None:
        return None
    if not _KEY.match(key):
        raise Invalid("Write 1 to 255 visible ASCII characters, such as a UUID.", field=HEADER)
    return _before(who.actor, key)


def keep(response: Response) -> Response:
    """Keep the answer of a write that went well, beside what it wrote."""
    key, who = _key(), maybe_identity()
    if key is None or who is None or not _KEY.match(key) or REPLAYED in response.headers:
        return response
    session: Session | None = g.get("ledger_session")
    if response.status_code == 409:
        # Perhaps for no other reason than that the same, sent at the same time, was first.
        return _before(who.actor, key, quietly=True) or response
    if session is None or not 200 <= response.status_code < 300 or response.mimetype != "application/json":
        return response
    # Writers take turns: who was first is done by now.
    kept = _kept(session, who.actor, key)
    if kept is not None:
        session.rollback()
        return _replayed(kept)
    body, now = response.get_data(), clock.now()
    if len(body) <= _LONGEST:
        session.execute(sa.delete(KeptAnswer).where(col(KeptAnswer.created_at) < now - KEPT))
        session.execute(
            sa.insert(KeptAnswer).values(
                actor=who.actor, key=key, digest=_digest(), status=response.status_code, body=body,
                etag=response.headers.get("ETag"), location=response.headers.get("Location"), created_at=now,
            )
        )  # fmt: skip
    return response


def _key() -> str | None:
    return request.headers.get(HEADER) if request.method == "POST" else None


def _before(actor: str, key: str, *, quietly: bool = False) -> Response | None:
    with parts().database.read() as session:
        kept = _kept(session, actor, key)
    if kept is not None and kept.digest != _digest():
        if quietly:
            return None
        raise Invalid("This key stood for another write; make a new one for each.", field=HEADER)
    return None if kept is None else _replayed(kept)


def _digest() -> str:
    """Of all that was sent but the version named, which is of the record as it was before."""
    asked = hashlib.sha256(f"{request.method} {request.full_path} {request.mimetype}\n".encode())
    if request.mimetype != "multipart/form-data":
        asked.update(request.get_data(cache=True))
        return asked.hexdigest()
    # Each time that it is sent, the parts have another boundary.
    for name, value in request.form.items(multi=True):
        asked.update(f"{name}={value}\n".encode("utf-8", "replace"))
    for name, file in request.files.items(multi=True):
        asked.update(f"{name}: {file.filename}\n".encode("utf-8", "replace"))
        # Whoever reads it, before or after, begins at its beginning.
        file.stream.seek(0)
        asked.update(file.stream.read())
        file.stream.seek(0)
    return asked.hexdigest()


def _kept(session: Session, actor: str, key: str) -> KeptAnswer | None:
    found = session.get(KeptAnswer, (actor, key))
    return found if found is not None and found.created_at >= clock.now() - KEPT else None


def _replayed(kept: KeptAnswer) -> Response:
    response = Response(kept.body, status=kept.status, mimetype="application/json")
    response.headers[REPLAYED] = "true"
    for name, value in (("ETag", kept.etag), ("Location", kept.location)):
        if value is not None:
            response.headers[name] = value
    return response
