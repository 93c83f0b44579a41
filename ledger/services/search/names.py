"""Who and what a search names: people, publishers, tags and desks, looked up once and only if asked for."""

import difflib
from collections.abc import Sequence

from sqlmodel import Session

from ledger.auth.identity import Identity
from ledger.services.search.asked import Odd
from ledger.store import desks as desks_store
from ledger.store import search as store


class Names:
    """The names that there are in the ledger, as whoever asks calls them."""

    def __init__(self, session: Session, by: Identity) -> None:
        self.session = session
        self.by = by
        self._known: dict[str, list[tuple[str, str]]] = {}

    # -------------------------------------------------------------------------------- who and what

    def people(self, names: Sequence[str]) -> list[str | None]:
        """The accounts of these names or parts of names; `me`, and None for `none`."""
        found: list[str | None] = []
        for name in names:
            if name.casefold() == "me":
                found.append(self.by.account_id or "")
            elif name.casefold() == store.NONE:
                found.append(None)
            else:
                found += self._named("people", name, "Nobody here is called")
        return found

    def publishers(self, names: Sequence[str]) -> list[str | None]:
        """The publishers of these names or parts of names; None for `none`."""
        found: list[str | None] = []
        for name in names:
            if name.casefold() == store.NONE:
                found.append(None)
            else:
                found += self._named("publishers", name, "There is no publisher called")
        return found

    def tags(self, names: Sequence[str]) -> list[str]:
        """These tags, as they are written."""
        none = [store.NONE] if any(name.casefold() == store.NONE for name in names) else []
        rest = [name for name in names if name.casefold() != store.NONE]
        return none + [
            tag for name in rest for tag in self._named("tags", name, "There is no tag", parts=False)
        ]

    def desk(self, names: Sequence[str]) -> list[str]:
        """The desks of these names."""
        return [desk for name in names for desk in self._named("desks", name, "There is no desk called")]

    def _named(self, what: str, name: str, missing: str, *, parts: bool = True) -> list[str]:
        known, wanted = self._all(what), name.casefold()
        found = [id for id, called in known if wanted in (called.casefold(), id)]
        if not found and parts:
            found = [id for id, called in known if f" {wanted}" in f" {called.casefold()}"]
        if found:
            return found
        near = difflib.get_close_matches(wanted, [called.casefold() for _, called in known], 1, 0.5)
        better = next((called for _, called in known if near and called.casefold() == near[0]), None)
        raise Odd(f"{missing} “{name}”." + (f" Did you mean “{better}”?" if better else ""), better)

    def _all(self, what: str) -> list[tuple[str, str]]:
        """Ids and names of what there is."""
        if what not in self._known:
            if what == "people":
                self._known[what] = store.people(self.session)
            elif what == "desks":
                self._known[what] = [(desk.id, desk.name) for desk in desks_store.every(self.session)]
            else:
                names = store.publishers if what == "publishers" else store.tags
                self._known[what] = [(name, name) for name in names(self.session)]
        return self._known[what]
