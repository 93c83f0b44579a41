"""The JSON API, /api/v1: a blueprint for each noun, all by the services that the pages use too."""

from flask import Flask

from ledger.api import (
    accounts,
    annotations,
    articles,
    batch,
    bulk,
    bundles,
    changesets,
    claimreviews,
    claims,
    comments,
    copies,
    corrections,
    desks,
    document,
    events,
    evidence,
    exports,
    facets,
    factcheck,
    gates,
    hypothesis,
    imports,
    insights,
    lookups,
    matching,
    me,
    presence,
    reports,
    retirements,
    revisions,
    scales,
    sources,
    spans,
    tokens,
    undo,
    verdicts,
    views,
    watches,
    webhooks,
)
from ledger.api.nouns import NoWord
from ledger.web.sessions import csrf


def register(app: Flask) -> None:
    """Add the API to the application."""
    app.url_map.converters["default"] = NoWord
    api = document.LedgerApi(app)
    for noun in (
        claimreviews, annotations,
        articles, revisions, claims, spans, matching, desks, reports, exports, bundles, imports, insights,
        evidence, sources, copies, watches, verdicts, comments, lookups, gates, presence, events, scales,
        retirements, accounts, tokens, me, undo, bulk, batch, changesets, views, facets, webhooks,
        corrections,
    ):  # fmt: skip
        # Cookies never authenticate the API, so nothing can be forged with them.
        csrf.exempt(noun.bp)
        api.register_blueprint(noun.bp)
    app.register_blueprint(document.docs)
    # Others' own interfaces, at their own addresses.
    app.register_blueprint(factcheck.bp)
    app.register_blueprint(hypothesis.bp)
