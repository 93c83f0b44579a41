"""The service, put together; read this first."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ledger.adapters import blobs
from ledger.adapters.fetch import AnyFetcher, Fetcher, NoFetcher
from ledger.db import Database
from ledger.services.matching import Matcher
from ledger.settings import Settings, load
from ledger.web import assets, compression, context, headers, limits, observe, problems, rules, sessions
from ledger.web.lane import early, whole
from ledger.web.lane.front import Lane

_API_DOCS = {
    "API_TITLE": "Claim ledger",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
}


def create_app(settings: Settings | None = None, lane: Lane | None = None) -> Flask:
    """The WSGI application. Without `settings`, they are read from the environment.

    A `lane` that answers look-ups already is put in front, and goes on counting where it is. Pages that are
    asked of it meanwhile are told before the API is there, by an application without one: Flask adds nothing
    to one that answers already.
    """
    settings = settings or load()
    parts = make_parts(settings)
    if lane is not None:
        lane.meanwhile(whole.Others(lane), early.Pages(with_pages(settings, lane, parts)))
    lane = lane or Lane(settings)
    app = with_pages(settings, lane, parts)

    from ledger import api

    api.register(app)
    whole.register(app, lane)
    return app


def with_pages(settings: Settings, lane: Lane, parts: context.Parts) -> Flask:
    """An application with everything but the API."""
    app = Flask(__name__, static_folder="ui/static", template_folder="ui/templates")
    app.url_rule_class = rules.Rule
    app.config.update(
        SECRET_KEY=settings.session_secret(),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_upload_bytes,
        SESSION_COOKIE_NAME="ledger",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=settings.session_hours * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        **_API_DOCS,
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.trusted_proxies, settings.trusted_proxies)  # type: ignore[method-assign]
    # In this order: what is registered first sees a request first and its answer last.
    assets.register(app)
    compression.register(app)
    observe.register(app, lane.watch)
    headers.register(app)
    context.register(app, parts)
    problems.register(app)
    sessions.register(app)
    # Who asks is known by then.
    limits.register(app, lane.limits())

    from ledger import ui

    ui.register(app)
    return app


def make_parts(settings: Settings) -> context.Parts:
    """What the service, the worker and the commands are made of."""
    return context.Parts(
        settings=settings,
        database=Database(settings.database_url, request_seconds=settings.request_seconds),
        fetcher=make_fetcher(settings),
        blobs=blobs.chosen(settings),
        matcher=Matcher(most=settings.matching_claims),
    )


def make_fetcher(settings: Settings) -> AnyFetcher:
    """The guarded fetcher, or one that refuses where fetching is turned off."""
    if not settings.fetch:
        return NoFetcher()
    return Fetcher(
        timeout_seconds=settings.fetch_timeout_seconds,
        max_bytes=settings.fetch_max_bytes,
        max_redirects=settings.fetch_max_redirects,
        allow_networks=settings.fetch_allow_networks,
        ports=settings.fetch_ports,
    )
