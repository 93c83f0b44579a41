"""Exports as programs of others read them: DuckDB, pandas, frictionless, openpyxl, LibreOffice."""

import io
import json
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from ledger.db import Database
from ledger.export import xlsx
from ledger.models import Claim
from ledger.services import claims, exports, labels
from ledger.services.exports import Wish
from ledger.store import exports as store
from ledger.store.claims import Filters
from tests.conftest import People, one_database
from tests.factories import make_article, make_claim, make_evidence, make_verdict

# The \r is written as \n when the text comes in; what may not stand in XML is kept.
WILD = 'He said: "5, 6"\r\nand — 👩‍🚀 مرحبا\tthen \x01 _x0041_ left\n=1+1 <b>&amp;'


@pytest.fixture
def crowd(database: Database, people: People) -> Claim:
    """A settled claim with all kinds of text in it, a formula, an empty one, and candidates."""
    make_verdict(database, people.reviewer, people.editor)
    make_article(database, people.reviewer, floor=0.0)
    wild = make_claim(database, people.reviewer, "12 towns", claimant='=HYPERLINK("http://evil.example")')
    with database.write() as session:
        claims.reword(session, wild.id, by=people.reviewer, version=1, details={"statement": WILD})
    with database.write() as session:
        labels.tag(session, wild.id, by=people.reviewer, version=2, given=["économie", "-urgent", "c\\d"])
    make_evidence(database, people.reviewer, wild, quote=WILD, url="https://example.org/?a=1,2&b=%22")
    return wild


def _file(database: Database, path: Path, **wish: object) -> Path:
    wish.setdefault("filters", Filters(below=True))
    with path.open("wb") as file:
        for piece in exports.taken(database, Wish(base_url="https://l.example", **wish)).pieces:
            file.write(piece)
    return path


def _statement(database: Database, claim: Claim) -> str:
    with database.read() as session:
        return session.get_one(Claim, claim.id).statement


def _number(database: Database) -> int:
    return exports.count(database, Wish(filters=Filters(below=True)))


@one_database
def test_duckdb_reads_csv_and_json_lines_alike(database: Database, crowd: Claim, tmp_path: Path) -> None:
    import duckdb

    table = _file(database, tmp_path / "claims.csv", format="csv", raw=True)
    lines = _file(database, tmp_path / "claims.jsonl", format="jsonl")

    ask = 'SELECT claim_id, statement, claimant, start, "end", revision, verdict_number, status FROM '
    from_csv = duckdb.sql(f"{ask} read_csv('{table}', header = true) ORDER BY 1").fetchall()
    from_lines = duckdb.sql(f"{ask} read_json('{lines}', format = 'newline_delimited') ORDER BY 1").fetchall()

    assert len(from_csv) == _number(database) > 5
    assert [tuple(map(str, row)) for row in from_csv] == [tuple(map(str, row)) for row in from_lines]
    assert _statement(database, crowd) in {row[1] for row in from_csv}
    tags = duckdb.sql(f"SELECT tags FROM read_json('{lines}') WHERE claim_id = '{crowd.id}'").fetchall()
    assert tags == [(["-urgent", "c\\d", "économie"],)]


@one_database
@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_pandas_reads_a_packed_file(database: Database, crowd: Claim, tmp_path: Path, packing: str) -> None:
    import pandas

    path = _file(database, tmp_path / "claims.csv.gz", format="csv", packing=packing)
    if packing == "zstd":
        # pandas reads it with another package only.
        from backports import zstd

        source: object = io.BytesIO(zstd.decompress(path.read_bytes()))
    else:
        source = path
    frame = pandas.read_csv(source).set_index("claim_id")

    assert len(frame) == _number(database)
    assert frame.loc[crowd.id, "statement"] == _statement(database, crowd)
    assert frame.loc[crowd.id, "claimant"].startswith("'=HYPERLINK")
    assert frame["start"].dtype == "int64" and frame["verdict_number"].max() == 5


@one_database
def test_pandas_reads_json_lines(database: Database, crowd: Claim, tmp_path: Path) -> None:
    import pandas

    frame = pandas.read_json(_file(database, tmp_path / "claims.jsonl", format="jsonl"), lines=True)

    assert len(frame) == _number(database)
    (piece,) = frame.set_index("claim_id").loc[crowd.id, "evidence"]
    assert piece["stance"] == "supports" and piece["url"] == "https://example.org/?a=1,2&b=%22"


@one_database
def test_frictionless_finds_nothing_wrong_with_the_package(
    database: Database, crowd: Claim, tmp_path: Path
) -> None:
    import frictionless

    folder = tmp_path / "package"
    zipfile.ZipFile(_file(database, tmp_path / "claims.zip", format="package")).extractall(folder)

    report = frictionless.validate(str(folder / "datapackage.json"))

    assert report.valid, report.flatten(["fieldName", "type", "note"])
    assert {task.name: task.stats["rows"] for task in report.tasks}["claims"] == _number(database)
    package = frictionless.Package(str(folder / "datapackage.json"))
    events = package.get_resource("events").read_rows()
    assert [row["seq"] for row in events] == sorted(row["seq"] for row in events)
    assert "claim.reworded" in {row["kind"] for row in events if row["claim_id"] == crowd.id}
    verdict = next(row for row in package.get_resource("verdicts").read_rows() if row["in_force"])
    assert verdict["signed_by"] == "Editor" and isinstance(verdict["settled_at"], datetime)


def test_the_package_tells_which_state_it_is_of(database: Database, crowd: Claim, tmp_path: Path) -> None:
    archive = zipfile.ZipFile(_file(database, tmp_path / "claims.zip", format="package"))

    assert archive.testzip() is None
    told = json.loads(archive.read("datapackage.json"))
    assert [one["name"] for one in told["resources"]] == list(store.TABLES)
    assert told["log_size"] > 5
    for one in told["resources"]:
        data = archive.read(one["path"])
        assert len(data) == one["bytes"]
        heads = [field["name"] for field in one["schema"]["fields"]]
        assert data.splitlines()[0].decode() == ",".join(heads)


def test_the_package_holds_only_what_belongs_to_the_claims_asked_for(
    database: Database, crowd: Claim, tmp_path: Path
) -> None:
    import csv

    filters = Filters(status=("supported",))
    archive = zipfile.ZipFile(_file(database, tmp_path / "a.zip", format="package", filters=filters))

    def read(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))

    (settled,) = read("claims.csv")
    for name in ("appearances.csv", "evidence.csv", "verdicts.csv", "events.csv"):
        rows = read(name)
        assert rows and {row["claim_id"] for row in rows} == {settled["claim_id"]}, name


@one_database
def test_openpyxl_reads_the_workbook(database: Database, crowd: Claim, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(_file(database, tmp_path / "claims.xlsx", format="xlsx"))

    assert book.sheetnames == ["Claims"]
    head, *rows = book["Claims"].iter_rows()
    assert len(rows) == _number(database) and head[0].font.b and book["Claims"].freeze_panes == "A2"
    places = {cell.value: number for number, cell in enumerate(head)}
    row = next(row for row in rows if row[0].value == crowd.id)
    # openpyxl leaves the format's own marks for control codes as they are.
    words = openpyxl.utils.escape.unescape(row[places["statement"]].value)
    assert words == _statement(database, crowd)
    claimant = row[places["claimant"]]
    assert claimant.value.startswith("=HYPERLINK") and claimant.data_type == "s"
    assert row[places["tags"]].value == "-urgent, c\\d, économie"
    assert isinstance(row[places["start"]].value, int)


@one_database
def test_more_rows_than_a_sheet_holds_go_on_in_the_next(database: Database, crowd: Claim) -> None:
    import openpyxl

    with database.read() as session:
        rows = list(store.rows(session, Filters(below=True), base_url=""))
        made = xlsx.document(store.columns(session), rows, (2026, 1, 1, 0, 0, 0), most=4)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(made)))

    ids = [row[0] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert ids == [row[0] for row in rows]
    assert book.sheetnames[1] == "Claims 2" and all(sheet.max_row <= 4 for sheet in book)


def test_a_cell_that_is_too_long_says_that_it_is_cut() -> None:
    import openpyxl

    column = store.Column("words", "words", None, "")
    made = xlsx.document([column], [["👩" * 40_000], ["a" * 32_767], [""]], (2026, 1, 1, 0, 0, 0))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(made)))["Claims"]

    long, fits = sheet["A2"].value, sheet["A3"].value
    assert long.endswith("(cut: a cell holds no more)") and len(long.encode("utf-16-le")) // 2 <= 32_767
    assert fits == "a" * 32_767


@one_database
@pytest.mark.soak
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_opens_it(database: Database, crowd: Claim, tmp_path: Path, form: str) -> None:
    import csv

    path = _file(database, tmp_path / f"claims.{form}", format=form)
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    to = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(tmp_path / "out")]
    subprocess.run(
        ["soffice", home, "--headless", "--infilter=CSV:44,34,76,1", *to, str(path)]
        if form == "csv"
        else ["soffice", home, "--headless", *to, str(path)],
        check=True, capture_output=True, timeout=110,
    )  # fmt: skip

    text = (tmp_path / "out" / "claims.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == _number(database)
    (wild,) = [row for row in rows if row["claim_id"] == crowd.id]
    assert "HYPERLINK" in wild["claimant"] and "مرحبا" in wild["statement"] and "=1+1" in wild["statement"]
