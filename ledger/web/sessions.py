"""Who is asking: a person by session cookie on pages, a program by bearer token in the API.

Cookies never authenticate the API and tokens never the pages, so the API needs no CSRF token.
"""

from typing import Any

import structlog
from flask import Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import OperationalError

from ledger import clock
from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.errors import Unauthorized, Unavailable
from ledger.services import accounts, tokens
from ledger.store import accounts as store
from ledger.web.context import is_same_for_all, parts

API = "/api/"
csrf = CSRFProtect()
_log = structlog.get_logger(__name__)


class SignedIn(UserMixin):
    """A signed-in person, as Flask-Login keeps them."""

    def __init__(self, identity: Identity, key: str, since: int) -> None:
        self.identity = identity
        self.key = key
        self.since = since

    def get_id(self) -> str:
        """What the cookie carries: the account, its session key, and when the session began."""
        return f"{self.identity.account_id} {self.key} {self.since}"


class Sessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; pages that are the same for all neither read it nor vary by it."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where the session changed."""
        if not is_same_for_all():
            super().save_session(app, session, response)


def register(app: Flask) -> None:
    """Identify the sender of each request, and ask forms for their CSRF token."""
    app.session_interface = Sessions()
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_person)
    # First who is asking, then their form's token: whose session ended is told that, and not of tokens.
    app.before_request(_identify)
    csrf.init_app(app)


def sign_in(identity: Identity, key: str) -> None:
    """Start a session for a person, which shares nothing with the one before it."""
    session.clear()
    login_user(SignedIn(identity, key, int(clock.now().timestamp())))
    g.identity = identity


def sign_out() -> None:
    """End this session."""
    logout_user()
    session.clear()
    g.pop("identity", None)


def kept() -> tuple[str, float]:
    """The signed-in person's session key, and when the session ends, in seconds since 1970."""
    user: Any = current_user
    return user.key, user.since + parts().settings.session_hours * 3600


def _identify() -> None:
    if request.path.startswith(API):
        g.identity = program()
    elif request.endpoint != "static" and not is_same_for_all():
        g.identity = signed_in()


def signed_in() -> Identity | None:
    """Who the cookie says is asking; for a page that is the same for all and yet knows a colleague."""
    user: Any = current_user
    return user.identity if user.is_authenticated else None


def _person(cookie: str) -> SignedIn | None:
    account_id, key, since = [*cookie.split(" "), "", ""][:3]
    # Counted from the sign-in and not from the last click, so that a stolen cookie has an end.
    age = clock.now().timestamp() - (int(since) if since.isdecimal() else 0)
    if age > parts().settings.session_hours * 3600:
        return None
    with parts().database.read() as reader:
        account = store.with_session_key(reader, account_id, key)
        return SignedIn(accounts.identity_of(account), key, int(since)) if account else None


def program() -> Identity | None:
    """The program whose token the header names; None without one. Raises Unauthorized."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("Send the header “Authorization: Bearer TOKEN”.")
    return of_token(secret.strip())


def of_token(secret: str) -> Identity:
    """Whom a token speaks for. Raises Unauthorized."""
    database = parts().database
    with database.read() as reader:
        identity, token, used = tokens.identify(reader, secret)
    if tokens.worth_noting(used):
        note_use(database, token.id)
    return identity


def note_use(database: Database, token: str) -> None:
    """Write down that a token was used just now, if that can be."""
    try:
        with database.write() as writer:
            tokens.note_use(writer, token)
    except (Unavailable, OperationalError) as error:
        # Who asks for a status need not wait for a note of it.
        _log.warning("the use of a token was not noted", token=token, error=str(error))
