"""Every route says what it needs, and lets nobody in who has not got it."""

import re

from ledger.auth.identity import Permission
from ledger.ids import new_id

KNOWN = {"public", "signed in", *Permission}


def _rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def _methods(rule):
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def _needs(app, rule, method):
    """What a route declares for a method; None if nothing."""
    view = app.view_functions[rule.endpoint]
    of_class = getattr(getattr(view, "view_class", None), method.lower(), None)
    return getattr(of_class or view, "permission", None)


def test_every_route_declares_its_permission(app):
    undeclared = [
        f"{method} {rule.rule}"
        for rule in _rules(app)
        for method in _methods(rule)
        if _needs(app, rule, method) not in KNOWN
    ]
    assert undeclared == []


def test_every_route_that_is_not_public_refuses_a_stranger(app):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    let_in, tried = [], 0
    for rule in _rules(app):
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        path = re.sub(r"<[^>]+>", lambda _: new_id(), path)
        for method in _methods(rule):
            if _needs(app, rule, method) == "public":
                continue
            tried += 1
            answer = client.open(path, method=method, json={} if path.startswith("/api/") else None)
            to_sign_in = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
            if answer.status_code != 401 and not to_sign_in:
                let_in.append(f"{method} {path}: {answer.status_code}")
    assert let_in == []
    assert tried > 40


def test_few_routes_are_public(app):
    public = {rule.rule for rule in _rules(app) for m in _methods(rule) if _needs(app, rule, m) == "public"}
    assert public <= {
        "/healthz",
        "/readyz",
        "/metrics",
        "/sign-in",
        "/sign-in/<secret>",
        "/sign-out",
        "/api/docs",
        "/api/v1/openapi.json",
        "/favicon.ico",
        # The reader's side; what is not open there answers 404.
        "/reports/<id>",
        "/method",
        "/corrections",
        "/feeds/verdicts.<any(atom, json):shape>",
        "/feeds/corrections.<any(atom, json):shape>",
        "/reports/<id>/verdicts.<any(atom, json):shape>",
        "/reports/<id>/corrections.<any(atom, json):shape>",
        "/claims/<id>/badge.svg",
        "/claims/<id>/card",
        # Without a token they tell what the open reports tell, and nothing else.
        "/api/v1/claims/<id>/claimreview",
        "/api/v1/claimreviews",
        "/api/v1/corrections",
        "/api/v1/annotations/",
        "/api/v1/articles/<id>/annotations/",
        "/api/v1/annotations/<id>",
        "/api/search",
        "/api/annotations/<id>",
        "/v1alpha1/claims:search",
        "/v1alpha1/claims:imageSearch",
        "/oembed",
        # It shows nothing of the ledger, and answers 404 but in development.
        "/styleguide",
    }
