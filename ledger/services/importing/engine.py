"""One file's way into the ledger, batch by batch."""

import gc
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from ledger.auth.identity import Identity, Permission
from ledger.db import Database
from ledger.imports.entry import Entry, Refused
from ledger.services.importing.ahead import Ahead
from ledger.services.importing.batch import Batch, Counts
from ledger.services.importing.writing import Deed, write
from ledger.services.ready import Ready, ready

BATCH = 2_000
"""Entries in one transaction: others wait for their turn meanwhile."""
MANY = 20_000
"""Entries that are brought together by their addresses, so that one article holds all of one address. Fewer
are not worth a second process."""


class Importing:
    """One file's way into the ledger.

    `progress` is called after each transaction; what `counts` tells of claims, places, sources and articles
    is then in the ledger. From `many` entries on, a second process writes to a SQLite file, unless
    it may not be `ahead`.
    """

    def __init__(
        self,
        database: Database,
        *,
        by: Identity,
        name: str,
        desk_id: str | None = None,
        dry_run: bool = False,
        progress: Callable[[], None] = lambda: None,
        many: int = MANY,
        ahead: bool = True,
    ) -> None:
        by.require(Permission.ARTICLES)
        by.require(Permission.CLAIMS)
        by.require(Permission.EVIDENCE)
        self.counts = Counts()
        self.dry_run = dry_run
        self._deed = Deed(by, name[-255:], desk_id)
        self._database, self._progress, self._many = database, progress, many
        self._may_be_ahead = ahead and not dry_run
        self.ahead: Ahead | None = None
        self._seen: set[int] = set()

    def take(self, items: Iterable[Entry | Refused]) -> Iterator[Refused]:
        """Bring entries in, batch by batch; gives those that can't be taken, and why."""
        source = iter(items)
        try:
            run = yield from self._read(source, self._many)
            if len(run) == self._many and self._may_be_ahead:
                self.ahead = Ahead.of(self._database, self._deed, self._committed)
            while run:
                run = yield from self._bring_run(run, source)
            yield from self._bring_again()
        finally:
            if self.ahead is not None:
                self.ahead.close()

    def _bring_run(
        self, run: list[Ready], source: Iterator[Entry | Refused]
    ) -> Generator[Refused, None, list[Ready]]:
        """Bring these in, and read what follows; between the batches, so that neither process has to wait."""
        run.sort(key=lambda one: one.sites[0].url or "")
        following: list[Ready] = []
        for batch in _cut(run, BATCH):
            yield from self._bring(batch)
            following += yield from self._read(source, min(len(batch), self._many - len(following)))
        following += yield from self._read(source, self._many - len(following))
        return following

    def _read(self, source: Iterator[Entry | Refused], number: int) -> Generator[Refused, None, list[Ready]]:
        """The next entries, as far as they can be taken."""
        with _uncollected():
            looked_at = [ready(one) if isinstance(one, Entry) else one for one in islice(source, number)]
        self.counts.rows += len(looked_at)
        for one in looked_at:
            if isinstance(one, Refused):
                self.counts.refused += 1
                yield one
        return [one for one in looked_at if isinstance(one, Ready)]

    def _bring(self, entries: Sequence[Ready]) -> Iterator[Refused]:
        if self.ahead is not None:
            with _uncollected():
                taken = self.ahead.take(entries)
            if taken:
                return
            yield from self._bring_again()
        yield from self._write(entries)

    def _bring_again(self) -> Iterator[Refused]:
        """Wait for the second process, and bring in by ourselves what it had to leave out."""
        for entries in self.ahead.settle() if self.ahead else ():
            # Somebody works beside us: they wait half as long.
            for some in _cut(entries, BATCH // 2):
                yield from self._write(some)

    def _write(self, entries: Sequence[Ready]) -> Iterator[Refused]:
        opened = self._database.read() if self.dry_run else self._database.write()
        counts = Counts()
        with _uncollected(), opened as session:
            batch = Batch(session, self._deed.name, counts, dry_run=self.dry_run, seen=self._seen)
            refused = batch.bring(entries, self._deed.by)
            if not self.dry_run:
                write(self._deed, session, batch.sheets, batch.claims)
        counts.refused = len(refused)
        self._committed(counts)
        yield from refused
        if not self.dry_run:
            self._database.let_others_write()

    def _committed(self, counts: Counts) -> None:
        self.counts.add(counts)
        self._progress()


def _cut(run: Sequence[Ready], number: int) -> Iterator[Sequence[Ready]]:
    """Batches of so many, in order of their addresses, cut where the address changes unless it is far."""
    start = 0
    while start < len(run):
        end = min(start + number, len(run))
        most = min(end + number, len(run))
        while end < most and run[end].sites[0].url == run[end - 1].sites[0].url:
            end += 1
        yield run[start:end]
        start = end


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for garbage meanwhile: among so many rows that takes a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
