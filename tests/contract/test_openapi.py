"""The API's document is valid, and true: whatever is sent, the answers are those that it lists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from openapi_spec_validator import validate
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import negative_data_rejection
from sqlmodel import select

from ledger.app import create_app
from ledger.auth.identity import Permission
from ledger.db import Database
from ledger.models import (
    Account,
    Appearance,
    Article,
    Claim,
    Comment,
    Desk,
    Evidence,
    Record,
    SavedView,
    Token,
    Verdict,
    Webhook,
)
from ledger.services import comments, views, webhooks
from ledger.settings import Settings
from ledger.store.events import size
from tests.conftest import People
from tests.factories import make_article, make_claim, make_desk, make_evidence, make_verdict

DOCUMENT = "/api/v1/openapi.json"
# A record's state may not allow what is asked, or somebody was first; and what a schema can't say
# (a span outside the text, a word that is no rating) is told by 422.
REFUSALS = [409, 412, 422, 428]
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", *map(str, REFUSALS)]},
    "negative_data_rejection": {
        "expected-statuses": ["400", "401", "403", "404", "405", "413", "415", *map(str, REFUSALS)]
    },
    "missing_required_header": {"expected-statuses": ["400", "401", "404", "415", "422", "428"]},
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Flask]:
    """A service of its own, on SQLite."""
    folder = tmp_path_factory.mktemp("openapi")
    (folder / "ledger.db").write_bytes(empty_sqlite.read_bytes())
    app = create_app(
        Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/ledger.db",
            data_dir=folder / "data",
            secret_key="a key for tests only",
            fetch=False,
            # What is sent here in a minute is more than anybody may.
            token_rate="",
            stranger_rate="",
        )
    )
    yield app
    app.extensions["ledger"].database.dispose()


@pytest.fixture(scope="module")
def token(service: Flask) -> dict[str, str]:
    """An administrator's token, in a ledger with a claim at each stage."""
    database = service.extensions["ledger"].database
    people = People(database)
    make_article(database, people.reviewer)
    checked = make_claim(database, people.reviewer)
    make_evidence(database, people.reviewer, checked)
    make_verdict(database, people.reviewer, claim=make_claim(database, people.reviewer, "12 towns"))
    make_verdict(
        database, people.reviewer, people.reviewer2, claim=make_claim(database, people.reviewer, "40 towns")
    )
    make_desk(database, people.editor, threshold=0.7)
    admin = people.admin
    with database.write() as writer:
        comments.add(writer, checked.id, by=admin, text="@Reviewer, which year?")
        views.add(writer, by=admin, name="Stale", lists="claims", query="status:stale")
        hook, _ = webhooks.add(writer, by=admin, name="CMS", url="https://cms.example.org/", kinds=["*"])
        webhooks.test(writer, hook.id, by=admin)
    # Called without a network, what is packed on its way is never unpacked.
    return {**people.token("admin"), "Accept-Encoding": "identity"}


@pytest.fixture(scope="module")
def api(service: Flask, token: dict[str, str]) -> Any:
    """The API as its document describes it."""
    config = SchemathesisConfig.from_dict({"checks": CHECKS})
    return schemathesis.openapi.from_wsgi(DOCUMENT, service, config=config)


@pytest.fixture(scope="module")
def records(service: Flask) -> "Records":
    """Records to ask about."""
    return Records(service.extensions["ledger"].database)


class Records:
    """Real ids and versions: made-up ones would get no further than 404 and 412."""

    MODELS: dict[str, type[Record]] = {
        "annotations": Appearance,
        "articles": Article,
        "claims": Claim,
        "comments": Comment,
        "desks": Desk,
        "evidence": Evidence,
        "verdicts": Verdict,
        "accounts": Account,
        "tokens": Token,
        "views": SavedView,
        "webhooks": Webhook,
    }
    NAMED: dict[str, type[Record]] = {
        "claim_id": Claim,
        "other_id": Claim,
        "article_id": Article,
        "assignee_id": Account,
    }
    """What the fields of a body name."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put_in(self, case: Any) -> None:
        """Let most cases ask for a record that is there, in its newest version."""
        if case.meta is None or not case.meta.generation.mode.is_positive:
            return
        if isinstance(case.body, dict):
            self._put_in_body(case.body)
        made_up = str((case.path_parameters or {}).get("id", ""))
        noun = case.path.split("/")[3]
        # A token that revokes itself would end the test.
        if not made_up or noun not in self.MODELS or noun == "tokens" or len(made_up) % 4 == 3:
            return
        with self.database.read() as session:
            there: list[Any] = list(session.exec(select(self.MODELS[noun])))
        # Nor can the token's owner do without its role.
        there = [record for record in there if getattr(record, "email", "") != "admin@example.org"]
        chosen = there[sum(map(ord, made_up)) % len(there)]
        case.path_parameters["id"] = chosen.id
        if case.headers and "If-Match" in case.headers:
            case.headers["If-Match"] = f'"{chosen.version}"'

    def _put_in_body(self, body: dict[str, Any]) -> None:
        with self.database.read() as session:
            for field, model in self.NAMED.items():
                if isinstance(body.get(field), str):
                    there: list[Any] = list(session.exec(select(model)))
                    body[field] = there[sum(map(ord, body[field])) % len(there)].id
            if set(body) == {"first", "last"}:
                # Often a deed that was done.
                newest = size(session)
                body["first"] = body["first"] % newest
                body["last"] = min(body["first"] + body["last"] % 3, newest - 1)


def is_valid_as_sent(case: Any) -> bool:
    """Whether all that the fuzzer spoiled is put right on the way: then an answer is no fault.

    Null in a form's field goes out as the word "null", a header that it leaves out is put back with the token,
    and a parameter too many that holds nothing is not sent at all.
    """
    if (case.method, case.path) == ("POST", "/api/v1/articles"):
        return True
    spoiled = getattr(case.meta.phase.data, "mutations", ()) if case.meta else ()
    return bool(spoiled) and all(
        (one.parameter_location.value, one.original_value) == ("header", ["Authorization"])
        or (one.parameter_location.value in ("query", "header") and one.keywords == ("additionalProperties",))
        for one in spoiled
    )


lazy = schemathesis.pytest.from_fixture("api")
# Beside the edge cases that it makes of every schema, which are most of the cases; more is the soak's.
few = settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


# Two tests of half the operations each, so that two processes share the work.
@pytest.mark.timeout(600)
@lazy.include(method="GET").parametrize()
@few
def test_what_is_read_is_answered_as_the_document_says(
    case: Any, records: Records, token: dict[str, str]
) -> None:
    records.put_in(case)
    case.call_and_validate(headers=token)


@pytest.mark.timeout(600)
@lazy.exclude(method="GET").parametrize()
@few
def test_what_is_done_is_answered_as_the_document_says(
    case: Any, records: Records, token: dict[str, str]
) -> None:
    records.put_in(case)
    case.call_and_validate(headers=token)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@lazy.parametrize()
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_answers_as_its_document_says_whatever_is_sent(
    case: Any, records: Records, token: dict[str, str]
) -> None:
    records.put_in(case)
    excluded = [negative_data_rejection] if is_valid_as_sent(case) else []
    case.call_and_validate(headers=token, excluded_checks=excluded)


@pytest.fixture(scope="module")
def document(service: Flask) -> dict[str, Any]:
    """The document, read."""
    found: dict[str, Any] = service.test_client().get(DOCUMENT).json
    return found


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                yield path, method, operation


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_says_what_it_does_and_needs(document: dict[str, Any]) -> None:
    known = {str(permission) for permission in Permission} | {None}
    ids = []
    for path, method, operation in _operations(document):
        ids.append(operation["operationId"])
        assert operation["summary"] and operation["description"], f"{method} {path}"
        assert operation["x-permission"] in known
        assert operation["security"][0]["bearer"] == [p for p in [operation["x-permission"]] if p]
    assert len(ids) == len(set(ids))


def test_every_route_of_the_api_is_in_the_document(service: Flask, document: dict[str, Any]) -> None:
    documented = {(path, method) for path, method, _ in _operations(document)}
    served = {
        (re.sub("<(.+?)>", r"{\1}", str(rule)), method.lower())
        for rule in service.url_map.iter_rules()
        for method in rule.methods or ()
        if str(rule).startswith("/api/v1/") and method not in ("HEAD", "OPTIONS") and str(rule) != DOCUMENT
    }
    assert served == documented


def test_every_route_of_the_api_states_its_permission(service: Flask) -> None:
    silent = [
        rule.endpoint
        for rule in service.url_map.iter_rules()
        if str(rule).startswith("/api/") and not hasattr(service.view_functions[rule.endpoint], "permission")
    ]
    assert silent == []


def test_the_document_says_what_the_models_say(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    statement = schemas["ClaimDetails"]["properties"]["statement"]
    assert (statement["minLength"], statement["maxLength"]) == (3, 2000)
    assert statement["description"] == Claim.model_fields["statement"].description
    assert "quantity" in schemas["ClaimDetails"]["properties"]["kind"]["enum"]
    assert schemas["EvidenceIn"]["properties"]["stance"]["enum"] == ["supports", "refutes", "context"]
    assert schemas["ClaimFile"]["properties"]["score"]["maximum"] == 1
    assert schemas["ClaimFile"]["properties"]["assignee"]["anyOf"][0]["$ref"].endswith("/Person")


def test_the_page_that_shows_the_document_is_public_and_loads_nothing_from_elsewhere(service: Flask) -> None:
    page = service.test_client().get("/api/docs")
    assert page.status_code == 200
    assert "http://" not in page.text and "https://" not in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
