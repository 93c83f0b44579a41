"""In whose name a command acts."""

from sqlmodel import Session

from ledger.auth.identity import Identity
from ledger.errors import NotFound
from ledger.models import Account
from ledger.services import accounts
from ledger.store import accounts as store


def account_of(session: Session, email: str | None) -> Account:
    """The account with that address, by default the first administrator's."""
    if email is None:
        admins = store.admins(session)
        if not admins:
            raise NotFound("There is no administrator yet: `ledger up` makes one.")
        return admins[0]
    found = store.with_email(session, email)
    if found is None:
        raise NotFound(f"There is no account with the address {email}. `ledger account list` shows them.")
    return found


def acting(session: Session, email: str | None) -> Identity:
    """Who does it, as the log will name them."""
    return accounts.identity_of(account_of(session, email))
