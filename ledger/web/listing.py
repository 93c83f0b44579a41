"""A hot path: the commonest ways of asking for a page of claims, understood without Flask.

Whatever is unusual, or wrong, is not understood here and left to Flask, which understands the same and knows
what to say of the rest.
"""

import re
from urllib.parse import urlencode

from claims import Kind
from claims.values import dataclass
from ledger.errors import Invalid
from ledger.models import Status
from ledger.store.claims import Filters
from ledger.store.readout import Wish
from ledger.web.paging import read_cursor, read_worth

_LIMIT = re.compile(r"[1-9][0-9]{0,2}\Z")
_MOST = 200
_SEVERAL = {"status": frozenset(map(str, Status)), "kind": frozenset(map(str, Kind))}
_ONCE = frozenset({"limit", "after", "below", "order"})
_YES_NO = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a query asks for; `given` are its parameters, in their order."""

    wish: Wish
    given: dict[str, str | list[str]]

    def further(self, path: str, following: str) -> str:
        """The address of the next page, spelled as Flask spells it."""
        return f"{path}?{urlencode({**self.given, 'after': following}, doseq=True)}"


def understood(query: str) -> Listing | None:
    """What a query string asks of `GET /api/v1/claims`; None where that is for Flask to find out."""
    given: dict[str, list[str]] = {}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        given.setdefault(name, []).append(value)
    if not given.keys() <= _ONCE | _SEVERAL.keys():
        return None
    several = {name: tuple(given.get(name, ())) for name in _SEVERAL}
    if not all(known.issuperset(several[name]) for name, known in _SEVERAL.items()):
        return None
    if any(len(given[name]) > 1 for name in _ONCE & given.keys()):
        return None
    once = {name: given[name][0] for name in _ONCE & given.keys()}
    limit, order = once.get("limit", "50"), once.get("order", "newest")
    below = _YES_NO.get(once.get("below", "false"))
    if not _LIMIT.match(limit) or int(limit) > _MOST or order not in ("newest", "worth") or below is None:
        return None
    try:
        after = _begun(once.get("after"), by_worth=order == "worth")
    except Invalid:
        return None
    filters = Filters(status=several["status"], kind=several["kind"], below=below)
    return Listing(Wish(filters, int(limit), order == "worth", after), dict(given))


def _begun(cursor: str | None, *, by_worth: bool) -> tuple[object, str] | None:
    if cursor == "":
        raise Invalid("Nothing begins there.", field="after")
    return read_worth(cursor) if by_worth else read_cursor(cursor)
