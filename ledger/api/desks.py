"""Desks: whose articles are whose, which candidates are shown, and what a verdict takes."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import Desk
from ledger.schemas.common import page_of
from ledger.schemas.desks import DeskDetails, DeskFileOut, DeskIn, DeskOut
from ledger.services import desks
from ledger.store import desks as store
from ledger.web.context import identity, requires, session

bp = Noun("desks", __name__, prefix="/desks", about="People who check articles together.")


def _whole(desk: Desk, *, status: int = 200) -> Response:
    shown = {
        **desk.model_dump(),
        "articles": store.article_counts(session()).get(desk.id, 0),
        "preview": desks.preview(session(), desk.id),
    }
    location = url_for("api_desks.show_desk", id=desk.id) if status == 201 else None
    return reply(DeskFileOut, shown, status=status, version=desk.version, location=location)


@bp.get("")
@requires(Permission.READ)
@bp.answers(200, page_of(DeskOut))
def list_desks() -> Response:
    """List all desks, the default one first"""
    return reply_page(DeskOut, store.every(session()), None)


@bp.post("")
@requires(Permission.DESKS)
@bp.arguments(DeskIn, example={"name": "Health", "threshold": 0.6})
@bp.answers(201, DeskFileOut, location=True)
def add_desk(body: dict[str, Any]) -> Response:
    """Found a desk

    What it leaves out or gives as null of its policy (`signatures`, `min_evidence`, `independent_evidence`,
    `blind`, `carry_harmless`) is as the ledger's settings say, or off.
    """
    return _whole(desks.add(session(), by=identity(), **body), status=201)


@bp.get("/<id>")
@requires(Permission.READ)
@bp.answers(200, DeskFileOut)
def show_desk(id: str) -> Response:
    """Show a desk, with what each threshold would show of its candidates"""
    return _whole(store.get(session(), id))


@bp.patch("/<id>")
@requires(Permission.DESKS)
@bp.edits(DeskOut, Desk)
@bp.arguments(DeskDetails, example={"threshold": 0.65})
@bp.answers(200, DeskFileOut)
def change_desk(details: dict[str, Any], id: str, version: int) -> Response:
    """Change a desk's name, threshold or policy

    No candidate is found or lost by a threshold: more or fewer of them are shown. A policy holds for what is
    proposed and signed from now on. A claim in articles of several desks takes the strictest of theirs.
    """
    return _whole(desks.change(session(), id, by=identity(), version=version, details=details))
