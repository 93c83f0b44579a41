"""Which Chromium the browser tests use; without one they are skipped by name, and under CI they fail."""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import expect

HERE = Path(__file__).parent
# On a busy machine a page may take its time; how fast pages are, `make bench` says.
expect.set_options(timeout=20_000)
NO_CHROMIUM = (
    "no Chromium: `apt install chromium`, or `.venv/bin/playwright install chromium`, or set "
    "LEDGER_TEST_CHROMIUM to one"
)


@cache
def chromium() -> str | None:
    """The browser to use: the one that is named, the system's, or playwright's own."""
    if named := os.environ.get("LEDGER_TEST_CHROMIUM"):
        return shutil.which(named)
    # First the one without windows, which nobody looks at: two thirds of the work.
    for name in (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return shutil.which(playwright.chromium.executable_path)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = [item for item in items if item.path.is_relative_to(HERE)]
    for item in here:
        item.add_marker(pytest.mark.browser)
        if not os.environ.get("CI") and not chromium():
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not (path := chromium()):
        pytest.fail(NO_CHROMIUM)
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    # Chromium has no sandbox for root, which is who CI is.
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": [*quiet, *sandbox]}
