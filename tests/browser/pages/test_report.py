"""A report as a reader meets it who has never signed in: accessible, quiet, printable, framed elsewhere."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from claims.fragments import link_to


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_reader_without_an_account_reads_a_report(desk, shown, browser_of, faults, theme):
    page: Page = browser_of(color_scheme=theme)
    for name in ("report", "report, looked at again", "method", "card"):
        page.goto(shown[name])
        broken = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert not broken, (name, broken[0]["id"], broken[0]["nodes"][0]["html"])
    page.goto(shown["report"])
    # The markup is data: the policy has nothing to say against it, and nothing else runs.
    assert (
        page.evaluate("JSON.parse(document.querySelector('script').textContent)[0]['@type']") == "ClaimReview"
    )
    assert page.context.cookies() == [] and not faults
    page.get_by_role("article").get_by_role("link", name="242 builders").click()
    finding = page.get_by_role("region", name="242 builders")
    expect(finding).to_be_in_viewport()
    expect(finding).to_contain_text("Supported")
    finding.get_by_role("link", name="in the text").click()
    expect(page.get_by_role("article").get_by_role("link", name="242 builders")).to_be_in_viewport()


def test_a_report_on_paper_tells_all_without_colour(shown, browser_of):
    page: Page = browser_of()
    page.goto(shown["report"])
    page.emulate_media(media="print")
    expect(page.locator(".ref").first).to_have_text("1✓")
    expect(page.locator(".piece .printed").first).to_be_visible()
    assert "https://example.org/source" in page.locator(".piece .printed").first.inner_text()
    inks = page.evaluate(
        "[...document.querySelectorAll('.look, .ref, .stance')].map(e => getComputedStyle(e).color)"
    )
    assert set(inks) == {"rgb(0, 0, 0)"}


@pytest.fixture
def elsewhere():
    """Another site: `elsewhere(html)` puts a page there and gives its address."""
    pages: list[bytes] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(pages[-1])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield lambda html: pages.append(html.encode()) or f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_another_site_frames_a_card_and_shows_a_badge(desk, shown, browser_of, faults, elsewhere):
    page: Page = browser_of()
    card = desk.url + shown["card"]
    page.goto(
        elsewhere(
            f"""<link rel="icon" href="data:,">
            <iframe src="{card}" title="Fact-check" sandbox="allow-popups" width="480" height="240"></iframe>
            <img src="{card.replace("/card", "/badge.svg")}" alt="Fact-check of this claim">"""
        )
    )
    expect(page.frame_locator("iframe").get_by_text("Supported")).to_be_visible()
    assert page.evaluate("document.images[0].naturalHeight") == 24
    assert page.context.cookies() == [] and not faults


def test_the_source_is_opened_at_the_words_that_the_link_names(browser_of, elsewhere):
    page: Page = browser_of(viewport={"width": 800, "height": 400})
    filler = (
        "<p>"
        + "</p><p>".join(f"Paragraph {n}, with 24 builders, R&amp;D and more." for n in range(80))
        + "</p>"
    )
    address = elsewhere(
        f"<link rel='icon' href='data:,'>{filler}<p id=it>Well-known: R&amp;D, 242 builders, signed it.</p>{filler}"
    )
    page.goto(link_to(address, "242 builders", "ell-known: R&D, ".rjust(32, "W"), ", signed it."))
    expect(page.locator("#it")).to_be_in_viewport()
