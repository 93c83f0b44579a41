"""Addresses are the same as werkzeug's own, and made when they are first asked for."""

import pytest
import werkzeug.routing

from ledger.web.rules import Rule

ROUTES = ("/", "/claims/<id>", "/articles/<id>/revisions/<int:number>", "/files/<path:rest>")
ASKED = (
    ("/", {}),
    ("/", {"q": "a b&c", "tag": ["x", "y"]}),
    ("/claims/<id>", {"id": "ä/1 é", "after": 3}),
    ("/articles/<id>/revisions/<int:number>", {"id": "1", "number": 2}),
    ("/files/<path:rest>", {"rest": "a/b c"}),
)


def adapter(rule):
    rules = [rule(text, endpoint=text, methods=["GET"]) for text in ROUTES]
    return werkzeug.routing.Map(rules).bind("ledger.example"), rules


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_an_address_is_the_same_at_the_first_use_and_later(endpoint, values, unknown):
    ours, theirs = adapter(Rule)[0], adapter(werkzeug.routing.Rule)[0]
    for _ in range(2):
        told = ours.build(endpoint, values, append_unknown=unknown)
        assert told == theirs.build(endpoint, values, append_unknown=unknown)


def test_only_what_is_asked_for_is_made():
    address, (home, claim, *_) = adapter(Rule)
    before = home._build, claim._build_unknown
    address.build("/claims/<id>", {"id": "1"})
    assert home._build == before[0]
    assert claim._build_unknown != before[1]
    with pytest.raises(werkzeug.routing.BuildError):
        address.build("/claims/<id>", {})


def test_the_application_has_such_routes(app):
    kinds = {type(rule) for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert kinds == {Rule}
