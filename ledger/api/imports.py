"""Bringing others' claims in: a file is sent, and a job reads it."""

from dataclasses import asdict
from io import BytesIO
from typing import Any

from flask import Response, request, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.schemas.common import page_of
from ledger.schemas.imports import ImportOut, ImportQuery, LookQuery, TableLookOut
from ledger.services import imports
from ledger.web.context import identity, parts, requires, session

bp = Noun("imports", __name__, prefix="/imports", about="Bringing others' claims in, whole files at a time.")

_BINARY = {"type": "string", "format": "binary"}
_FORM = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": {**_BINARY, "description": "The file."}},
}
_TABLE = {
    "text/csv": {"schema": _BINARY},
    "application/octet-stream": {"schema": _BINARY},
    "multipart/form-data": {"schema": _FORM},
}
_WHOLE = {
    "application/json": {"schema": {}},
    "application/ld+json": {"schema": {}},
    "application/jsonl": {"schema": _BINARY},
    "text/html": {"schema": _BINARY},
    **_TABLE,
}


def _body(content: dict[str, Any]) -> dict[str, Any]:
    told = "The file, as it is or as a form's part `file`."
    return {"description": told, "required": True, "content": content}


@bp.get("")
@requires(Permission.ARTICLES)
@bp.answers(200, page_of(ImportOut), listed=True)
def list_imports() -> Response:
    """List the newest 50 imports, newest first"""
    items = [_shown(one) for one in imports.every(session(), by=identity())]
    return reply_page(ImportOut, items, None)


@bp.post("")
@requires(Permission.ARTICLES)
@bp.doc(requestBody=_body(_WHOLE), responses={400: "BAD_REQUEST"})
@bp.arguments(ImportQuery, location="query")
@bp.answers(202, ImportOut, location=True)
def add_import(query: dict[str, Any]) -> Response:
    """Bring a file of claims in, in the background

    Claims come in unchecked, with the places where they were made. What another publisher found is evidence
    and no verdict. What is there already is left alone, so that the same file may be sent twice. Needs the
    scopes `claims:write` and `evidence:write`, too.
    """
    body, name = _file()
    name = query.pop("name", None) or name
    asked = imports.ask(session(), parts().blobs, body, by=identity(), name=name, **query)
    return _accepted(asked)


@bp.get("/<id>")
@requires(Permission.ARTICLES)
@bp.answers(200, ImportOut)
def show_import(id: str) -> Response:
    """Show how far an import is, and which rows it could not take"""
    return reply(ImportOut, _shown(imports.show(session(), id, by=identity())))


@bp.post("/<id>/apply")
@requires(Permission.ARTICLES)
@bp.answers(202, ImportOut, location=True)
def apply_import(id: str) -> Response:
    """Do for good what a dry run tried

    The same file, read in the same way, as an import of its own.
    """
    return _accepted(imports.take_it(session(), id, by=identity()))


@bp.post("/columns")
@requires(Permission.ARTICLES)
@bp.doc(requestBody=_body(_TABLE), responses={400: "BAD_REQUEST"})
@bp.arguments(LookQuery, location="query")
@bp.answers(200, TableLookOut)
def look_at_columns(query: dict[str, Any]) -> Response:
    """Look at a table before it is brought in

    Its columns, its first rows, and the mapping that the columns' names suggest. Nothing is kept.
    """
    body, _ = _file()
    return reply(TableLookOut, asdict(imports.look(BytesIO(body))))


def _accepted(asked: imports.Import) -> Response:
    location = url_for("api_imports.show_import", id=asked.id)
    return reply(ImportOut, _shown(asked), status=202, location=location)


def _shown(one: imports.Import) -> dict[str, Any]:
    return asdict(one)


def _file() -> tuple[bytes, str]:
    if request.mimetype != "multipart/form-data":
        return request.get_data(), "file"
    file = request.files.get("file")
    other = next(iter((set(request.files) | set(request.form)) - {"file"}), None)
    if file is None or other is not None:
        raise Invalid("Send one file, as the part “file”.", field=(other or "file")[:60])
    return file.read(), file.filename or "file"
