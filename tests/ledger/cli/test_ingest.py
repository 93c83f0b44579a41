"""ledger ingest: files, folders, patterns, addresses and standard input."""

import io
import sys
import types
from pathlib import Path

import pytest

from ledger.models import Article
from tests.conftest import ARTICLES

ONE, TWO = "The town paid 4.2 million euros.", "More than 40 towns asked for 12 bridges in 2024."


@pytest.fixture
def folder(tmp_path: Path, people) -> Path:
    """Two articles, one in a folder below, and what is none."""
    assert people.admin
    folder = tmp_path / "archive"
    (folder / "below").mkdir(parents=True)
    (folder / "one.txt").write_text(ONE)
    (folder / "below" / "two.md").write_text(f"# Bridges\n\n{TWO}\n")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / ".hidden.txt").write_text("Nobody asked for it.")
    return folder


def _titles(database) -> list[str]:
    with database.read() as session:
        return sorted(session.execute(Article.__table__.select().with_only_columns(Article.title)).scalars())


def test_a_folder_s_articles_are_brought_in(ledger, database, folder) -> None:
    done = ledger("ingest", folder, "--publisher", "The News", "--language", "en")

    assert done.code == 0, done.err
    assert _titles(database) == ["Bridges", ONE]
    assert "2 added with 2 candidates, 0 there already, 0 failed." in done.err
    with database.read() as session:
        rows = session.execute(Article.__table__.select()).all()
    assert {(row.publisher, row.language, row.source) for row in rows} == {("The News", "en", "file")}


def test_the_same_command_again_adds_nothing_twice(ledger, database, folder) -> None:
    ledger("ingest", folder / "one.txt")

    done = ledger("ingest", folder)

    assert done.code == 0
    assert "1 added with 1 candidates, 1 there already, 0 failed." in done.err
    assert len(_titles(database)) == 2


def test_a_file_that_fails_is_named_and_the_others_are_done(ledger, database, folder) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (folder / "empty.txt").write_text("")

    done = ledger("ingest", folder, "nowhere.txt")

    assert done.code == 1
    assert "failed: nowhere.txt: there is no such file" in done.err
    assert "broken.pdf: " in done.err and "empty.txt: " in done.err and "Traceback" not in done.err
    assert "2 added with 2 candidates, 0 there already, 3 failed." in done.err


def test_a_pattern_is_followed(ledger, database, folder) -> None:
    assert ledger("ingest", f"{folder}/**/*.md").code == 0
    assert _titles(database) == ["Bridges"]


def test_standard_input_is_read(ledger, database, folder, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(buffer=io.BytesIO(ONE.encode())))

    assert ledger("ingest", "--title", "Draft", "-").code == 0
    assert _titles(database) == ["Draft"]


def test_one_title_is_not_for_many(ledger, folder) -> None:
    assert ledger("ingest", "--title", "Both", folder).code == 2


def test_a_file_that_is_too_large_is_not_even_read(ledger, folder, monkeypatch) -> None:
    monkeypatch.setenv("LEDGER_MAX_UPLOAD_BYTES", "1000")
    (folder / "large.txt").write_bytes(b"x" * 1001)

    done = ledger("ingest", folder / "large.txt")

    assert done.code == 1 and "more than 1,000 bytes" in done.err


def test_an_address_is_refused_where_fetching_is_off(ledger, people) -> None:
    assert people.admin
    done = ledger("ingest", "https://news.example/bridge")

    assert done.code == 1 and "failed: https://news.example/bridge" in done.err


def test_it_is_done_in_somebody_s_name(ledger, database, folder, people) -> None:
    jo = people.editor
    ledger("ingest", folder / "one.txt", "--as", "editor@example.org")

    with database.read() as session:
        assert session.execute(Article.__table__.select()).one().created_by == jo.account_id
    assert "no account with the address" in ledger("ingest", folder, "--as", "no@example.org").err


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the sample article is not here")
def test_the_sample_article_s_plain_facts_are_found(ledger, database, people, tmp_path) -> None:
    assert people.admin
    ledger("ingest", ARTICLES / "amazon-rekognition-ice.txt")
    ledger("export", "-o", tmp_path / "claims.csv")

    text = (tmp_path / "claims.csv").read_text()
    assert "242 developers" in text and "40 civil rights organisations" in text
    assert "Blue Cactus" not in text
