"""Accounts: who there is, making one, roles, sign-in links, signing somebody out everywhere."""

from datetime import timedelta
from typing import Any

from flask import Response, request, url_for

from ledger import clock
from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import Account
from ledger.schemas.accounts import AccountDetails, AccountIn, AccountOut, ColleagueOut, LinkOut
from ledger.schemas.common import Nothing, PageQuery, page_of
from ledger.services import accounts
from ledger.store import accounts as store
from ledger.store import records
from ledger.web.context import identity, parts, requires, session
from ledger.web.paging import read_cursor, write_cursor

bp = Noun("accounts", __name__, about="People.")


def _reply(account: Account, *, status: int = 200) -> Response:
    location = url_for("api_accounts.show_account", id=account.id) if status == 201 else None
    return reply(AccountOut, account, status=status, version=account.version, location=location)


@bp.get("/people")
@requires(Permission.READ)
@bp.answers(200, page_of(ColleagueOut))
def list_people() -> Response:
    """List everybody who may sign in, by name: whom a claim can be handed over to"""
    return reply_page(ColleagueOut, store.active(session()), None)


@bp.get("/accounts")
@requires(Permission.ACCOUNTS)
@bp.arguments(PageQuery, location="query")
@bp.answers(200, page_of(AccountOut), listed=True)
def list_accounts(query: dict[str, Any]) -> Response:
    """List all accounts, oldest first"""
    rows, following = store.listed(session(), after=read_cursor(query.get("after")), limit=query["limit"])
    return reply_page(AccountOut, [row[0] for row in rows], write_cursor(following))


@bp.post("/accounts")
@requires(Permission.ACCOUNTS)
@bp.arguments(AccountIn, example={"email": "jo@desk.example", "name": "Jo Reader", "role": "reviewer"})
@bp.answers(201, AccountOut, location=True)
def create_account(body: dict[str, Any]) -> Response:
    """Make an account

    Its owner signs in by a sign-in link and then sets a password.
    """
    return _reply(accounts.create(session(), by=identity(), **body), status=201)


@bp.get("/accounts/<id>")
@requires(Permission.ACCOUNTS)
@bp.answers(200, AccountOut)
def show_account(id: str) -> Response:
    """Show an account"""
    return _reply(records.get(session(), Account, id))


@bp.patch("/accounts/<id>")
@requires(Permission.ACCOUNTS)
@bp.edits(AccountOut, Account)
@bp.arguments(AccountDetails, example={"role": "editor"})
@bp.answers(200, AccountOut)
def change_account(details: dict[str, Any], id: str, version: int) -> Response:
    """Change a person's name, role, or whether they may sign in"""
    return _reply(accounts.change(session(), id, by=identity(), version=version, details=details))


@bp.post("/accounts/<id>/sign-in-link")
@requires(Permission.ACCOUNTS)
@bp.arguments(Nothing, required=False)
@bp.answers(201, LinkOut)
def make_sign_in_link(_body: dict[str, Any], id: str) -> Response:
    """Make a one-time sign-in link for a person; it is shown this once"""
    settings = parts().settings
    secret = accounts.new_link(session(), id, by=identity(), hours=settings.link_hours)
    base = settings.base_url.rstrip("/") or request.url_root.rstrip("/")
    link = {
        "url": base + url_for("accounts.link", secret=secret),
        "expires_at": clock.now() + timedelta(hours=settings.link_hours),
    }
    response = reply(LinkOut, link, status=201)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/accounts/<id>/sign-out")
@requires(Permission.ACCOUNTS)
@bp.arguments(Nothing, required=False)
@bp.answers(200, AccountOut)
def sign_out_everywhere(_body: dict[str, Any], id: str) -> Response:
    """End all of a person's sessions

    Their tokens go on; revoke those one by one, or make the account inactive, which stops them all.
    """
    account = records.get(session(), Account, id)
    accounts.sign_out_everywhere(session(), id)
    return _reply(account)
