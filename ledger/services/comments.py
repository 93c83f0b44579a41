"""The discussion of a claim: saying something, naming people in it, correcting it, settling it.

A comment is a record of its own with a stream of its own. It changes no claim, not even its version:
whoever edits the claim meanwhile meets no conflict, and no signature is touched.
"""

from collections.abc import Callable

from sqlmodel import Session

from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Conflict, Forbidden
from ledger.ids import new_id
from ledger.models import Claim, Comment
from ledger.services import events, mentions
from ledger.services.changes import expect, required_text
from ledger.store import accounts, records
from ledger.store import comments as store

LONGEST = 4000


def add(session: Session, claim_id: str, *, by: Identity, text: str) -> Comment:
    """Say something about a claim, in whatever state that is."""
    by.require(Permission.CLAIMS)
    words = required_text(text, field="text", longest=LONGEST)
    claim = records.get(session, Claim, claim_id)
    comment = Comment(
        id=new_id(),
        claim_id=claim.id,
        text=words,
        mentions=meant(session, words).people,
        added_at=clock.now(),
        added_by=by.account,
    )
    events.append(session, comment, "comment.added", by=by, new=[comment])
    return comment


def edit(session: Session, id: str, *, by: Identity, version: int | None, text: str) -> Comment:
    """Put one's own words differently."""
    words = required_text(text, field="text", longest=LONGEST)
    comment = _standing(session, id, by=by, version=version)
    if comment.added_by != by.account:
        raise Forbidden("Only who said it can put it differently.")
    if words != comment.text:
        comment.text, comment.mentions = words, meant(session, words).people
        comment.edited_at = clock.now()
        events.append(session, comment, "comment.edited", by=by)
    return comment


def remove(session: Session, id: str, *, by: Identity, version: int | None) -> Comment:
    """Take one's own words back, or as an editor somebody else's. The log keeps them."""
    comment = _standing(session, id, by=by, version=version)
    _own_or_editor(comment, by)
    comment.removed_at = clock.now()
    events.append(session, comment, "comment.removed", by=by)
    return comment


def restore(session: Session, id: str, *, by: Identity, version: int | None) -> Comment:
    """Undo `remove`."""
    by.require(Permission.CLAIMS)
    comment = records.get(session, Comment, id)
    expect(comment, version)
    _own_or_editor(comment, by)
    if comment.removed_at is None:
        raise Conflict("This comment is there.")
    comment.removed_at = None
    events.append(session, comment, "comment.restored", by=by)
    return comment


def resolve(session: Session, id: str, *, by: Identity, version: int | None) -> Comment:
    """Say that what the comment asks is settled."""
    comment = _standing(session, id, by=by, version=version)
    if comment.resolved_at is not None:
        raise Conflict("This is settled already.")
    comment.resolved_at, comment.resolved_by = clock.now(), by.account
    events.append(session, comment, "comment.resolved", by=by)
    return comment


def reopen(session: Session, id: str, *, by: Identity, version: int | None) -> Comment:
    """Undo `resolve`."""
    comment = _standing(session, id, by=by, version=version)
    if comment.resolved_at is None:
        raise Conflict("This is not settled.")
    comment.resolved_at = comment.resolved_by = None
    events.append(session, comment, "comment.reopened", by=by)
    return comment


def meant(session: Session, text: str) -> mentions.Found:
    """Who is named in `text`, of those who may sign in."""
    return mentions.resolve(text, accounts.active(session))


def look(session: Session, *, by: Identity) -> None:
    """Note that somebody has seen all that names them."""
    now = clock.now()
    store.keep_seen(session, by.account, now, now=now)


def namer(session: Session, comments: list[Comment]) -> Callable[[Comment], mentions.Found]:
    """A function that tells whom a comment names and where, for showing it; one query for all of them."""
    people = {
        person.id: person for person in store.people(session, (id for c in comments for id in c.mentions))
    }

    def of(comment: Comment) -> mentions.Found:
        return mentions.resolve(comment.text, [people[id] for id in comment.mentions if id in people])

    return of


def _standing(session: Session, id: str, *, by: Identity, version: int | None) -> Comment:
    by.require(Permission.CLAIMS)
    comment = records.get(session, Comment, id)
    expect(comment, version)
    if comment.removed_at is not None:
        raise Conflict("This comment was taken back.")
    return comment


def _own_or_editor(comment: Comment, by: Identity) -> None:
    if comment.added_by != by.account and not by.may(Permission.WITHDRAW):
        raise Forbidden("Only who said it, or an editor, can take it back.")
