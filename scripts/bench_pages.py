"""How fast the pages are, in the real service and the real Chromium: part of make bench

Fills a ledger with a believable month (scripts/sample_desk.py), starts `ledger serve`, and measures: the
workspace's answer over HTTP, its way to ready in the browser, a step by keyboard, the weight of each main
page, and Lighthouse's scores, where npm can install it. Lighthouse runs with its desktop settings on the
pages of people who work here, and with its own (a slow telephone) on what readers see.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import httpx2  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402

from ledger.auth.identity import SYSTEM  # noqa: E402
from ledger.db import Database  # noqa: E402
from ledger.migrations import commands as migrations  # noqa: E402
from ledger.models import Article  # noqa: E402
from ledger.services import accounts, reports  # noqa: E402
from ledger.store import claims as claims_store  # noqa: E402
from ledger.store import records  # noqa: E402
from scripts.sample_desk import Month, fill  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"
_TIMES = 15
_READY = "performance.getEntriesByName('ready')[0]?.startTime"
_LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
_WEIGHT = """() => ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
    .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
# From the key's own time to the frame that shows another claim.
_STEP = """() => {
  const panel = document.getElementById("panel");
  window.steps = [];
  let pressed = 0, before = panel.querySelector("[data-claim]")?.dataset.claim ?? panel.dataset.claim;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  new MutationObserver(() => {
    const now = panel.querySelector("[data-claim]")?.dataset.claim ?? panel.dataset.claim;
    if (!pressed || now === before) return;
    before = now;
    const since = pressed;
    requestAnimationFrame(() => setTimeout(() => window.steps.push(performance.now() - since)));
  }).observe(panel, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-claim"] });
}"""


@dataclass(frozen=True, slots=True)
class Running:
    """A ledger that serves."""

    url: str
    month: Month
    cookie: str
    claim: str


@contextmanager
def serving(folder: Path) -> Iterator[Running]:
    """The service on a ledger with a month in it; ends it afterwards."""
    address = f"sqlite:///{folder}/ledger.db"
    database = Database(address)
    migrations.upgrade(database.engine)
    month = fill(database)
    editor = month.people["edda"]
    long = month.articles["of 300"]
    with database.write() as session:
        version = records.get(session, Article, long).version
        reports.publish(session, long, by=editor, version=version)
        secret = accounts.new_link(session, editor.account, by=SYSTEM, hours=1)
        settled = next(c for c, _ in claims_store.of_article(session, long) if c.verdict_id)
    database.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "LEDGER_DATABASE_URL": address,
        "LEDGER_DATA_DIR": str(folder),
        "LEDGER_PORT": str(port),
        "LEDGER_LOG_LEVEL": "error",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "ledger", "serve"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/readyz")
        with httpx2.Client(base_url=url) as client:
            page = client.get(f"/sign-in/{secret}").text
            token = re.search(r'name="csrf_token" value="([^"]+)"', page)
            client.post(f"/sign-in/{secret}", data={"csrf_token": token.group(1) if token else ""})
            cookie = client.cookies["ledger"]
        yield Running(url, month, cookie, settled.id)
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the service did not start")


def answers(ledger: Running, path: str) -> tuple[float, int]:
    """Milliseconds until a page is wholly there, the median, and its packed bytes."""
    with httpx2.Client(base_url=ledger.url, cookies={"ledger": ledger.cookie}) as client:
        times = []
        for _ in range(_TIMES):
            began = time.perf_counter()
            with client.stream("GET", path, headers={"Accept-Encoding": "zstd"}) as answer:
                size = sum(len(piece) for piece in answer.iter_raw())
            times.append(1000 * (time.perf_counter() - began))
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")
    return statistics.median(times), size


def signed_in(browser: Browser, ledger: Running) -> BrowserContext:
    """A browser with an empty cache, signed in."""
    context = browser.new_context(base_url=ledger.url, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "ledger", "value": ledger.cookie, "url": ledger.url}])
    return context


def opened_from_desk(browser: Browser, ledger: Running, path: str) -> float:
    """Milliseconds from asking for a page on the desk until its scripts have run: the median."""
    times = []
    context = signed_in(browser, ledger)
    page = context.new_page()
    for _ in range(_TIMES):
        page.goto("/")
        _ready(page)
        page.wait_for_timeout(300)
        page.goto(path)
        times.append(_ready(page))
        page.wait_for_timeout(300)
    context.close()
    return statistics.median(times)


def opened_first(browser: Browser, ledger: Running, path: str, ready: str) -> float:
    """The same for a browser that has just been started: no process for the page yet, nothing kept."""
    times = []
    for _ in range(_TIMES // 2):
        context = signed_in(browser, ledger)
        page = context.new_page()
        page.goto(path)
        times.append(_ready(page, ready))
        context.close()
    return statistics.median(times)


def _ready(page: Page, ready: str = _READY) -> float:
    for _ in range(500):
        if found := page.evaluate(ready):
            return float(found)
        page.wait_for_timeout(10)
    raise SystemExit("the page never got ready")


def steps(browser: Browser, ledger: Running, path: str) -> tuple[float, float]:
    """Milliseconds from a key to the frame that shows the next claim: median and worst."""
    context = signed_in(browser, ledger)
    page = context.new_page()
    page.goto(path)
    _ready(page)
    page.wait_for_timeout(500)
    page.evaluate(_STEP)
    for _ in range(30):
        # About as fast as somebody who reads.
        page.keyboard.press("j")
        page.wait_for_timeout(250)
    found = page.evaluate("window.steps")
    context.close()
    if len(found) < 25:
        raise SystemExit(f"only {len(found)} of 30 keys showed another claim")
    return statistics.median(found), max(found)


def weight(browser: Browser, ledger: Running, path: str) -> int:
    """Packed bytes of a page with all that it loads, in an empty browser."""
    context = signed_in(browser, ledger)
    page = context.new_page()
    page.goto(path)
    if path not in PUBLIC:
        _ready(page)
    page.wait_for_timeout(500)
    size = int(page.evaluate(_WEIGHT))
    context.close()
    return size


PUBLIC: set[str] = set()


def pages(ledger: Running) -> dict[str, str]:
    """The main pages by name."""
    long = ledger.month.articles["of 300"]
    PUBLIC.update({f"/reports/{long}", "/method"})
    return {
        "desk": "/",
        "claims": "/claims",
        "workspace of 300": f"/articles/{long}",
        "workspace of 500": f"/articles/{ledger.month.articles['of 500']}",
        "claim": f"/claims/{ledger.claim}",
        "insights": "/insights",
        "add article": "/articles/new",
        "own page": "/me",
        "report": f"/reports/{long}",
        "method": "/method",
    }


def lighthouse(ledger: Running, folder: Path) -> Callable[[str], dict[str, int]]:
    """What scores a page; installs Lighthouse first. Raises OSError where it can't be had."""
    npm = shutil.which("npm")
    if npm is None:
        raise OSError("npm is not installed")
    kept = ROOT / "build" / "lighthouse"
    program = kept / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        kept.mkdir(parents=True, exist_ok=True)
        given = [npm, "install", "--no-fund", "--no-audit", "--prefix", str(kept), LIGHTHOUSE]
        if subprocess.run(given, capture_output=True, check=False).returncode:
            raise OSError(f"npm could not install {LIGHTHOUSE}")
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": f"ledger={ledger.cookie}"}))

    def score(path: str) -> dict[str, int]:
        out = folder / "lighthouse.json"
        kind = [] if path in PUBLIC else ["--preset=desktop"]
        subprocess.run(
            [
                str(program), f"{ledger.url}{path}", *kind, "--quiet",
                "--output=json", f"--output-path={out}",
                f"--extra-headers={headers}", "--chrome-flags=--headless=new --no-sandbox",
                "--only-categories=performance,accessibility,best-practices",
            ],
            capture_output=True, check=False, env={**os.environ, "CHROME_PATH": _chromium()},
        )  # fmt: skip
        if not out.exists():
            return {}
        found: dict[str, Any] = json.loads(out.read_text())["categories"]
        out.unlink()
        return {name: round(100 * (one["score"] or 0)) for name, one in found.items()}

    return score


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("no Chromium: apt install chromium")


def row(work: str, figure: str, goal: str) -> None:
    """One line of the table."""
    print(f"{work:<42} {figure:<34} {goal}", flush=True)


def measure(ledger: Running, folder: Path, browser: Browser) -> None:
    """All figures, one after the other."""
    shown = pages(ledger)
    row("pages", "figure", "goal")
    for name in ("workspace of 300", "workspace of 500", "desk", "claims", "report"):
        took, size = answers(ledger, shown[name])
        row(
            f"{name}: answer",
            f"{took:.0f} ms, {size / 1000:.0f} kB packed",
            "100 ms" if "300" in name else "",
        )
    for name in ("workspace of 300", "workspace of 500"):
        goal = "400 ms" if "300" in name else ""
        took = opened_from_desk(browser, ledger, shown[name])
        row(f"{name}: ready, opened from the desk", f"{took:.0f} ms", goal)
    first = opened_first(browser, ledger, shown["workspace of 300"], _READY)
    bare = opened_first(browser, ledger, "/healthz", _LOADED)
    row("workspace of 300: ready, browser just begun", f"{first:.0f} ms; two words of text {bare:.0f} ms", "")
    middle, worst = steps(browser, ledger, shown["workspace of 300"])
    row("a step by keyboard", f"{middle:.0f} ms, worst of 30 {worst:.0f} ms", "50 ms")
    for name, path in shown.items():
        row(f"{name}: weight", f"{weight(browser, ledger, path) / 1000:.0f} kB", "120 kB")
    try:
        score = lighthouse(ledger, folder)
    except OSError as error:
        row("Lighthouse", f"not run: {error}", "")
        return
    for name, path in shown.items():
        told = ", ".join(f"{kind} {points}" for kind, points in score(path).items())
        row(f"Lighthouse, {name}", told or "it did not finish", "95, 100, 100")


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None).parse_args()
    with tempfile.TemporaryDirectory(prefix="ledger-pages-") as name, serving(Path(name)) as ledger:
        print(f"{ledger.month.claims:,} claims, {ledger.month.events:,} events; {_TIMES} times each, medians")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
            measure(ledger, Path(name), browser)
            browser.close()


if __name__ == "__main__":
    main()
