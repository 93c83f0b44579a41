"""How a person likes their desk: their keys, and whether single keys do anything. Not in the log."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from claims.values import dataclass, field
from ledger import clock
from ledger.auth.identity import Identity
from ledger.models import Preference
from ledger.services import keys


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices; `keys` holds the key of every action, "" for none."""

    keys: dict[str, str] = field(default_factory=lambda: keys.chosen({}))
    single_keys: bool = True


def of(session: Session, account_id: str) -> Preferences:
    """What that person chose, or what everybody begins with."""
    row = session.get(Preference, account_id)
    kept: dict[str, Any] = row.values if row else {}
    # An action may have gone since, or a new one have come whose key is in use: then that has none.
    changed = {name: key for name, key in kept.get("keys", {}).items() if name in keys.BY_NAME}
    used = set(changed.values())
    free = {a.name: "" if a.name not in changed and a.key in used else a.key for a in keys.ACTIONS}
    return Preferences(free | changed, bool(kept.get("single_keys", True)))


def save(
    session: Session, *, by: Identity, changed: Mapping[str, str], single_keys: bool = True
) -> Preferences:
    """Keep the keys that differ from the ones by default. Raises Invalid for no key, and where two clash."""
    chosen = keys.chosen(changed)
    row = session.get(Preference, by.account)
    if row is None:
        row = Preference(account_id=by.account, updated_at=clock.now())
        session.add(row)
    row.values = {"keys": keys.changes(chosen), "single_keys": single_keys}
    row.updated_at = clock.now()
    session.flush()
    return Preferences(chosen, single_keys)
