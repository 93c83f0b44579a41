"""The discussion of claims: what people say to each other, and who is named in it."""

from typing import Any

from flask import Response, url_for

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import Claim, Comment
from ledger.schemas.comments import CommentIn, CommentOut, CommentSaidOut, MentionOut, UnreadOut
from ledger.schemas.common import Nothing, PageQuery, page_of
from ledger.services import comments
from ledger.store import comments as store
from ledger.store import records
from ledger.web.context import identity, requires, session
from ledger.web.paging import read_cursor, write_cursor

bp = Noun("comments", __name__, about="The discussion of a claim. It changes neither claim nor verdict.")


def _said(comment: Comment, *, status: int = 200) -> Response:
    found = comments.meant(session(), comment.text)
    shown = {**comment.model_dump(), "unresolved": found.unresolved}
    location = url_for("api_comments.show_comment", id=comment.id) if status == 201 else None
    return reply(CommentSaidOut, shown, status=status, version=comment.version, location=location)


def _whole(comment: Comment) -> Response:
    return reply(CommentOut, comment, version=comment.version)


@bp.get("/claims/<id>/comments")
@requires(Permission.READ)
@bp.arguments(PageQuery, location="query")
@bp.answers(200, page_of(CommentOut), listed=True)
def list_comments(query: dict[str, Any], id: str) -> Response:
    """List what is said about a claim, oldest first

    What was taken back is left out; the log keeps it.
    """
    records.get(session(), Claim, id)
    after = read_cursor(query.get("after"))
    rows, following = store.of_claim_page(session(), id, after=after, limit=query["limit"])
    return reply_page(CommentOut, [row.Comment for row in rows], write_cursor(following))


@bp.post("/claims/<id>/comments")
@requires(Permission.CLAIMS)
@bp.arguments(CommentIn, example={"text": "@Ben, is this the figure of 2023?"})
@bp.answers(201, CommentSaidOut, location=True)
def add_comment(body: dict[str, Any], id: str) -> Response:
    """Say something about a claim

    `@Name` names a colleague: by the whole name, or by a first name that nobody else has. `unresolved` in the
    answer lists the words with @ that name nobody.
    """
    return _said(comments.add(session(), id, by=identity(), text=body["text"]), status=201)


@bp.get("/comments/<id>")
@requires(Permission.READ)
@bp.answers(200, CommentOut)
def show_comment(id: str) -> Response:
    """Show a comment, one that was taken back too"""
    return _whole(records.get(session(), Comment, id))


@bp.patch("/comments/<id>")
@requires(Permission.CLAIMS)
@bp.edits(CommentOut, Comment)
@bp.arguments(CommentIn, example={"text": "@Ben, is this the figure of 2024?"})
@bp.answers(200, CommentSaidOut)
def edit_comment(body: dict[str, Any], id: str, version: int) -> Response:
    """Put one's own words differently"""
    return _said(comments.edit(session(), id, by=identity(), version=version, text=body["text"]))


@bp.step("/comments/<id>/remove", Permission.CLAIMS, CommentOut, Comment)
def remove_comment(id: str, version: int) -> Response:
    """Take one's own words back, or as an editor somebody else's"""
    return _whole(comments.remove(session(), id, by=identity(), version=version))


@bp.step("/comments/<id>/restore", Permission.CLAIMS, CommentOut, Comment)
def restore_comment(id: str, version: int) -> Response:
    """Put a comment back that was taken back"""
    return _whole(comments.restore(session(), id, by=identity(), version=version))


@bp.step("/comments/<id>/resolve", Permission.CLAIMS, CommentOut, Comment)
def resolve_comment(id: str, version: int) -> Response:
    """Say that what a comment asks is settled"""
    return _whole(comments.resolve(session(), id, by=identity(), version=version))


@bp.step("/comments/<id>/reopen", Permission.CLAIMS, CommentOut, Comment)
def reopen_comment(id: str, version: int) -> Response:
    """Say that a comment is not settled after all"""
    return _whole(comments.reopen(session(), id, by=identity(), version=version))


@bp.get("/mentions")
@requires(Permission.READ)
@bp.arguments(PageQuery, location="query")
@bp.answers(200, page_of(MentionOut), listed=True)
def list_mentions(query: dict[str, Any]) -> Response:
    """List the comments that name you, newest first"""
    after = read_cursor(query.get("after"))
    rows, following = store.mentioning(session(), identity().account, after=after, limit=query["limit"])
    items = [{**row.Comment.model_dump(), "statement": row.Claim.statement} for row in rows]
    return reply_page(MentionOut, items, write_cursor(following))


@bp.get("/mentions/unread")
@requires(Permission.READ)
@bp.answers(200, UnreadOut)
def count_mentions() -> Response:
    """Count the comments that name you and that you have not seen"""
    return _unread()


@bp.post("/mentions/seen")
@requires(Permission.READ)
@bp.arguments(Nothing, required=False)
@bp.answers(200, UnreadOut)
def see_mentions(_body: dict[str, Any]) -> Response:
    """Note that you have seen all that names you"""
    comments.look(session(), by=identity())
    return _unread()


def _unread() -> Response:
    return reply(UnreadOut, {"unread": store.unread(session(), identity().account)})
