"""Lines built by the database: to the byte what Python's own writer makes of the same cells."""

import csv
import io

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.db import Database
from ledger.export.csv import plain, shielded
from ledger.store.cells import Cells, Column

_SIGNS = "'=+-@\t\r\n＝＋－＠\",; aZz{é👩\\"
_TEXTS = st.none() | st.text(alphabet=_SIGNS, max_size=8)
_LISTS = st.none() | st.lists(st.text(alphabet=_SIGNS, max_size=6), max_size=4)


def _line(database: Database, columns: list[tuple[str, object]], *, guarded: bool = True) -> str:
    with database.read() as session:
        connection = session.connection()
        cells = Cells(sqlite=database.is_sqlite)
        given = [Column("x", kind, sa.literal(value, _TYPES[kind]), "") for kind, value in columns]
        return connection.execute(sa.select(cells.line(given, guarded=guarded))).scalar_one()


_TYPES = {
    "words": sa.Text(), "list": sa.Text(), "number": sa.Float(), "integer": sa.Integer(), "word": sa.Text(),
    "truth": sa.Boolean(),
}  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(words=_TEXTS, more=_TEXTS)
def test_words_come_back_exactly_and_none_is_a_formula(
    database: Database, words: str | None, more: str | None
) -> None:
    line = _line(database, [("words", words), ("words", more), ("word", "end")])

    ((first, second, end),) = csv.reader(io.StringIO(line, newline=""))
    assert [first, second, end] == [shielded(words) or "", shielded(more) or "", "end"]
    assert plain(first) == (words or "") and plain(second) == (more or "")
    ((raw, *_),) = csv.reader(
        io.StringIO(_line(database, [("words", words), ("word", "end")], guarded=False), newline="")
    )
    assert raw == (words or "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(members=_LISTS)
def test_a_list_is_one_cell(database: Database, members: list[str] | None) -> None:
    import json

    text = None if members is None else json.dumps(members)
    line = _line(database, [("list", text), ("word", "end")])

    ((cell, _),) = csv.reader(io.StringIO(line, newline=""))
    assert cell == (shielded("\n".join(members or [])) or "")


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("number", 5.0, "5"), ("number", -3.0, "-3"), ("number", 0.75, "0.75"), ("number", None, ""),
        ("integer", -3, "-3"), ("integer", None, ""), ("truth", True, "true"), ("truth", False, "false"),
        ("truth", None, "false"), ("word", None, ""),
    ],
)  # fmt: skip
def test_numbers_stay_bare(database: Database, kind: str, value: object, written: str) -> None:
    assert _line(database, [(kind, value), ("word", "end")]) == f"{written},end\r\n"
