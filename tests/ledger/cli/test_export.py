"""ledger export: formats, and going on with a file that broke off."""

import gzip
import json
import zipfile

import pytest

from ledger.adapters.blobs import FolderBlobs
from ledger.services import captures, claims, evidence
from tests.conftest import one_database
from tests.factories import make_article, make_claim
from tests.ledger.export.crowd import make_crowd
from tests.site import Site

WILD = 'He said: "no",\r\n01a2060b-e223-782a-96f6-dd90419789f1,1,"\r\n and "left"'


@pytest.mark.parametrize("form", ["csv", "jsonl", "claimreview.json", "annotations.json"])
def test_a_file_that_broke_off_anywhere_is_gone_on_with(ledger, database, people, tmp_path, form) -> None:
    make_crowd(database, people.reviewer, people.editor, 30)
    wild = make_claim(database, people.reviewer)
    with database.write() as session:
        claims.reword(session, wild.id, by=people.reviewer, version=1, details={"statement": WILD})
    whole, broken = tmp_path / f"whole.{form}", tmp_path / f"broken.{form}"
    assert ledger("export", "claims", "--out", whole).code == 0
    data = whole.read_bytes()
    # A claim that is not settled has no ClaimReview.
    place = max(data.find(wild.id.encode()), 0)

    for size in (0, 5, place + 60, place + 150, place + 400, len(data) // 2, len(data) - 4, len(data)):
        broken.write_bytes(data[:size])
        done = ledger("export", "claims", "--out", broken, "--resume")
        assert done.code == 0, done.err
        assert broken.read_bytes() == data, size
    assert "of them were there" in done.err


def test_the_first_part_may_be_missing_altogether(ledger, database, people, tmp_path) -> None:
    claim = make_claim(database, people.reviewer)
    assert ledger("export", "--out", tmp_path / "a.csv", "--resume", "--bom").code == 0
    assert claim.id in (tmp_path / "a.csv").read_text("utf-8-sig")


@one_database
@pytest.mark.parametrize(
    "text",
    ["claim_id,colour\r\n1,red\r\n", '{"colour": "red"}\n', "claim_id\r\n", "[1]\n", "not an export\n\n"],
)
@pytest.mark.parametrize("form", ["csv", "jsonl", "claimreview", "annotations"])
def test_another_s_file_is_left_alone(ledger, database, tmp_path, text, form) -> None:
    path = tmp_path / "other"
    path.write_bytes(text.encode())

    done = ledger("export", "--out", path, "--format", form, "--resume")

    assert done.code != 0 and "no such export" in done.err
    assert path.read_bytes() == text.encode()


@one_database
@pytest.mark.parametrize(
    "options",
    [("--resume",), ("--out", "a.xlsx", "--resume"), ("--out", "a.csv", "--resume", "--compress", "gzip")],
)
def test_what_can_not_be_gone_on_with_is_told(ledger, database, tmp_path, options) -> None:
    done = ledger("export", *options)
    assert done.code != 0 and "--out" in done.err
    assert not list(tmp_path.glob("a.*"))


@one_database
def test_the_file_s_ending_tells_the_format(ledger, database, people, tmp_path) -> None:
    claim = make_claim(database, people.reviewer)
    make_article(database, people.reviewer)

    for name in ("a.jsonl", "a.xlsx", "a.zip", "A.Annotations.json", "a.claimreview.json"):
        assert ledger("export", "claims", "-o", tmp_path / name, "--status", "unchecked").code == 0
    assert ledger("export", "-o", tmp_path / "a.csv.gz", "--format", "csv", "--compress", "gzip").code == 0

    assert json.loads((tmp_path / "a.jsonl").read_text())["claim_id"] == claim.id
    assert claim.id in gzip.decompress((tmp_path / "a.csv.gz").read_bytes()).decode()
    assert json.loads((tmp_path / "A.Annotations.json").read_text())["total"] == 1
    assert json.loads((tmp_path / "a.claimreview.json").read_text())["dataFeedElement"] == []
    assert "claims.csv" in zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert "xl/workbook.xml" in zipfile.ZipFile(tmp_path / "a.xlsx").namelist()


@one_database
def test_what_is_packed_already_is_not_packed_again(ledger, database, tmp_path) -> None:
    done = ledger("export", "-o", tmp_path / "a.zip", "--compress", "zstd")
    assert done.code != 0 and "packed already" in done.err and not (tmp_path / "a.zip").exists()


@one_database
def test_a_workbook_is_taken_part_by_part(ledger, database, people, tmp_path) -> None:
    make_crowd(database, people.reviewer, people.editor, 7)

    first = ledger("export", "-o", tmp_path / "1.xlsx", "--limit", "4")
    assert first.code == 0 and "4 claims in" in first.err
    after = first.err.split("--after ")[1].split()[0]
    second = ledger("export", "-o", tmp_path / "2.xlsx", "--limit", "4", "--after", after)

    assert second.code == 0 and "3 claims in" in second.err and "--after" not in second.err
    sheets = [
        zipfile.ZipFile(tmp_path / name).read("xl/worksheets/sheet1.xml") for name in ("1.xlsx", "2.xlsx")
    ]
    assert [sheet.count(b"<row>") - 1 for sheet in sheets] == [4, 3]


@one_database
def test_what_is_no_claim_is_nothing_to_go_on_from(ledger, database, tmp_path) -> None:
    done = ledger("export", "-o", tmp_path / "a.zip", "--after", "01a2060b-e223-782a-96f6-dd90419789f1")
    assert done.code != 0 and "last claim" in done.err and not (tmp_path / "a.zip").exists()


# --- web archives


@pytest.fixture
def kept(database, people, settings):
    """A claim whose evidence has a copy, and where the copy's file is."""
    claim = make_claim(database, people.reviewer)
    details = {"url": "https://example.org/a", "stance": "supports"}
    with database.write() as session:
        piece = evidence.add(session, claim.id, by=people.reviewer, details=details)
    site = Site()
    site.wire = True
    captures.take(database, site, FolderBlobs(settings.data_dir / "captures"), piece.capture_id)
    return claim, settings.data_dir / "captures"


def test_copies_are_written_as_a_web_archive(ledger, database, people, tmp_path, kept) -> None:
    claim, _ = kept
    for more in ([], ["--claim", claim.id], ["--kind", claim.kind]):
        path = tmp_path / "evidence.wacz"
        done = ledger("export", "claims", *more, "-o", path)
        assert done.code == 0 and "1 copy in" in done.err, done.err
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None and "datapackage-digest.json" in archive.namelist()
            assert b"https://example.org/a" in archive.read("indexes/index.cdx")
    other = make_claim(database, people.reviewer, "12 towns")
    done = ledger("export", "claims", "--format", "wacz", "--claim", other.id, "-o", tmp_path / "none.wacz")
    assert done.code != 0 and "No copy" in done.err and not (tmp_path / "none.wacz").exists()
    done = ledger("export", "claims", "-o", tmp_path / "part.wacz", "--limit", "1")
    assert done.code != 0 and "taken whole" in done.err


def test_a_copy_that_is_gone_is_told_and_the_code_says_so(ledger, tmp_path, kept) -> None:
    _, folder = kept
    for file in folder.rglob("*"):
        if file.is_file():
            file.unlink()
    done = ledger("export", "claims", "-o", tmp_path / "evidence.wacz")
    assert done.code == 1 and "the copy of https://example.org/a is missing" in done.err
    assert "0 copies in" in done.err
