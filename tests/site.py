"""A web site for tests that need no web: what it answers, and a copy of it kept as evidence."""

from dataclasses import replace

from flask import Flask

from ledger import clock
from ledger.adapters.fetch import Exchange, Fetched, Validators
from ledger.adapters.polite import Polite
from ledger.errors import FetchFailed
from ledger.models import Evidence
from ledger.services import captures, liveness
from ledger.store import looks

PAGE = b"<html><body><article><p>The bridge cost 4.2 million euros in all.</p></article></body></html>"

NEWS = """<html><head><title>Bridge | Echo</title><meta property="og:site_name" content="Eastmere Echo">
<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head><body><article><h1>Bridge opens</h1>
<p>The bridge cost 4.2 million euros in all, the council said. It was signed for by 242&nbsp;builders
and by 40 towns.</p><p>The mayor was there. The mayor was there.</p></article></body></html>"""


class Site:
    """The outside: answers with a page, or fails."""

    def __init__(self, body: bytes = PAGE, media_type: str = "text/html", failure: str | None = None) -> None:
        self.body, self.media_type, self.failure, self.asked = body, media_type, failure, 0
        self.wire = False
        """Whether it also tells what went over the wire."""

    def fetch(self, url: str) -> Fetched:
        self.asked += 1
        if self.failure:
            raise FetchFailed(self.failure)
        return Fetched(
            requested_url=url,
            url=url + "?final",
            status=200,
            media_type=self.media_type,
            encoding="utf-8",
            headers=(),
            body=self.body,
            fetched_at=clock.now(),
            exchanges=(self._exchange(url),) if self.wire else (),
        )

    def _exchange(self, url: str) -> Exchange:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {self.media_type}\r\n\r\n".encode()
        return Exchange(url, b"GET / HTTP/1.1\r\n\r\n", head, self.body, clock.now())

    def again(self, url: str, known: Validators | None = None) -> Fetched | None:
        return self.fetch(url)


def outside(app: Flask, site: Site) -> None:
    """Have the application fetch every address from this site."""
    app.extensions["ledger"] = replace(app.extensions["ledger"], fetcher=site)


def take(app: Flask, piece: Evidence, body: str, media_type: str = "text/html") -> None:
    """Keep a copy of this page as what the evidence links to."""
    parts = app.extensions["ledger"]
    captures.take(parts.database, Site(body.encode(), media_type), parts.blobs, str(piece.capture_id))


def look(app: Flask, piece: Evidence, site: Site) -> None:
    """Look at what the evidence links to again, and find this there."""
    parts = app.extensions["ledger"]
    liveness.plan(parts.database, hours=168)
    with parts.database.read() as session:
        found = looks.of_url(session, piece.url)
    assert found is not None
    polite = Polite(site, parts.database, seconds=0)
    liveness.look(parts.database, polite, parts.blobs, found.id, hours=168)
