"""Who is asking: a person by session cookie on pages, a program by bearer token in the API.

Cookies never authenticate the API and tokens never the pages, so the API needs no CSRF token.
"""

from typing import Any

from flask import Flask, g, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from ledger.auth.identity import Identity
from ledger.errors import Unauthorized
from ledger.services import accounts, tokens
from ledger.store import accounts as store
from ledger.web.context import parts

API = "/api/"
csrf = CSRFProtect()


class SignedIn(UserMixin):
    """A signed-in person, as Flask-Login keeps them."""

    def __init__(self, identity: Identity, key: str) -> None:
        self.identity = identity
        self._key = key

    def get_id(self) -> str:
        """What the cookie carries: the account and its session key, which ends with sign-out everywhere."""
        return f"{self.identity.account_id} {self._key}"


def register(app: Flask) -> None:
    """Identify the sender of each request, and ask forms for their CSRF token."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_person)
    csrf.init_app(app)
    app.before_request(_identify)


def sign_in(identity: Identity, key: str) -> None:
    """Start a session for a person."""
    login_user(SignedIn(identity, key))
    g.identity = identity


def sign_out() -> None:
    """End this session."""
    logout_user()
    g.pop("identity", None)


def _identify() -> None:
    if request.path.startswith(API):
        g.identity = _program()
    elif request.endpoint not in (None, "static"):
        user: Any = current_user
        g.identity = user.identity if user.is_authenticated else None


def _person(cookie: str) -> SignedIn | None:
    account_id, _, key = cookie.partition(" ")
    with parts().database.read() as session:
        account = store.with_session_key(session, account_id, key)
        return SignedIn(accounts.identity_of(account), key) if account else None


def _program() -> Identity | None:
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("Send the header “Authorization: Bearer TOKEN”.")
    database = parts().database
    with database.read() as session:
        identity, token, used = tokens.identify(session, secret.strip())
    if tokens.worth_noting(used):
        with database.write() as session:
            tokens.note_use(session, token.id)
    return identity
