"""Claims: one with all that belongs to it, and what people do to it; the list is in desk.py."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from sqlmodel import Session

from ledger.auth.identity import Permission
from ledger.errors import Invalid
from ledger.services import claims, labels
from ledger.ui import articles, claim_parts, history, spans, workspace
from ledger.ui.forms import REFUSALS, Refused, chosen, typed
from ledger.ui.pages import go, in_place, notice, render, version, writing
from ledger.web.context import identity, requires

bp = Blueprint("claims", __name__)

WORDS = ("statement", "kind", "claimant")


@bp.get("/claims/<id>")
@requires(Permission.READ)
def detail(id: str) -> Any:
    """One claim with its words, evidence, verdicts and history; with `at`, as it stood then."""
    at = request.args.get("at")
    return history.page_at(id, at) if at else spans.survivor_of(id) or page_of(id)


def page_of(id: str, refused: Refused | None = None) -> Any:
    """The page of a claim; `refused` is the form on it that was sent and not taken."""
    return render(
        "claims/detail.html",
        part="claims/_detail.html",
        status=refused.status if refused else 200,
        **claim_parts.shown(id, refused),
    )


@bp.post("/articles/<id>/claims")
@requires(Permission.CLAIMS)
def add(id: str) -> Any:
    """A claim on words that somebody selected."""
    sent = request.form
    try:
        start, end = _offset("start"), _offset("end")
        with writing() as session:
            claim = claims.add(
                session, id, by=identity(), start=start, end=end,
                exact=sent.get("exact", "").replace("\r\n", "\n") or None,
                revision_id=sent.get("revision_id") or None,
                statement=sent.get("statement"), kind=sent.get("kind") or None, claimant=sent.get("claimant"),
            )  # fmt: skip
    except REFUSALS as error:
        there = error.facts.get("claim")
        if there:
            notice("There is already a claim on exactly these words: here it is.", kind="note")
        elif in_place():
            notice(error.message, kind="bad")
        at_hand = there or sent.get("claim")
        if in_place() and at_hand:
            return workspace.changed(id, at_hand, whole=True)
        if there:
            return go("claims.detail", id=there)
        return articles.select_page(id, Refused("new", "", error, typed()))
    notice("The claim is in the ledger, unchecked.")
    if in_place():
        return workspace.changed(id, claim.id, whole=True)
    return go("articles.detail", id=id, claim=claim.id, _anchor=f"c-{claim.id}")


def _offset(name: str) -> int:
    given = request.form.get(name, "")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid("Select the words again.", field="start")
    return int(given)


@bp.post("/claims/<id>/accept")
@requires(Permission.CLAIMS)
def accept(id: str) -> Any:
    """Make a candidate a claim to be checked."""
    return act(
        id, "accept", lambda s: claims.accept(s, id, by=identity(), version=version()), done="Accepted."
    )


@bp.post("/claims/<id>/dismiss")
@requires(Permission.CLAIMS)
def dismiss(id: str) -> Any:
    """Put a candidate aside."""
    reason = request.form.get("reason")
    return act(
        id,
        "dismiss",
        lambda s: claims.dismiss(s, id, by=identity(), version=version(), reason=reason),
        done="Dismissed.",
    )


@bp.post("/claims/<id>/reopen")
@requires(Permission.CLAIMS)
def reopen(id: str) -> Any:
    """Undo a dismissal, an acceptance or a withdrawal."""
    return act(
        id, "reopen", lambda s: claims.reopen(s, id, by=identity(), version=version()), done="Reopened."
    )


@bp.post("/claims/<id>/reword")
@requires(Permission.CLAIMS)
def reword(id: str) -> Any:
    """Edit statement, kind or claimant."""
    return act(
        id,
        "reword",
        lambda s: claims.reword(s, id, by=identity(), version=version(), details=chosen(*WORDS)),
        done="Saved.",
    )


@bp.post("/claims/<id>/assign")
@requires(Permission.CLAIMS)
def assign(id: str) -> Any:
    """Take a claim, hand it over, or lay it down."""
    to = request.form.get("to", "")
    person = identity().account_id if to == "me" else to or None
    done = "You have this claim now." if to == "me" else "Handed over." if to else "Laid down."
    return act(
        id, "assign", lambda s: claims.assign(s, id, by=identity(), version=version(), to=person), done=done
    )


@bp.post("/claims/<id>/tag")
@requires(Permission.CLAIMS)
def tag(id: str) -> Any:
    """Give a claim these tags, and no others."""
    given = request.form.get("tags", "")
    return act(
        id,
        "tag",
        lambda s: labels.tag(s, id, by=identity(), version=version(), given=given),
        done="The tags are saved.",
    )


@bp.post("/claims/<id>/withdraw")
@requires(Permission.WITHDRAW)
def withdraw(id: str) -> Any:
    """Say publicly that a claim is not to be relied on any more."""
    note = request.form.get("note", "")
    return act(
        id,
        "withdraw",
        lambda s: claims.withdraw(s, id, by=identity(), version=version(), note=note),
        done="Withdrawn.",
    )


def act(
    id: str,
    name: str,
    change: Callable[[Session], Any],
    *,
    done: str | None = None,
    key: str = "",
) -> Any:
    """Make a change to a claim, and answer with where it was made: its page, or an article's workspace."""
    article_id = request.args.get("article")
    try:
        with writing() as session:
            change(session)
    except REFUSALS as error:
        refused = Refused(name, key, error, typed())
        if not article_id:
            return page_of(id, refused)
        if in_place():
            return workspace.changed(article_id, id, refused)
        return workspace.page_of(article_id, refused, claim_id=id)
    if done:
        notice(done)
    if not article_id:
        return go("claims.detail", id=id)
    if in_place():
        return workspace.changed(article_id, id)
    return go("articles.detail", id=article_id, claim=id, **workspace.kept(), _anchor=f"c-{id}")
