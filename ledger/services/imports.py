"""Bringing others' claims in: ClaimReviews, feeds, tables, annotations, and what a ledger took out.

A file is kept, and a job reads it: `ask` promises that, `show` tells how far it is and which rows it could
not take. A dry run changes nothing and tells what would come of it; `take_it` then does it for good.
Commands read a file themselves, by `entries` and `Importing`.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, BinaryIO

import sqlalchemy as sa
from sqlmodel import Session, col, select

from claims.values import dataclass
from ledger import clock
from ledger.adapters.blobs import Blobs
from ledger.auth.identity import Identity, Permission
from ledger.db import Database
from ledger.errors import Conflict, Invalid, LedgerError, NotFound
from ledger.imports import claimreview, hypothesis, table
from ledger.imports.entry import Entry, Passed, Refused
from ledger.imports.table import FIELDS, Look
from ledger.models import Account, Job, JobState
from ledger.services import accounts, desks
from ledger.services.changes import text_value
from ledger.services.importing import Counts, Importing
from ledger.store import jobs, records

__all__ = [
    "FIELDS", "FORMATS", "IMPORT_JOB", "Counts", "Import", "Importing", "Look",
    "ask", "entries", "every", "look", "meant", "run", "show", "take_it",
]  # fmt: skip

IMPORT_JOB = "import"
MOST_REFUSED = 1_000
"""Refused rows that are kept with their reasons; of the others, their number."""
_PEEK = 1 << 16
_TELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can be brought in."""

    label: str
    about: str
    read: Any
    mapped: bool = False


FORMATS = {
    "csv": Format(
        "CSV", "Any table with a claim a row; a mapping says which column holds what.", table.read, True
    ),
    "claimreview": Format(
        "ClaimReview", "JSON-LD: reviews, lists and graphs of them, feeds such as Google's.", claimreview.read
    ),
    "html": Format(
        "Page with ClaimReview", "HTML with the markup of fact-checks in it.", claimreview.read_page
    ),
    "hypothesis": Format(
        "Hypothesis", "Annotations: an answer of its search, or an export.", hypothesis.read
    ),
    "ledger": Format("Ledger, JSON Lines", "What a ledger took out as JSON Lines.", table.read_lines),
    "ledger-csv": Format("Ledger, CSV", "What a ledger took out as CSV.", table.read_own),
}


@dataclass(frozen=True, slots=True)
class Import:
    """An import: what was asked for, how far it is, and what came of it.

    `share` is how much of the file is done, 0 to 1; `refused` the first of the rows that could not be taken,
    as objects with row, field, reason and shown; `passed` what was left out without fault, by what it is.
    """

    id: str
    name: str
    format: str
    mapping: dict[str, str] | None
    desk_id: str | None
    dry_run: bool
    state: str
    share: float
    counts: dict[str, int]
    passed: dict[str, int]
    refused: list[dict[str, Any]]
    error: str | None
    account_id: str
    created_at: datetime
    finished_at: datetime | None


def entries(
    file: BinaryIO, format: str, passed: Passed, mapping: Mapping[str, str] | None = None
) -> Iterator[Entry | Refused]:
    """What a file holds, read from its beginning. Raises Invalid where it is not of that format."""
    chosen = FORMATS.get(format)
    if chosen is None:
        raise Invalid(f"Choose one of: {', '.join(FORMATS)}.", field="format")
    if mapping and not chosen.mapped:
        raise Invalid(f"A mapping is for csv; the columns of {format} are known.", field="mapping")
    return chosen.read(file, passed, mapping) if chosen.mapped else chosen.read(file, passed)  # type: ignore[no-any-return]


def meant(file: BinaryIO) -> str:
    """The format that a file's beginning tells."""
    file.seek(0)
    start = file.read(_PEEK)
    file.seek(0)
    if start[:2] == b"\x1f\x8b" or start[:4] in (b"PK\x03\x04", b"\x28\xb5\x2f\xfd"):
        raise Invalid("This file is packed. Unpack it first.", field="file")
    bare = start.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").lstrip()
    if bare[:1] == b"<":
        return "html"
    if bare[:1] in (b"{", b"["):
        return _meant_by_json(bare)
    head = bare.split(b"\n", 1)[0]
    return "ledger-csv" if b"claim_id" in head and b"span_text" in head else "csv"


def _meant_by_json(start: bytes) -> str:
    if b'"claim_id"' in start and b'"span_text"' in start:
        return "ledger"
    told = b"ClaimReview" in start or b"claimReviewed" in start
    annotations = b"TextQuoteSelector" in start or (b'"rows"' in start and b'"uri"' in start)
    return "hypothesis" if annotations and not told else "claimreview"


def look(file: BinaryIO) -> Look:
    """A table's columns, first rows, and the mapping that the columns' names suggest. Raises Invalid."""
    file.seek(0)
    return table.look(file)


def ask(
    session: Session,
    blobs: Blobs,
    body: bytes,
    *,
    by: Identity,
    name: str,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    desk_id: str | None = None,
    dry_run: bool = False,
) -> Import:
    """Keep a file and promise that it is brought in, or with `dry_run` only tried.

    Raises Invalid at once for what shows at the file's beginning.
    """
    _may(by)
    if not body:
        raise Invalid("The file is empty.", field="file")
    format = format or meant(BytesIO(body))
    # What is wrong with the whole file shows when its first entry is asked for.
    next(iter(entries(BytesIO(body), format, Passed(), mapping)), None)
    return _promise(
        session,
        by=by,
        file=blobs.put(body),
        name=text_value(name, field="name", longest=255) or "file",
        format=format,
        mapping=dict(mapping) if mapping else None,
        desk_id=desks.reference(session, desk_id),
        dry_run=dry_run,
    )


def _may(by: Identity) -> None:
    for permission in (Permission.ARTICLES, Permission.CLAIMS, Permission.EVIDENCE):
        by.require(permission)


def _promise(session: Session, *, by: Identity, **arguments: Any) -> Import:
    job = jobs.add(session, IMPORT_JOB, account_id=by.account, actor=by.actor, **arguments)
    job.arguments = {**job.arguments, "import_id": job.id}
    session.flush()
    return _shown(job)


def take_it(session: Session, id: str, *, by: Identity) -> Import:
    """Do for good what a dry run tried: the same file, read in the same way."""
    _may(by)
    job = _job(session, id)
    if not job.arguments["dry_run"]:
        raise Conflict("This was no dry run: what it could take is in the ledger.")
    if job.state != JobState.DONE or (job.result or {}).get("error"):
        raise Conflict("The dry run has not come to a good end; there is nothing to do for good.")
    names = ("file", "name", "format", "mapping", "desk_id")
    return _promise(session, by=by, dry_run=False, **{name: job.arguments[name] for name in names})


def show(session: Session, id: str, *, by: Identity) -> Import:
    """An import as it stands. Raises NotFound."""
    _may(by)
    return _shown(_job(session, id))


def every(session: Session, *, by: Identity, limit: int = 50) -> list[Import]:
    """The newest imports, newest first."""
    _may(by)
    query = select(Job).where(Job.name == IMPORT_JOB).order_by(col(Job.id).desc()).limit(limit)
    return [_shown(job) for job in session.exec(query)]


def _job(session: Session, id: str) -> Job:
    job = records.get(session, Job, id, name="import")
    if job.name != IMPORT_JOB:
        raise NotFound(f"There is no import with the id {id!r}.", id=id)
    return job


def _shown(job: Job) -> Import:
    told, asked = job.result or {}, job.arguments
    return Import(
        id=job.id,
        name=asked["name"],
        format=asked["format"],
        mapping=asked["mapping"],
        desk_id=asked["desk_id"],
        dry_run=asked["dry_run"],
        state=JobState.FAILED if told.get("error") else job.state,
        share=told.get("share", 0.0),
        counts=told.get("counts", asdict(Counts())),
        passed=told.get("passed", {}),
        refused=told.get("refused", []),
        error=told.get("error") or job.error,
        account_id=asked["account_id"],
        created_at=job.created_at,
        finished_at=job.finished_at,
    )


def run(database: Database, blobs: Blobs, asked: Mapping[str, Any], *, lease: timedelta) -> dict[str, Any]:
    """Do what an import's job promises; gives what the job keeps of it. Twice is the same as once."""
    with database.read() as session:
        account = session.get_one(Account, asked["account_id"])
        known = accounts.identity_of(account)
    by = Identity(known.account_id, known.name, known.permissions, asked["actor"])
    told = _Told(database, asked["import_id"], lease)
    try:
        with blobs.open(asked["file"]) as file:
            told.measure(file)
            importing = Importing(
                database, by=by, name=asked["name"], desk_id=asked["desk_id"], dry_run=asked["dry_run"],
                progress=told.write,
            )  # fmt: skip
            told.counts = importing.counts
            found = entries(file, asked["format"], told.passed, asked["mapping"])
            for refused in importing.take(found):
                told.refuse(refused)
    except LedgerError as error:
        return told.as_json(error.message)
    return told.as_json()


class _Told:
    """What is told of an import while it goes on."""

    def __init__(self, database: Database, id: str, lease: timedelta) -> None:
        self._database, self._id, self._lease = database, id, lease
        self.counts, self.passed = Counts(), Passed()
        self._refused: list[dict[str, Any]] = []
        self._file: BinaryIO | None = None
        self._size = 1
        self._next = 0.0

    def measure(self, file: BinaryIO) -> None:
        """Count from now on how much of this file was read."""
        self._file, self._size = file, max(1, file.seek(0, 2))
        file.seek(0)

    def refuse(self, refused: Refused) -> None:
        """Note a row that can't be taken."""
        if len(self._refused) < MOST_REFUSED:
            self._refused.append(asdict(refused))

    def write(self) -> None:
        """Tell how far it is, and that somebody works on it: now and then, as each time waits for a turn."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _TELL_SECONDS
        with self._database.write() as session:
            session.execute(
                sa.update(Job)
                .where(col(Job.id) == self._id, col(Job.state) == JobState.RUNNING)
                .values(result=self.as_json(share=self._share()), due_at=clock.now() + self._lease)
            )

    def _share(self) -> float:
        # Readers close a file that they have read.
        if self._file is None or self._file.closed:
            return 0.99
        return min(0.99, round(self._file.tell() / self._size, 4))

    def as_json(self, error: str | None = None, share: float = 1.0) -> dict[str, Any]:
        """As the job keeps it."""
        return {
            "share": share,
            "counts": asdict(self.counts),
            "passed": self.passed.counts,
            "refused": self._refused,
            "error": error,
        }
