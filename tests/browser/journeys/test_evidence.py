"""A link and a quote are pasted; what the page says of itself, and where the quote stands, come by themselves."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ledger.store import claims as store
from tests.browser.journeys.conftest import ROOT, Desk
from tests.factories import make_claim

NEWS = """<html lang="en"><head><title>A letter</title><meta property="og:site_name" content="Eastmere Echo">
<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head><body><article>
<h1>Developers sign a letter</h1><p>The open letter on surveillance was put on the web on Monday, its writers say.
It was signed by 424&nbsp;builders and 40 towns in the first week, and by hundreds of people after that.</p>
</article></body></html>"""


class Site(ThreadingHTTPServer):
    """A site that answers once it is let."""

    daemon_threads = True

    def __init__(self) -> None:
        self.release = threading.Event()
        site = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.release.wait(60)
                self.send_response(200 if self.path == "/news" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(NEWS.encode())

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def site(desk: Desk) -> Iterator[Site]:
    """The site, and a worker of the desk's that may go there."""
    site = Site()
    threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    folder = Path(str(desk.database.engine.url.database)).parent
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LEDGER_DATABASE_URL": str(desk.database.engine.url),
        "LEDGER_DATA_DIR": str(folder),
        "LEDGER_FETCH_ALLOW_NETWORKS": "127.0.0.0/8",
        "LEDGER_FETCH_PORTS": str(site.server_address[1]),
        "LEDGER_MATCHING_CLAIMS": "0",
        "LEDGER_LOG_LEVEL": "error",
    }
    worker = subprocess.Popen([sys.executable, "-m", "ledger", "worker"], env=environment, cwd=folder)
    yield site
    site.release.set()
    worker.terminate()
    worker.wait(20)
    site.shutdown()
    site.server_close()


def _paste(page: Page, words: str) -> None:
    page.evaluate("words => navigator.clipboard.writeText(words)", words)
    page.keyboard.press("ControlOrMeta+V")


def test_a_link_and_a_quote_are_pasted_and_the_rest_comes_by_itself(desk, browser_of, site) -> None:
    ben = desk.person("Ben")
    text = "A letter to the press\n\nThe open letter on the web was signed by 242 builders in 2026."
    claim = make_claim(desk.database, ben, text=text)
    with desk.database.read() as session:
        article = store.appearances(session, claim.id)[0].article_id
    page = browser_of(ben)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/articles/{article}?claim={claim.id}")
    panel = page.locator("#panel")
    page.evaluate("window.sameDocument = true")

    # Two addresses in the field are refused where they stand.
    page.locator('[data-action="evidence"]').focus()
    _paste(page, f"{site.url}/news {site.url}/other")
    expect(panel.get_by_role("textbox", name="Link")).to_be_focused()
    panel.get_by_label("gives context").check()
    panel.get_by_role("button", name="Add evidence").click()
    expect(panel.get_by_text("One address per entry")).to_be_visible()
    expect(panel.get_by_role("textbox", name="Link")).to_be_focused()

    # One link, one key, one quote.
    page.keyboard.press("ControlOrMeta+A")
    _paste(page, f"{site.url}/news")
    expect(panel.get_by_label("gives context")).to_be_focused()
    page.keyboard.press("r")
    expect(panel.get_by_label("refutes the claim")).to_be_checked()
    expect(panel.get_by_role("textbox", name="Quote").last).to_be_focused()
    _paste(page, "signed by 424\n builders and 40 towns")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_text("The evidence is added")).to_be_visible(timeout=20_000)
    piece = panel.get_by_role("listitem").filter(has=page.get_by_text("copy being made"))
    expect(piece).to_be_visible()

    # The reviewer goes on typing; nothing takes the focus away when the page has come.
    rationale = panel.get_by_role("textbox", name=re.compile("Rationale|Why"), exact=False).last
    rationale.focus()
    page.keyboard.type("The paper says ")
    site.release.set()
    piece = panel.locator(".piece")
    # The worker may still be starting.
    expect(piece.get_by_role("link", name="Developers sign a letter")).to_be_visible(timeout=40_000)
    expect(piece).to_contain_text("Eastmere Echo")
    expect(piece).to_contain_text("2026-03-04")
    expect(piece.get_by_role("status")).to_contain_text("quote found in it")
    expect(rationale).to_be_focused()
    page.keyboard.type("otherwise.")
    expect(rationale).to_have_value("The paper says otherwise.")
    assert page.evaluate("window.sameDocument")

    # Claim and quote side by side: what differs is marked on both sides, and told to those who listen.
    expect(piece.locator(".side").first.locator("mark.differs")).to_have_text(
        "242 builders (differs: “424 builders” in the quote)"
    )
    expect(piece.locator(".side").last.locator("mark.differs")).to_have_text(
        "424 builders (differs: “242 builders” in the claim)"
    )
    expect(piece.get_by_text("Differs: number")).to_be_visible()
    piece.get_by_text("In the captured text").click()
    expect(piece.locator(".in-full .at")).to_contain_text("signed by")
    found = Axe().run(page, context="#panel")
    assert not [one["id"] for one in found.response["violations"]]

    piece.get_by_role("link", name="copy kept").click()
    expect(page.locator("mark#quote")).to_be_in_viewport()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the file").click()
    assert Path(download.value.path()).read_bytes() == NEWS.encode()
