"""Full text of claims: which words each holds, kept beside the claims and looked up by an index.

The words are worked out from the records and stand outside the log. Both databases are given words that
were cut here, so that they find the same: lower case, without accents, compatibility forms made plain; a
script without spaces is cut into its characters, which are found in a row. A word of three letters or more
finds whatever begins with it; shorter ones, and figures, find themselves.

Hot: `newest` and `few` answer a search before any record is read. docs/decisions/0024 tells why.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from claims.values import dataclass, field
from ledger import bulk
from ledger.models import ClaimWords
from ledger.models.verdicts import RATING_STATUSES

STATEMENT, CLAIMANT, AROUND, TOLD = COLUMNS = ("statement", "claimant", "around", "told")
"""What is kept apart: the statement, who made it, the words around (those in the text, and titles), and what
is told of it (label and reasons of its verdict, the note of a withdrawal, addresses of its articles)."""
DESK = (STATEMENT, CLAIMANT, AROUND)
"""Where the desk looks."""
FEW = 2_000
"""Up to how many claims are looked up by id; what more have is common, and is read newest first."""
TABLE, INDEX = "claim_words", "claim_words_index"
KEPT = ("id", *COLUMNS, "claim_id")
"""The columns of a row."""
INDEX_NEWER = (
    f"INSERT INTO {INDEX} (rowid, {', '.join(COLUMNS)})"  # noqa: S608
    f" SELECT id, {', '.join(COLUMNS)} FROM {TABLE} WHERE id >= ?"
)
"""SQLite: put the words from this place on into the index, where they were put into the table alone."""
Row = tuple[int, str, str, str, str, str]
"""What is kept of a claim, in the order of `KEPT`."""

_TABLE: sa.Table = ClaimWords.__table__  # type: ignore[attr-defined]
_LONGEST = 60  # characters of one word; a database has no room for any length
_BREAK = "¶"  # between texts of one column, so that no words are found across
_SETTLED, _OPEN = f"{_BREAK}settled", f"{_BREAK}open"  # cut from no text, so that nobody finds them by one
_ROWS = 2_000
_BEGINNING = 3  # letters of a word that SQLite's index has lists of its own for
_ENDINGS, _ENDINGS_OF_A_PHRASE = 64, 2  # words with one beginning that are asked for one by one
# What each ASCII character becomes: a letter small, a figure itself, all else a blank.
_ASCII = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)) + b" " * 128
# Accents, and the points of Hebrew and Arabic, which most people leave out.
_POINTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670]")
# Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese are written without spaces.
_SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_ALONE = f"[{_SPACELESS}\u20a0-\u20cf\u2190-\u2bff\U0001f000-\U0001faff]"  # those, and signs such as € and 🦊
_LETTER = "(?:[^\\W_]|[\u0900-\u0963\u0966-\u0dff])"  # in India, vowels are no letters of their own
_ANY = re.compile(f"{_ALONE}|(?:(?!{_ALONE}){_LETTER})+")
_SINGLE = re.compile(_ALONE)


def cut(text: str) -> list[str]:
    """The words of a text, as they are kept and looked for."""
    if text.isascii():
        words = text.encode().translate(_ASCII).decode().split()
    else:
        plain = _POINTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
        words = _ANY.findall(unicodedata.normalize("NFKC", plain))
    if len(text) > _LONGEST and max(map(len, words), default=0) > _LONGEST:
        return [word[:_LONGEST] for word in words]
    return words


# ------------------------------------------------------------------------------------- asking


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in one of these columns."""

    words: tuple[str, ...]
    columns: tuple[str, ...] = DESK

    @property
    def open(self) -> bool:
        """Whether its last word may go on."""
        last = self.words[-1]
        if last.isdigit() or last[0] == _BREAK or _SINGLE.match(last):
            return False
        return len(last) >= (3 if last.isascii() else 2)


IS_SETTLED, IS_OPEN = Phrase((_SETTLED,), (TOLD,)), Phrase((_OPEN,), (TOLD,))
"""Looked for as words are: the claim's verdict is in force; an article with it has an open report. Asked for
first: SQLite goes through the claims that have the first word, and these are often few."""


def phrase(text: str, columns: Sequence[str] = DESK) -> Phrase | None:
    """What is looked for by a text; None where it has no letter, figure or sign of its own."""
    words = cut(text)
    return Phrase(tuple(words), tuple(columns)) if words else None


def holds(one: Phrase, claim_id: Any) -> Any:
    """A condition on single claims: good where most rows meet it, or few are asked."""
    words = _TABLE.c
    return sa.exists().where(words.claim_id == claim_id, _like(one)).correlate_except(ClaimWords)


def holds_given(claim_id: Any, columns: Sequence[str], name: str) -> Any:
    """The same in these columns, for what comes with each execution: its `pattern`; None holds nowhere."""
    like = _like_given(columns, name)
    return sa.exists().where(_TABLE.c.claim_id == claim_id, like).correlate_except(ClaimWords)


def holding(among: Any, asked: Iterable[tuple[Sequence[str], str]]) -> Any:
    """A query for the ids of those claims that hold all of it: `among` is a condition on their rows, `asked`
    columns and the names of patterns, as above."""
    like = [_like_given(columns, name) for columns, name in asked]
    return sa.select(_TABLE.c.claim_id).where(among, *like).correlate(None)


def _like_given(columns: Sequence[str], name: str) -> Any:
    given = sa.bindparam(name, type_=sa.Text)
    return sa.or_(*(_TABLE.c[column].like(given) for column in columns))


def few(session: Session, phrases: Sequence[Phrase], most: int) -> list[str] | None:
    """The ids of the claims that hold all of it, newest first; None where there are more than `most`."""
    words = _TABLE.c
    if session.get_bind().dialect.name == "sqlite":
        found = places(session, phrases, None, most + 1)
        return None if len(found) > most else claims_at(session, found)
    query = sa.select(words.claim_id, words.id).where(_lexemes(phrases), *(_like(one) for one in phrases))
    rows = session.execute(query.limit(most + 1)).all()
    return None if len(rows) > most else [id for id, _ in sorted(rows, key=lambda row: -row[1])]


def newest(
    session: Session, phrases: Sequence[Phrase], beyond: str | None, limit: int, *, upwards: bool = False
) -> list[str]:
    """The ids of the newest claims that hold all of it, of those older than the claim `beyond`.

    `upwards`: of the oldest, of those newer than it.
    """
    place = None if beyond is None else place_of(beyond)
    if session.get_bind().dialect.name == "sqlite":
        return claims_at(session, places(session, phrases, place, limit, upwards), upwards)
    words = _TABLE.c
    query = sa.select(words.claim_id).where(*(_like(one) for one in phrases))
    if place is not None:
        query = query.where(words.id > place if upwards else words.id < place)
    query = query.order_by(words.id if upwards else words.id.desc()).limit(limit)
    return list(session.execute(query).scalars())


def claims_of(places: Sequence[int]) -> Any:
    """SQLite: the ids of the claims at these places, as a query."""
    each: Any = sa.func.json_each(json.dumps(places)).table_valued("value", name="place")
    query = sa.select(_TABLE.c.claim_id).where(_TABLE.c.id.in_(sa.select(each.c.value).correlate(None)))
    return query.correlate(None)


def place_of(id: str) -> int:
    """Where a claim stands among all: the 60 bits of its id that tell the time of its making."""
    return int(id[:8] + id[9:13] + id[15:18], 16)


_OLDER = (
    "SELECT rowid FROM claim_words_index WHERE claim_words_index MATCH ? AND rowid < ?"
    " ORDER BY rowid DESC LIMIT ?"
)
_NEWER = (
    "SELECT rowid FROM claim_words_index WHERE claim_words_index MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?"
)
_AT = "SELECT claim_id FROM claim_words WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"


def places(
    session: Session, phrases: Sequence[Phrase], beyond: int | None, limit: int, upwards: bool = False
) -> list[int]:
    """SQLite: where the newest claims that hold all of it stand, of those before the place `beyond`."""
    start = (-1 if upwards else 1 << 62) if beyond is None else beyond
    statement = _NEWER if upwards else _OLDER
    # A sentence's figures are soon looked for, and mostly nowhere; how words go on takes longer to find out.
    sure = [one for one in phrases if not one.open]
    if 1 < len(sure) < len(phrases) and not _raw(session, statement, (_all_of(session, sure), start, 1)):
        return []
    return _raw(session, statement, (_all_of(session, phrases), start, limit))


def _all_of(session: Session, phrases: Sequence[Phrase]) -> str:
    return " AND ".join(_matching(session, one) for one in phrases)


def claims_at(session: Session, places: Sequence[int], upwards: bool = False) -> list[str]:
    """SQLite: the ids of the claims at these places, the newest first."""
    if not places:
        return []
    found = _raw(session, _AT, (json.dumps(places),))
    return found if upwards else found[::-1]


def _raw(session: Session, statement: str, values: tuple[Any, ...]) -> list[Any]:
    """The first column of SQLite's answer: a tenth of what results of thousands cost."""
    driver: Any = session.connection().connection.driver_connection
    return [value for (value,) in driver.execute(statement, values)]


def _matching(session: Session, one: Phrase) -> str:
    # Words hold letters and figures only, so that nothing in them can end the quotation.
    *before, last = one.words
    most = _ENDINGS_OF_A_PHRASE if before else _ENDINGS
    if one.open and len(last) > _BEGINNING and (endings := _endings(session, last, most)) is not None:
        found = " OR ".join(f'"{" ".join((*before, word))}"' for word in (last, *endings))
        return f"({{{' '.join(one.columns)}}} : ({found}))"
    found = f'"{" ".join(one.words)}"' + (" *" if one.open else "")
    if one in (IS_SETTLED, IS_OPEN):
        return found
    return f"({{{' '.join(one.columns)}}} : {found})"


# From each word straight to the next: to read on from a common word would be to read where all of it stands.
_NEXT = "(SELECT term FROM claim_words_index_terms WHERE term >= {} AND term < ?2 LIMIT 1)"
_WORDS = (
    f"WITH RECURSIVE found(term) AS (SELECT {_NEXT.format('?1')}"  # noqa: S608
    f" UNION ALL SELECT {_NEXT.format('found.term || char(1)')} FROM found WHERE found.term IS NOT NULL"
    " LIMIT ?3) SELECT term FROM found WHERE term IS NOT NULL"
)


def _endings(session: Session, word: str, most: int) -> list[str] | None:
    """The words in the index that go on where this one ends; None: there are more than `most`.

    Asked for a beginning, SQLite would put all its matches together first, at a million claims for 10 ms.
    """
    beyond, end = f"{word}\x01", f"{word}\U0010ffff"
    found = _raw(session, _WORDS, (beyond, end, most + 1))
    return None if len(found) > most else found


def _like(one: Phrase) -> Any:
    words = _TABLE.c
    return sa.or_(*(words[column].like(pattern(one)) for column in one.columns))


def pattern(one: Phrase) -> str:
    """What LIKE finds in a column that holds it."""
    return f"% {' '.join(one.words)}{'' if one.open else ' '}%"


def _lexemes(phrases: Iterable[Phrase]) -> Any:
    """PostgreSQL's side: every word of it is there, in whatever order and column."""
    wanted = [
        f"'{word}'" + (":*" if one.open and place == len(one.words) - 1 else "")
        for one in phrases
        for place, word in enumerate(one.words)
    ]
    return sa.text(f"{LEXEMES} @@ CAST(:lexemes AS tsquery)").bindparams(lexemes=" & ".join(wanted))


LEXEMES = "array_to_tsvector(array_remove(string_to_array(statement || claimant || around || told, ' '), ''))"
"""What PostgreSQL's index holds of a row."""


# ------------------------------------------------------------------------------------ keeping


@dataclass(slots=True)
class Wording:
    """The texts that a claim can be found by."""

    claim_id: str
    statement: str
    claimant: str | None = None
    exact: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    is_settled: bool = False
    is_open: bool = False

    def row(self) -> dict[str, Any]:
        """The row that is kept of it."""
        exact = [] if self.exact == [self.statement] else self.exact
        signs = {"is_settled": self.is_settled, "is_open": self.is_open}
        values = row(self.claim_id, self.statement, self.claimant, exact, self.titles, self.told, **signs)
        return dict(zip(KEPT, values, strict=True))


def row(
    claim_id: str,
    statement: str,
    claimant: str | None,
    exact: Sequence[str],
    titles: Iterable[str],
    told: Iterable[str],
    *,
    is_settled: bool = False,
    is_open: bool = False,
) -> Row:
    """What is kept, in the order of `KEPT`; words of the text that the statement repeats are kept once."""
    words = _column((statement,))
    near = [text for text in exact if _column((text,)) not in words] if exact else ()
    known = _column_often(tuple(dict.fromkeys(told)))
    if is_settled:
        known = f"{known or ' '}{_SETTLED} "
    if is_open:
        known = f"{known or ' '}{_OPEN} "
    return (
        place_of(claim_id),
        words,
        _column_often((claimant or "",)),
        (_column if near else _column_often)((*near, *dict.fromkeys(titles))),
        known,
        claim_id,
    )


def _column(texts: Iterable[str]) -> str:
    cuts = [" ".join(words) for text in texts if text and (words := cut(text))]
    return f" {f' {_BREAK} '.join(cuts)} " if cuts else ""


# The claims of one article share its title and address, and often who made them.
_column_often = lru_cache(1024)(_column)


def add(connection: sa.Connection, wordings: Iterable[Wording]) -> None:
    """Keep the words of claims that are new. Fast: a bulk import of many thousands may use it."""
    insert(connection, [wording.row() for wording in wordings])


def insert(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Keep rows that `Wording.row` gave."""
    if not rows:
        return
    _set_apart(connection, rows)
    kept = list(map(itemgetter(*KEPT), rows))
    bulk.put(connection, TABLE, KEPT, list(chain.from_iterable(kept)))
    if connection.dialect.name == "sqlite":
        bulk.put(connection, INDEX, ("rowid", *COLUMNS), list(chain.from_iterable(row[:-1] for row in kept)))


def last_place(connection: sa.Connection) -> int:
    """The place of the newest words that are kept; 0 of none."""
    return connection.execute(sa.select(sa.func.max(_TABLE.c.id))).scalar() or 0


def refresh(connection: sa.Connection, claim_ids: Iterable[str]) -> None:
    """Bring the words of these claims into step with their records."""
    for some in _batches(sorted(set(claim_ids))):
        rows = {wording.claim_id: wording.row() for wording in _read(connection, some)}
        kept = {row["claim_id"]: dict(row) for row in _kept(connection, some)}
        for id, old in kept.items():
            new = {**rows.pop(id), "id": old["id"]}
            if new != old:
                _replace(connection, old, new)
        insert(connection, list(rows.values()))


def rebuild(connection: sa.Connection) -> int:
    """Make all words anew; gives the number of claims."""
    connection.execute(sa.delete(_TABLE))
    reindex(connection)
    number, after = 0, ""
    while True:
        query = sa.text("SELECT id FROM claim WHERE id > :after ORDER BY id LIMIT :most")
        some = list(connection.execute(query, {"after": after, "most": _ROWS}).scalars())
        if not some:
            return number
        add(connection, _read(connection, some))
        number, after = number + len(some), some[-1]


def reindex(connection: sa.Connection) -> None:
    """Fill the index from the rows of `claim_words`, where these were put in past this module."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO claim_words_index (claim_words_index) VALUES ('rebuild')")


_INTO_INDEX = sa.text(
    "INSERT INTO claim_words_index (rowid, statement, claimant, around, told)"
    " VALUES (:id, :statement, :claimant, :around, :told)"
)
_OUT_OF_INDEX = sa.text(
    "INSERT INTO claim_words_index (claim_words_index, rowid, statement, claimant, around, told)"
    " VALUES ('delete', :id, :statement, :claimant, :around, :told)"
)


# What of a record goes into the words of a claim.
_FOLLOWED = {
    "claim": {"statement", "claimant", "verdict_id", "withdrawn_note", "status", "merged_into"},
    "appearance": {"exact", "claim_id"},
    "verdict": {"label", "rationale"},
    "article": {"title", "url", "report_since"},
}


def concerned(session: Session, record: Any, columns: Iterable[str], *, new: bool) -> Iterable[str]:
    """The ids of the claims whose words a change of these columns of a record may change."""
    table = str(record.__tablename__)
    followed = _FOLLOWED.get(table, set()).intersection(columns)
    if not followed:
        return ()
    if table == "claim":
        # Without a verdict there is none in force, whatever becomes of the status.
        return () if followed == {"status"} and record.verdict_id is None else (record.id,)
    if table == "appearance":
        return (record.claim_id,)
    if new:
        # An article has no claims yet, and a verdict in force is named by its claim.
        return ()
    if table == "verdict":
        return (record.claim_id,)
    return session.execute(_OF_ARTICLE, {"id": record.id}).scalars()


_OF_ARTICLE = sa.text("SELECT claim_id FROM appearance WHERE article_id = :id")


def _replace(connection: sa.Connection, old: dict[str, Any], new: dict[str, Any]) -> None:
    connection.execute(sa.update(_TABLE).where(_TABLE.c.id == new["id"]), new)
    if connection.dialect.name == "sqlite":
        # The index keeps no text: what goes must be told to it.
        connection.execute(_OUT_OF_INDEX, old)
        connection.execute(_INTO_INDEX, new)


def _set_apart(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Two machines may make an id in the same quarter of a microsecond: then one comes after the other."""
    asked = [row["id"] for row in rows]
    taken: set[int] = set()
    if last_place(connection) >= min(asked):
        for some in _batches(asked):
            taken |= set(connection.execute(sa.select(_TABLE.c.id).where(_TABLE.c.id.in_(some))).scalars())
    for row in rows:
        while row["id"] in taken:
            row["id"] += 1
        taken.add(row["id"])


def _kept(connection: sa.Connection, claim_ids: Sequence[str]) -> Iterable[Any]:
    query = sa.select(_TABLE).where(_TABLE.c.claim_id.in_(claim_ids))
    return connection.execute(query).mappings()


_CLAIMS = sa.text(
    "SELECT c.id, c.statement, c.claimant, c.status, c.withdrawn_note, v.label, v.rationale, v.id"
    " FROM claim c LEFT JOIN verdict v ON v.id = c.verdict_id WHERE c.id IN :ids ORDER BY c.id"
).bindparams(sa.bindparam("ids", expanding=True))
_PLACES = sa.text(
    "SELECT p.claim_id, p.exact, a.title, a.url, a.report_since"
    " FROM appearance p JOIN article a ON a.id = p.article_id WHERE p.claim_id IN :ids ORDER BY p.id"
).bindparams(sa.bindparam("ids", expanding=True))


def _read(connection: sa.Connection, claim_ids: Sequence[str]) -> list[Wording]:
    """What there is to say of these claims; of an id that is not there, nothing."""
    found: dict[str, Wording] = {}
    for id, statement, claimant, status, *texts, verdict in connection.execute(
        _CLAIMS, {"ids": list(claim_ids)}
    ):
        told = [text for text in texts if text]
        settled = verdict is not None and status in RATING_STATUSES
        found[id] = Wording(id, statement, claimant, told=told, is_settled=settled)
    for id, exact, title, url, report_since in connection.execute(_PLACES, {"ids": list(claim_ids)}):
        one = found[id]
        one.exact.append(exact)
        one.titles.append(title)
        if url:
            one.told.append(url)
        one.is_open = one.is_open or report_since is not None
    return list(found.values())


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _ROWS):
        yield items[start : start + _ROWS]
