"""Each error has a status of its own, and one JSON shape."""

import inspect
import json

import pytest

from ledger import errors
from ledger.services.events import Unlogged
from ledger.settings import SettingsError
from ledger.web import problems


@pytest.fixture
def app(own_app):
    """Routes are added to it."""
    return own_app


CLASSES = [
    found
    for found in vars(errors).values()
    if inspect.isclass(found) and issubclass(found, errors.LedgerError) and found is not errors.LedgerError
]
# Faults of ours or of the operator, which no request can cause and which answer 500.
INWARD = {Unlogged, SettingsError}


def _all_below(base):
    for below in base.__subclasses__():
        yield below
        yield from _all_below(below)


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_each_error_class_has_its_own_line_in_the_table_of_statuses(error):
    assert 400 <= problems.STATUS[error] < 600


def test_no_error_is_declared_without_a_status():
    declared = {found for found in _all_below(errors.LedgerError) if found.__module__.startswith("ledger.")}
    without = {
        found.__name__ for found in declared - INWARD if not any(k in problems.STATUS for k in found.__mro__)
    }
    assert without == set()


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_each_error_class_answers_programs_in_the_one_shape(app, error):
    app.add_url_rule(
        "/api/v1/raise", "raise", lambda: (_ for _ in ()).throw(error("What is wrong.", field="url"))
    )
    answer = app.test_client().get("/api/v1/raise")
    body = json.loads(answer.data)
    assert answer.status_code == body["status"] == problems.STATUS[error]
    assert answer.mimetype == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(body)
    assert body["code"] == problems.code_of(error(""))
    assert body["errors"] == [{"detail": "What is wrong.", "pointer": "#/url"}]


def test_what_nobody_expected_tells_the_asker_nothing_of_our_insides(app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/api/v1/raise", "raise", lambda: {}["a secret"])
    answer = app.test_client().get("/api/v1/raise")
    assert answer.status_code == 500
    assert json.loads(answer.data)["code"] == "unexpected"
    assert b"secret" not in answer.data
