"""Accounts, credentials, tokens and links."""

import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from ledger.models import Account, Credential, SignInLink, Token, TokenSecret
from ledger.store.records import page


def with_email(session: Session, email: str) -> Account | None:
    """The account with that address, in whatever case and form it was typed."""
    address = unicodedata.normalize("NFC", email.replace("\x00", "")).strip().lower()
    return session.exec(select(Account).where(Account.email == address)).first()


def credential(session: Session, account_id: str) -> Credential | None:
    """How that person signs in."""
    return session.get(Credential, account_id)


def with_session_key(session: Session, account_id: str, key: str) -> Account | None:
    """The active account whose session key that is."""
    query = (
        select(Account)
        .join(Credential, col(Credential.account_id) == col(Account.id))
        .where(Account.id == account_id, Credential.session_key == key, col(Account.active))
    )
    return session.exec(query).first()


def session_keys(session: Session, account_ids: set[str]) -> dict[str, str]:
    """What the cookies of these people must carry, of those who may sign in."""
    query = (
        select(Credential.account_id, Credential.session_key)
        .join(Account, col(Account.id) == col(Credential.account_id))
        .where(col(Credential.account_id).in_(sorted(account_ids)), col(Account.active))
    )
    return {id: key for id, key in session.exec(query)}


def with_token(session: Session, sha256: str) -> tuple[Account, Token, TokenSecret] | None:
    """The account, token and secret for a token's hash."""
    found = session.execute(_WITH_TOKEN, {"sha256": sha256}).first()
    return None if found is None else (found[0], found[1], found[2])


# Asked at every call of the API: put together once.
_WITH_TOKEN = (
    sa.select(Account, Token, TokenSecret)
    .join(Token, col(Token.account_id) == col(Account.id))
    .join(TokenSecret, col(TokenSecret.token_id) == col(Token.id))
    .where(col(TokenSecret.sha256) == sa.bindparam("sha256"))
)


def link(session: Session, sha256: str) -> SignInLink | None:
    """The one-time link with that hash."""
    return session.exec(select(SignInLink).where(SignInLink.sha256 == sha256)).first()


def open_links(session: Session, account_id: str) -> list[SignInLink]:
    """A person's one-time links that nobody has used."""
    query = select(SignInLink).where(SignInLink.account_id == account_id, col(SignInLink.used_at).is_(None))
    return list(session.exec(query))


def tokens(session: Session, account_id: str) -> list[tuple[Token, Any]]:
    """A person's tokens with the time of each one's last use, newest first."""
    query = (
        select(Token, TokenSecret.last_used_at)
        .join(TokenSecret, col(TokenSecret.token_id) == col(Token.id))
        .where(Token.account_id == account_id)
        .order_by(col(Token.id).desc())
    )
    return [(token, used) for token, used in session.exec(query)]


def listed(
    session: Session, *, after: tuple[Any, ...] | None = None, limit: int = 50
) -> tuple[list[Any], tuple[Any, ...] | None]:
    """A page of accounts, oldest first: rows of (Account, key_0, key_1)."""
    query: Any = sa.select(Account, col(Account.created_at).label("key_0"), col(Account.id).label("key_1"))
    return page(
        session, query, col(Account.created_at), col(Account.id), after=after, limit=limit, descending=False
    )


def active(session: Session) -> list[Account]:
    """Everybody who may sign in, by name."""
    return list(
        session.exec(select(Account).where(col(Account.active)).order_by(col(Account.name), col(Account.id)))
    )


def admins(session: Session) -> list[Account]:
    """The administrators who may sign in, oldest first."""
    query = select(Account).where(Account.role == "admin", col(Account.active)).order_by(col(Account.id))
    return list(session.exec(query))


def token_names(session: Session, ids: list[str]) -> dict[str, str]:
    """For tokens by id: what they are for and whose they are."""
    query = (
        select(Token.id, Token.name, Account.name)
        .join(Account, col(Account.id) == col(Token.account_id))
        .where(col(Token.id).in_(ids))
    )
    return {id: f"{name} (a token of {owner})" for id, name, owner in session.exec(query)}
