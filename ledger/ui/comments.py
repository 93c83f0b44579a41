"""The discussion on a claim's page, and the page with what names oneself."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from ledger.auth.identity import Permission
from ledger.models import Claim, Comment
from ledger.services import comments
from ledger.services.mentions import Unresolved
from ledger.store import accounts, records
from ledger.store import comments as store
from ledger.ui import discussion
from ledger.ui.claims import act
from ledger.ui.pages import go, notice, render, version, writing
from ledger.web.context import identity, maybe_identity, reading, requires
from ledger.web.paging import read_cursor, write_cursor

bp = Blueprint("comments", __name__)


def register(app: Flask) -> None:
    """Let every page say how many comments name its reader that they have not seen."""
    app.jinja_env.globals["unread_mentions"] = _unread


def _unread() -> int:
    who = maybe_identity()
    try:
        return store.unread(reading(), who.account) if who and who.account_id else 0
    except SQLAlchemyError:
        # The page of an error must do without a database.
        return 0


@bp.post("/claims/<id>/comments")
@requires(Permission.CLAIMS)
def add(id: str) -> Any:
    """Say something about a claim."""
    records.get(reading(), Claim, id)

    def say(session: Session) -> Comment:
        comment = comments.add(session, id, by=identity(), text=request.form.get("text", ""))
        _tell_unresolved(session, comment)
        return comment

    return act(id, "say", say)


@bp.post("/comments/<id>/edit")
@requires(Permission.CLAIMS)
def edit(id: str) -> Any:
    """Put one's own words differently."""

    def change(session: Session) -> Comment:
        text = request.form.get("text", "")
        comment = comments.edit(session, id, by=identity(), version=version(), text=text)
        _tell_unresolved(session, comment)
        return comment

    return _act(id, "say-again", change, done="Saved.")


@bp.post("/comments/<id>/remove")
@requires(Permission.CLAIMS)
def remove(id: str) -> Any:
    """Take a comment back."""
    comment = records.get(reading(), Comment, id)

    def take_back(session: Session) -> Comment:
        taken = comments.remove(session, id, by=identity(), version=version())
        # The undo of this deed posts to the comment and not to its claim.
        where = url_for("comments.restore", id=id, article=request.args.get("article"))
        notice("The comment is taken back.", undo=("Undo", where, {"version": taken.version}))
        return taken

    return act(comment.claim_id, "unsay", take_back, key=id)


@bp.post("/comments/<id>/restore")
@requires(Permission.CLAIMS)
def restore(id: str) -> Any:
    """Put a comment back."""
    return _act(id, "unsay", lambda s: comments.restore(s, id, by=identity(), version=version()))


@bp.post("/comments/<id>/resolve")
@requires(Permission.CLAIMS)
def resolve(id: str) -> Any:
    """Say that what a comment asks is settled."""
    return _act(id, "settle", lambda s: comments.resolve(s, id, by=identity(), version=version()))


@bp.post("/comments/<id>/reopen")
@requires(Permission.CLAIMS)
def reopen(id: str) -> Any:
    """Say that it is not settled after all."""
    return _act(id, "settle", lambda s: comments.reopen(s, id, by=identity(), version=version()))


@bp.get("/mentions")
@requires(Permission.READ)
def mentions() -> Any:
    """What names oneself, newest first."""
    me, session = identity(), reading()
    rows, further = store.mentioning(session, me.account, after=read_cursor(request.args.get("after")))
    said = discussion.shown(session, [row.Comment for row in rows], me)
    return render(
        "comments/mentions.html",
        found=[(one, row.Claim) for one, row in zip(said, rows, strict=True)],
        older=write_cursor(further),
        seen=store.seen(session, me.account),
        unread=store.unread(session, me.account),
    )


@bp.post("/mentions/seen")
@requires(Permission.READ)
def see() -> Any:
    """Note that one has seen all that names one."""
    with writing() as session:
        comments.look(session, by=identity())
    return go("comments.mentions")


@bp.get("/colleagues")
@requires(Permission.CLAIMS)
def colleagues() -> dict[str, Any]:
    """For scripts: the names that can stand after an @."""
    return {"names": sorted({person.name for person in accounts.active(reading())}, key=str.casefold)}


def _act(id: str, name: str, change: Callable[[Session], Any], *, done: str | None = None) -> Any:
    comment = records.get(reading(), Comment, id)
    return act(comment.claim_id, name, change, done=done, key=id)


def _tell_unresolved(session: Session, comment: Comment) -> None:
    for one in comments.meant(session, comment.text).unresolved[:3]:
        notice(_unresolved(one), kind="note")


def _unresolved(one: Unresolved) -> str:
    if one.several:
        return f"“{one.words}” could be several people, so nobody is told. Write the whole name."
    return f"“{one.words}” names nobody here, so nobody is told."
