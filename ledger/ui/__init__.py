"""The pages: Jinja and htmx, a blueprint for each noun; each page works without JavaScript too."""

from flask import Flask

from ledger.ui import (
    accounts,
    articles,
    changesets,
    claims,
    comments,
    context,
    corrections,
    coverage,
    desk,
    desks,
    evidence,
    exports,
    feeds,
    gates,
    history,
    home,
    imports,
    insights,
    keys,
    live,
    matching,
    oembed,
    palette,
    report,
    retirements,
    revisions,
    sources,
    spans,
    styleguide,
    tokens,
    undo,
    verdicts,
    watches,
    webhooks,
    workspace,
)


def register(app: Flask) -> None:
    """Add the pages to the application."""
    context.register(app)
    app.jinja_env.globals["keyboard"] = keys.keyboard
    live.register(app)
    comments.register(app)
    for noun in (
        home,
        desks,
        articles,
        workspace,
        coverage,
        desk,
        matching,
        claims,
        spans,
        revisions,
        evidence,
        sources,
        watches,
        exports,
        changesets,
        imports,
        verdicts,
        accounts,
        tokens,
        keys,
        palette,
        undo,
        insights,
        report,
        oembed,
        history,
        feeds,
        corrections,
        gates,
        retirements,
        webhooks,
        live,
        comments,
        styleguide,
    ):
        app.register_blueprint(noun.bp)
