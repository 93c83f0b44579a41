"""Who may import whom: the contracts of pyproject.toml hold, and would notice if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# file, an import that must not be there, the contract that says so
BREAKS = {
    "a store that asks a service": ("store/__init__.py", "import ledger.services", "Each layer imports"),
    "a service that starts a job": ("services/__init__.py", "import ledger.jobs", "Each layer imports"),
    "a page that calls the API": ("ui/__init__.py", "import ledger.api", "Each layer imports"),
    "tables that know a role": ("models/__init__.py", "import ledger.auth", "Each layer imports"),
    "a service that reads the request": ("services/__init__.py", "import flask", "without a request"),
    "claims that know the ledger": ("../claims/__init__.py", "import ledger.errors", "claims knows nothing"),
    "an event log with tables": ("eventlog/__init__.py", "import sqlmodel", "event log can be verified"),
    "a package with no place": ("brokers/__init__.py", "", "Each layer imports"),
}


def _lint(root: Path) -> subprocess.CompletedProcess[str]:
    # In a process of its own: the checker keeps what it has read for as long as it lives.
    code = (
        "import sys; from importlinter.cli import lint_imports;"
        "sys.exit(lint_imports(config_filename='pyproject.toml', no_cache=True, is_debug_mode=False))"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8")


def test_every_import_goes_down() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("case", BREAKS)
def test_a_forbidden_import_is_noticed(case: str, tmp_path: Path) -> None:
    place, line, contract = BREAKS[case]
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("ledger", "claims"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("static", "*.pyc"))
    file = tmp_path / "ledger" / place
    file.parent.mkdir(exist_ok=True)
    text = file.read_text() if file.exists() else ""
    file.write_text(text + f"\n{line}\n")

    done = _lint(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    broken = [told for told in done.stdout.splitlines() if told.rstrip().endswith("BROKEN")]
    # A package with no place stops the check before it can name what is broken.
    assert any(contract in told for told in broken) or "brokers" in done.stdout + done.stderr, done.stdout
