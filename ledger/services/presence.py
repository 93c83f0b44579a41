"""Who is looking at what just now. Outside the log: it says nothing of a claim, and is soon forgotten."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.values import dataclass
from ledger import clock
from ledger.auth.identity import Identity, Permission
from ledger.errors import Invalid
from ledger.ids import is_id
from ledger.models import Account, Presence

SILENT = 60  # seconds after which somebody who says nothing is gone
MOST_PAGES = 50
"""So many open pages of one person count."""


@dataclass(frozen=True, slots=True)
class Here:
    """One open page of one person."""

    account_id: str
    name: str
    article_id: str | None
    claim_id: str | None
    editing: bool
    seen_at: datetime

    @property
    def initials(self) -> str:
        """One or two letters to know them by."""
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.name]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def note(
    session: Session,
    *,
    by: Identity,
    page: str,
    article_id: str | None = None,
    claim_id: str | None = None,
    editing: bool = False,
) -> None:
    """Say that somebody has a page open; `page` is a name of its own making, see `named`."""
    by.require(Permission.READ)
    for id, field in ((article_id, "article"), (claim_id, "claim")):
        if id is not None and not is_id(id):
            raise Invalid("Write the id of what is looked at.", field=field)
    now = clock.now()
    session.execute(sa.delete(Presence).where(col(Presence.seen_at) < now - timedelta(seconds=SILENT)))
    kept = session.get(Presence, named(page))
    if kept is not None and kept.account_id != by.account:
        raise Invalid("Somebody else's page is called so.", field="page")
    if kept is None and _pages(session, by.account) >= MOST_PAGES:
        return
    kept = kept or Presence(page=page, account_id=by.account, seen_at=now)
    kept.article_id, kept.claim_id, kept.editing, kept.seen_at = article_id, claim_id, editing, now
    session.add(kept)
    session.flush()


def leave(session: Session, *, by: Identity, page: str) -> None:
    """Say that somebody has closed a page."""
    session.execute(
        sa.delete(Presence).where(col(Presence.page) == named(page), col(Presence.account_id) == by.account)
    )


def named(page: str) -> str:
    """`page` if it can be a page's name; Invalid."""
    if not (8 <= len(page) <= 36 and page.isascii() and page.replace("-", "").isalnum()):
        raise Invalid("Name the page with 8 to 36 letters, digits and hyphens.", field="page")
    return page


def everybody(session: Session, *, article_id: str | None = None) -> list[Here]:
    """Who has what open just now, by name; with `article_id`, only who has that article open."""
    query = (
        select(Presence, Account.name)
        .join(Account, col(Account.id) == col(Presence.account_id))
        .where(col(Presence.seen_at) >= clock.now() - timedelta(seconds=SILENT), col(Account.active))
        .order_by(col(Account.name), col(Presence.page))
    )
    if article_id is not None:
        query = query.where(Presence.article_id == article_id)
    return [
        Here(row.account_id, name, row.article_id, row.claim_id, row.editing, row.seen_at)
        for row, name in session.exec(query)
    ]


def _pages(session: Session, account_id: str) -> int:
    query = sa.select(sa.func.count()).where(col(Presence.account_id) == account_id)
    return int(session.execute(query).scalar_one())
