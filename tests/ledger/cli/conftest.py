"""The command as a person gives it: in a process of its own, or here for speed."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from ledger.cli.main import run
from ledger.settings import Settings

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def environment(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment in which a command finds the test's ledger."""
    for name in [name for name in os.environ if name.startswith("LEDGER_")]:
        monkeypatch.delenv(name)
    found = {
        "LEDGER_DATABASE_URL": settings.database_url,
        "LEDGER_DATA_DIR": str(settings.data_dir),
        "LEDGER_FETCH": "false",
    }
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    settings.data_dir.mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return found


@pytest.fixture
def ledger(
    environment: dict[str, str], capfdbinary: pytest.CaptureFixture[bytes]
) -> Iterator[Callable[..., Done]]:
    """Give a command in this process: `ledger("verify", "--all")`."""

    def give(*arguments: object) -> Done:
        capfdbinary.readouterr()
        code = run([str(argument) for argument in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        captured = capfdbinary.readouterr()
        return Done(code, captured.out.decode(), captured.err.decode())

    yield give
    # A command sends its log lines where standard error is now; that ends with the test.
    structlog.reset_defaults()


def in_a_process(
    *arguments: object, env: dict[str, str], cwd: Path | None = None, stdin: bytes = b"", timeout: float = 60
) -> subprocess.CompletedProcess[bytes]:
    """Give a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ledger", *map(str, arguments)],
        env={**os.environ, **env, "PYTHONPATH": str(ROOT)},
        cwd=cwd or ROOT,
        input=stdin,
        capture_output=True,
        timeout=timeout,
    )
