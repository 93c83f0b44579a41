"""Pages for bringing others' claims in: a file, which column holds what, a trial, and then for good."""

from io import BytesIO
from typing import Any

from flask import Blueprint, request

from claims.values import dataclass
from ledger.auth.identity import Permission
from ledger.errors import Invalid, LedgerError, NotFound, Unreadable
from ledger.services import imports
from ledger.services.imports import FIELDS, FORMATS, Import
from ledger.store import claims as claims_store
from ledger.store import desks as desks_store
from ledger.ui.forms import REFUSALS, Form, Refused, typed
from ledger.ui.pages import go, in_place, notice, render, writing
from ledger.web.context import identity, parts, reading, requires

bp = Blueprint("imports", __name__)

_REFUSALS = (*REFUSALS, NotFound, Unreadable)
LABELS = {
    "statement": "The claim", "words": "The article’s words", "claimant": "Who said it", "kind": "Kind",
    "language": "Language", "tags": "Tags", "url": "Article’s address", "title": "Article’s title",
    "publisher": "Article’s publisher", "published": "Article’s date", "evidence_url": "Source’s address",
    "stance": "What the source does", "quote": "The source’s words", "evidence_title": "Source’s title",
    "evidence_publisher": "Source’s publisher", "evidence_published": "Source’s date",
    "rating": "Another publisher’s rating", "note": "Note on the source",
}  # fmt: skip
COUNTED = {
    "rows": "read", "claims": "new claims", "places": "places in articles", "sources": "pieces of evidence",
    "articles": "new articles", "there": "in the ledger already", "refused": "refused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A file between its upload and its mapping: how it is called, and where it lies."""

    name: str
    sha256: str


@bp.get("/imports")
@requires(Permission.EVIDENCE)
def index() -> Any:
    """The form for a file, and what was brought in lately."""
    return _index(Form({}))


def _index(form: Form, status: int = 200) -> Any:
    lately = imports.every(reading(), by=identity())
    return render(
        "imports/index.html",
        status=status,
        form=form,
        formats=FORMATS,
        desks=desks_store.every(reading()),
        lately=lately,
        names=claims_store.names(reading(), [one.account_id for one in lately]),
    )


@bp.post("/imports")
@requires(Permission.EVIDENCE)
def send() -> Any:
    """Try a file; of a table, first ask which column holds what."""
    try:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise Invalid("Choose the file.", field="file")
        body = file.read()
        format = request.form.get("format") or imports.meant(BytesIO(body))
        if format == "csv":
            imports.look(BytesIO(body))
            kept = Kept(file.filename, parts().blobs.put(body))
            return go("imports.columns", sha256=kept.sha256, name=kept.name[:200], desk=_desk())
        return _ask(body, file.filename, format)
    except _REFUSALS as error:
        return _index(Refused("send", "", error, typed()).form({"file": None, "format": None}, None), 422)


def _desk() -> str | None:
    return request.form.get("desk_id") or None


def _ask(body: bytes, name: str, format: str, mapping: dict[str, str] | None = None) -> Any:
    """Try it: what would come of it is seen before anything is changed."""
    with writing() as session:
        asked = imports.ask(
            session, parts().blobs, body, by=identity(), name=name, format=format, mapping=mapping,
            desk_id=_desk(), dry_run=True,
        )  # fmt: skip
    return go("imports.detail", id=asked.id)


@bp.get("/imports/columns")
@requires(Permission.EVIDENCE)
def columns() -> Any:
    """Which column of a table holds what, as its names suggest, beside its first rows."""
    return _columns(
        Kept(request.args.get("name", ""), request.args.get("sha256", "")), request.args.get("desk")
    )


def _columns(kept: Kept, desk: str | None, error: LedgerError | None = None) -> Any:
    with parts().blobs.open(kept.sha256) as file:
        look = imports.look(file)
    chosen = _chosen() if error else look.mapping
    places = {column: place for place, column in enumerate(look.columns)}
    return render(
        "imports/columns.html",
        status=422 if error else 200,
        kept=kept,
        desk=desk,
        look=look,
        chosen=chosen,
        shown={field: places[column] for field, column in chosen.items() if column in places},
        fields=FIELDS,
        labels=LABELS,
        error=error,
    )


def _chosen() -> dict[str, str]:
    """The mapping that the form says: {field: column}."""
    sent = ((field, request.form.get(f"map-{field}", "")) for field in FIELDS)
    return {field: column for field, column in sent if column}


@bp.post("/imports/columns")
@requires(Permission.EVIDENCE)
def map_columns() -> Any:
    """Try the table with this mapping."""
    kept = Kept(request.form.get("name", ""), request.form.get("sha256", ""))
    with parts().blobs.open(kept.sha256) as file:
        body = file.read()
    try:
        chosen = _chosen()
        if "statement" not in chosen:
            raise Invalid("Say which column holds the claims.", field="statement")
        return _ask(body, kept.name, "csv", chosen)
    except _REFUSALS as error:
        return _columns(kept, _desk(), error)


@bp.get("/imports/<id>")
@requires(Permission.EVIDENCE)
def detail(id: str) -> Any:
    """How far an import is, what came of it, and what could not be taken; for htmx the part that changes."""
    found = imports.show(reading(), id, by=identity())
    names = claims_store.names(reading(), [found.account_id])
    return render(
        "imports/show.html",
        part="imports/_progress.html",
        found=found,
        sender=names.get(found.account_id, ""),
        formats=FORMATS,
        labels=LABELS,
        counted=COUNTED,
        going=going(found),
        in_place=in_place(),
    )


def going(found: Import) -> bool:
    """Whether an import is still to come to its end."""
    return found.state in ("queued", "running")


@bp.post("/imports/<id>")
@requires(Permission.EVIDENCE)
def take_it(id: str) -> Any:
    """Bring in for good what was tried."""
    try:
        with writing() as session:
            asked = imports.take_it(session, id, by=identity())
    except REFUSALS as error:
        notice(error.message, kind="bad")
        return go("imports.detail", id=id)
    return go("imports.detail", id=asked.id)
