"""The command itself: quick to help, plain about faults, and its exit codes mean what they say."""

import subprocess
import sys

import click
import pytest

from ledger.cli import main
from ledger.settings import as_markdown
from tests.ledger.cli.conftest import ROOT, in_a_process

NOWHERE = {"LEDGER_DATABASE_URL": "postgresql://someone:hush-hush@127.0.0.1:1/ledger"}


def test_help_loads_nothing_that_is_slow() -> None:
    code = (
        "import sys; from ledger.cli.main import run; run(['--help']);"
        "slow = {'flask', 'sqlalchemy', 'pydantic', 'sqlmodel', 'huey', 'alembic'} & set(sys.modules);"
        "sys.exit(bool(slow))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT)
    assert done.returncode == 0
    assert b"Exit codes" in done.stdout


@pytest.mark.parametrize("name", list(main._COMMANDS))
def test_each_command_explains_itself_with_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([name, "--help"]) == 0

    assert "Example" in capsys.readouterr().out


def test_each_command_of_a_group_explains_itself() -> None:
    context = click.Context(main.cli)
    for name in main._COMMANDS:
        command = main.cli.get_command(context, name)
        for below in getattr(command, "commands", {}).values():
            assert below.help, f"{name} {below.name}"


def test_no_command_at_all_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run([]) == 0
    assert "ingest" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["verfy"], "Did you mean “verify”?"),
        (["frobnicate"], "`ledger --help` lists them"),
        (["show"], "Missing argument 'CLAIM'"),
        (["export", "--format", "parquet"], "'csv'"),
        (["export", "--colour"], "--colour"),
    ],
)
def test_wrong_usage_is_told_in_one_line(arguments, hint, capsys) -> None:
    assert main.run(arguments) == main.USAGE

    told = capsys.readouterr().err
    assert told.startswith("ledger: ") and hint in told and "Traceback" not in told


def test_all_wrong_settings_are_told_at_once(monkeypatch, capsys) -> None:
    monkeypatch.setenv("LEDGER_PORT", "eighty")
    monkeypatch.setenv("LEDGER_THREADS", "0")

    assert main.run(["settings", "--check"]) == main.USAGE

    told = capsys.readouterr().err
    assert "LEDGER_PORT" in told and "LEDGER_THREADS" in told


def test_a_database_that_does_not_answer_is_told_without_its_password(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in NOWHERE.items():
        monkeypatch.setenv(name, value)

    for command in (["verify"], ["up"], ["db", "upgrade"]):
        monkeypatch.setenv("LEDGER_PORT", "8797")
        assert main.run(command) == main.UNAVAILABLE, command
        told = capsys.readouterr().err
        assert told.startswith("ledger: PostgreSQL does not answer (ledger at 127.0.0.1:1)")
        assert "hush" not in told and "Traceback" not in told


def test_a_ledger_that_is_not_there_is_not_made_by_looking(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEDGER_DATABASE_URL", raising=False)

    assert main.run(["verify"]) == main.UNAVAILABLE

    assert "There is no ledger at data/ledger.db" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_told(monkeypatch, tmp_path, capsys) -> None:
    (tmp_path / "notes.db").write_text("shopping list\n" * 100)
    monkeypatch.setenv("LEDGER_DATABASE_URL", f"sqlite:///{tmp_path}/notes.db")

    assert main.run(["verify"]) == main.UNAVAILABLE
    assert "file is not a database" in capsys.readouterr().err


def test_a_database_of_newer_code_is_told(ledger, database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    for command in ("up", "verify"):
        done = ledger(command)
        assert done.code == main.UNAVAILABLE
        assert "newer version" in done.err and "9999" in done.err
    assert ledger("db", "upgrade").code == main.UNAVAILABLE


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_old_schema_is_told(ledger, database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")

    assert "has no ledger in it yet" in ledger("verify").err


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_reader_of_a_pipe_may_go_away(environment, people, database) -> None:
    from tests.factories import make_article

    make_article(database, people.reviewer)
    line = f"{sys.executable} -m ledger events | head -c 1"

    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], capture_output=True, cwd=ROOT, timeout=60)

    assert done.stderr == b""


def test_an_old_python_is_told_so(tmp_path) -> None:
    source = (ROOT / "ledger" / "__main__.py").read_text()
    told = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.version_info = (3, 8, 10); exec({source!r})"],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert told.returncode == 1
    assert told.stderr.startswith("ledger: it needs Python 3.11 or newer; this is 3.8")


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == as_markdown()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_settings_are_shown_without_secrets(ledger, monkeypatch) -> None:
    monkeypatch.setenv("LEDGER_SECRET_KEY", "this is not for your eyes")
    monkeypatch.setenv("LEDGER_DATABASE_URL", "postgresql://me:hush-hush@db.example/ledger")

    done = ledger("settings")

    assert "* LEDGER_DATABASE_URL = postgresql+psycopg://me:…@db.example/ledger" in done.out
    assert "eyes" not in done.out and "hush" not in done.out
    assert ledger("settings", "--check").code == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_api_is_described_without_a_database(environment, tmp_path) -> None:
    done = in_a_process("openapi", env={**NOWHERE, "LEDGER_DATA_DIR": str(tmp_path / "none")}, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert b'"openapi": "3.1.0"' in done.stdout and done.stdout.startswith(b"{")
    assert not (tmp_path / "none").exists()
