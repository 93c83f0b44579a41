"""Security headers on every answer, whatever it is."""

import pytest

from ledger.web.headers import CSP


@pytest.fixture
def app(own_app):
    """Routes are added to it."""
    return own_app


PATHS = ["/", "/sign-in", "/no/such/page", "/healthz", "/readyz", "/metrics", "/static/vendor/vendor.json"]
PATHS += [
    "/api/v1/claims",
    "/api/v1/openapi.json",
    "/api/v1/nothing",
    "/api/docs",
    "/raises",
    "/api/v1/raises",
]


def test_every_answer_carries_the_headers(app, subtests):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for rule in ("/raises", "/api/v1/raises"):
        app.add_url_rule(rule, rule, lambda: 1 / 0)
    for path in PATHS:
        with subtests.test(path), app.test_client().get(path) as response:
            headers = response.headers
            assert headers["Content-Security-Policy"] == CSP
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Referrer-Policy"] == "same-origin"
            assert headers["X-Request-Id"]


def test_nothing_may_run_inline_or_come_from_elsewhere():
    assert "unsafe" not in CSP and "http" not in CSP and "*" not in CSP
    assert "default-src 'none'" in CSP and "frame-ancestors 'none'" in CSP


def test_no_shared_cache_keeps_a_page(client):
    caching = {path: client.get(path).headers["Cache-Control"] for path in ("/", "/sign-in", "/no/such/page")}
    assert set(caching.values()) == {"no-store"}
