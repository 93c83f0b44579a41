"""Identity, permissions and the roles that bundle them."""

import enum
from collections.abc import Collection
from dataclasses import dataclass

from ledger.errors import Forbidden


class Permission(enum.StrEnum):
    """One thing that somebody may do; tokens name these as their scopes."""

    READ = "ledger:read"
    ARTICLES = "articles:write"
    PUBLISH = "articles:publish"
    CLAIMS = "claims:write"
    EVIDENCE = "evidence:write"
    PROPOSE = "verdicts:propose"
    SIGN = "verdicts:sign"
    OVERRIDE = "verdicts:override"
    WITHDRAW = "claims:withdraw"
    DESKS = "desks:manage"
    ACCOUNTS = "accounts:manage"
    WEBHOOKS = "webhooks:manage"


_READER = frozenset({Permission.READ})
_REVIEWER = _READER | {
    Permission.ARTICLES,
    Permission.CLAIMS,
    Permission.EVIDENCE,
    Permission.PROPOSE,
    Permission.SIGN,
}
_EDITOR = _REVIEWER | {Permission.PUBLISH, Permission.OVERRIDE, Permission.WITHDRAW, Permission.DESKS}
_ADMIN = _EDITOR | {Permission.ACCOUNTS, Permission.WEBHOOKS}

ROLES: dict[str, frozenset[Permission]] = {
    "reader": _READER,
    "reviewer": _REVIEWER,
    "editor": _EDITOR,
    "admin": _ADMIN,
}


def rights(role: str, scopes: Collection[str]) -> frozenset[Permission]:
    """What a program may do: as its token says, and never more than its owner."""
    return frozenset(permission for permission in ROLES[role] if str(permission) in scopes)


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is signed in, or a program with a token; `actor` is how the log names them."""

    account_id: str | None
    name: str
    permissions: frozenset[Permission]
    actor: str

    def may(self, permission: Permission) -> bool:
        """Whether they may do that."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless they may do that."""
        if not self.may(permission):
            raise Forbidden(f"This needs the permission “{permission}”, which you do not have.")

    @property
    def account(self) -> str:
        """The account's id; the ledger itself has none and may not do what needs a person."""
        if self.account_id is None:
            raise Forbidden("This must be done by a person.")
        return self.account_id


SYSTEM = Identity(None, "the ledger itself", frozenset(Permission), "system")
