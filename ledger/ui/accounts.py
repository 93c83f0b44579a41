"""Signing in and out, one's own page, and for administrators everybody's account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, request, session, url_for

from ledger import clock
from ledger.auth import passwords
from ledger.auth.identity import Permission
from ledger.auth.secrets import fingerprint
from ledger.errors import Invalid, Unauthorized
from ledger.models import Account, Role
from ledger.services import accounts
from ledger.store import accounts as store
from ledger.store import records
from ledger.ui import live
from ledger.ui.forms import REFUSALS, Form, Forms, Refused, chosen, typed
from ledger.ui.pages import PAGE, go, notice, render, safe_next, version, writing
from ledger.web import limits, sessions
from ledger.web.context import identity, maybe_identity, parts, public, reading, requires
from ledger.web.paging import read_cursor, write_cursor

bp = Blueprint("accounts", __name__)

_NO_MATCH = (
    "Address and password do not match. Ask an administrator for a sign-in link if you have no password."
)


def _few_tries(view: Callable[..., Any]) -> Callable[..., Any]:
    """Allow only so many tries a minute from one place."""

    @wraps(view)
    def counted(*args: Any, **named: Any) -> Any:
        if request.method == "POST":
            limits.sign_in_tried()
        return view(*args, **named)

    return counted


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@_few_tries
def sign_in() -> Any:
    """Sign in with address and password."""
    goal = safe_next(request.values.get("next"))
    if request.method == "GET":
        if maybe_identity() is not None:
            return redirect(goal or url_for("home.index"))
        return render("accounts/sign_in.html", form=Form({}), goal=goal)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    with parts().database.read() as reader:
        account = store.with_email(reader, email[:254])
        credential = store.credential(reader, account.id) if account else None
    # Hashed whether or not there is such an account, so that the time tells nothing either.
    right = passwords.matches(credential.password_hash if credential else None, password)
    if not right or account is None or credential is None or not account.active:
        form = Form({"email": email}, message=_NO_MATCH)
        return render("accounts/sign_in.html", form=form, goal=goal, status=401)
    _begin(account, credential.session_key)
    return redirect(goal or url_for("home.index"), 303)


def _begin(account: Account, key: str, *, by_link: bool = False) -> None:
    """Start a session that shares nothing with the one before it."""
    session.clear()
    sessions.sign_in(accounts.identity_of(account), key)
    if by_link:
        session["by_link"] = True


@bp.route("/sign-in/<secret>", methods=["GET", "POST"])
@public
@_few_tries
def link(secret: str) -> Any:
    """Sign in by a one-time link: looking at it does not use it up, as programs look at links too."""
    if request.method == "GET":
        found = store.link(reading(), fingerprint(secret))
        account = records.get(reading(), Account, found.account_id) if found else None
        good = found is not None and found.used_at is None and found.expires_at > clock.now()
        good = good and account is not None and account.active
        return render(
            "accounts/link.html",
            account=account if good else None,
            secret=secret,
            status=200 if good else 410,
        )
    try:
        with writing() as writer:
            account = accounts.use_link(writer, secret)
            key = accounts.session_key(writer, account.id)
            has_password = bool(_stored_hash(writer, account.id))
    except Unauthorized:
        return render("accounts/link.html", account=None, secret=secret, status=410)
    _begin(account, key, by_link=True)
    return go("home.index") if has_password else go("accounts.me", first=1)


def _stored_hash(reader: Any, account_id: str) -> str | None:
    credential = store.credential(reader, account_id)
    return credential.password_hash if credential else None


@bp.post("/sign-out")
@public
def sign_out() -> Any:
    """End this session."""
    _end_streams()
    sessions.sign_out()
    session.clear()
    notice("You are signed out.")
    return go("accounts.sign_in")


def _end_streams() -> None:
    """An open page must not go on telling what happens to somebody who has left."""
    who = maybe_identity()
    if who is not None:
        live.streams().end(who.account)


@bp.post("/me/sign-out-everywhere")
@requires(None)
def sign_out_everywhere() -> Any:
    """End all of one's sessions, this one too."""
    account_id = identity().account
    with writing() as writer:
        accounts.sign_out_everywhere(writer, account_id)
    _end_streams()
    sessions.sign_out()
    session.clear()
    notice("You are signed out everywhere.")
    return go("accounts.sign_in")


@bp.get("/me")
@requires(None)
def me() -> Any:
    """One's own page."""
    return me_page()


def me_page(refused: Refused | None = None, secret: str | None = None) -> Any:
    """One's name, password and tokens; `secret` is that of a token just made."""
    account = records.get(reading(), Account, identity().account)
    return render(
        "accounts/me.html",
        status=refused.status if refused else 200,
        account=account,
        has_password=bool(_stored_hash(reading(), account.id)),
        by_link=bool(session.get("by_link")),
        first=request.args.get("first") == "1",
        tokens=store.tokens(reading(), account.id),
        now_is=clock.now(),
        secret=secret,
        forms=Forms(refused),
    )


@bp.post("/me")
@requires(None)
def rename() -> Any:
    """Change one's own name."""
    account_id = identity().account
    try:
        with writing() as writer:
            accounts.change(writer, account_id, by=identity(), version=version(), details=chosen("name"))
    except REFUSALS as error:
        return me_page(Refused("name", "", error, typed()))
    notice("Your name is saved.")
    return go("accounts.me")


@bp.post("/me/password")
@requires(None)
def password() -> Any:
    """Set one's password; who signed in by a link need not know the old one."""
    account_id = identity().account
    wanted = request.form.get("password", "")
    stored = _stored_hash(reading(), account_id)
    by_link = bool(session.get("by_link"))
    try:
        if stored and not by_link and not passwords.matches(stored, request.form.get("old_password", "")):
            raise Invalid("This is not your present password.", field="old_password")
        # Before the transaction: a hash takes long, and writers wait for each other.
        hashed = passwords.hashed(wanted)
        with writing() as writer:
            accounts.set_password(writer, account_id, hashed)
            key = accounts.session_key(writer, account_id)
    except REFUSALS as error:
        # Passwords are never sent back.
        return me_page(Refused("password", "", error, {"password": "", "old_password": ""}))
    account = records.get(reading(), Account, account_id)
    _begin(account, key)
    notice("Your password is set. Other sessions of yours are signed out.")
    return go("home.index") if request.form.get("first") == "1" else go("accounts.me")


@bp.get("/accounts")
@requires(Permission.ACCOUNTS)
def index() -> Any:
    """Everybody's account."""
    return list_page()


def list_page(refused: Refused | None = None, made: tuple[Account, str] | None = None) -> Any:
    """The list of accounts; `made` is a one-time link just made, and whose."""
    rows, further = store.listed(reading(), after=read_cursor(request.args.get("after")), limit=PAGE)
    return render(
        "accounts/index.html",
        status=refused.status if refused else 200,
        accounts=[row.Account for row in rows],
        older=write_cursor(further),
        roles=[str(role) for role in Role],
        made=made,
        hours=parts().settings.link_hours,
        forms=Forms(refused),
    )


@bp.post("/accounts")
@requires(Permission.ACCOUNTS)
def create() -> Any:
    """Make an account and the link by which its owner signs in for the first time."""
    sent = request.form
    try:
        with writing() as writer:
            account = accounts.create(
                writer,
                by=identity(),
                email=sent.get("email", ""),
                name=sent.get("name", ""),
                role=sent.get("role", ""),
            )
            secret = accounts.new_link(writer, account.id, by=identity(), hours=parts().settings.link_hours)
    except REFUSALS as error:
        return list_page(Refused("create", "", error, typed()))
    return list_page(made=(account, _address(secret)))


@bp.post("/accounts/<id>")
@requires(Permission.ACCOUNTS)
def change(id: str) -> Any:
    """Change somebody's name, role, or whether they may sign in."""
    details: dict[str, Any] = chosen("name", "role")
    details["active"] = request.form.get("active") == "1"
    try:
        with writing() as writer:
            accounts.change(writer, id, by=identity(), version=version(), details=details)
    except REFUSALS as error:
        return list_page(Refused("change", id, error, typed()))
    notice("The account is saved.")
    return go("accounts.index")


@bp.post("/accounts/<id>/link")
@requires(Permission.ACCOUNTS)
def new_link(id: str) -> Any:
    """Make a one-time sign-in link; it is shown this once."""
    try:
        with writing() as writer:
            secret = accounts.new_link(writer, id, by=identity(), hours=parts().settings.link_hours)
    except REFUSALS as error:
        return list_page(Refused("link", id, error, typed()))
    return list_page(made=(records.get(reading(), Account, id), _address(secret)))


def _address(secret: str) -> str:
    base = parts().settings.base_url.rstrip("/") or request.url_root.rstrip("/")
    return base + url_for("accounts.link", secret=secret)
