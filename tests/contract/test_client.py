"""A client made from our document by openapi-python-client is a good one: it is made, and used on the service."""

import importlib
import json
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.serving import make_server

from ledger.app import create_app
from ledger.settings import Settings
from tests.conftest import People
from tests.factories import make_verdict

ROOT = Path(__file__).parents[2]
DOCUMENT = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Iterator[Flask]:
    """A service of its own, on SQLite."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "ledger.db").write_bytes(empty_sqlite.read_bytes())
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/ledger.db",
        data_dir=folder / "data",
        secret_key="a key for tests only",
        fetch=False,
    )
    app = create_app(settings)
    yield app
    app.extensions["ledger"].database.dispose()


@pytest.fixture(scope="module")
def address(service: Flask) -> Iterator[str]:
    """Where it is served."""
    serving = make_server("127.0.0.1", 0, service, threaded=True)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture(scope="module")
def document(service: Flask) -> dict[str, Any]:
    """The document, read."""
    found: dict[str, Any] = service.test_client().get(DOCUMENT).json
    return found


@pytest.fixture(scope="module")
def made(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The client, made without a warning."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "openapi.json").write_text(json.dumps(document))
    # Tidying what was made takes as long as making it.
    config = (ROOT / "docs" / "openapi-client.yml").read_text() + "post_hooks: []\n"
    (folder / "config.yml").write_text(config)
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "openapi_python_client",
                "generate",
                "--meta",
                "none",
                "--fail-on-warning",
            ),
            *("--path", "openapi.json", "--config", "config.yml", "--output-path", "ledger_client"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "WARNING" not in done.stdout and "Unable" not in done.stdout
    sys.path.insert(0, str(folder))
    yield importlib.import_module("ledger_client")
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "ledger_client"]:
        del sys.modules[name]


class Told:
    """The made client with a token: `told("claims.show_status", id=…)` gives its whole response."""

    def __init__(self, made: ModuleType, address: str, token: str) -> None:
        self.client = made.AuthenticatedClient(base_url=address, token=token)
        self.models = importlib.import_module("ledger_client.models")

    def __call__(self, operation: str, *arguments: Any, **more: Any) -> Any:
        module = importlib.import_module(f"ledger_client.api.{operation}")
        return module.sync_detailed(*arguments, client=self.client, **more)


@pytest.fixture
def told(made: ModuleType, address: str, service: Flask) -> Iterator[Told]:
    """The made client, as an administrator's."""
    people = People(service.extensions["ledger"].database)
    token = people.token(f"admin{uuid4().int}")["Authorization"].removeprefix("Bearer ")
    told = Told(made, address, token)
    with told.client:
        yield told


def test_each_operation_is_a_function_by_its_own_name(made: ModuleType, document: dict[str, Any]) -> None:
    folder = Path(str(made.__file__)).parent
    functions = {path.stem for path in folder.glob("api/*/*.py") if path.stem != "__init__"}
    operations = {
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "parameters"
    }
    assert functions == operations


def test_what_it_holds_is_named_by_the_words_of_the_ledger(made: ModuleType) -> None:
    models = {path.stem for path in (Path(str(made.__file__)).parent / "models").glob("*.py")}
    assert {"claim_file", "status", "lookup", "lookups", "evidence", "verdict", "gate", "problem"} <= models
    # Names that the maker had to invent tell a reader nothing.
    assert [name for name in models if re.search(r"_type_\d", name)] == []


def test_it_looks_up_lists_and_asks_the_gate(told: Told, service: Flask) -> None:
    people = People(service.extensions["ledger"].database)
    database = service.extensions["ledger"].database
    claim, _ = make_verdict(database, people.reviewer, people.editor)
    id = UUID(claim.id)

    status = told("claims.show_status", id)
    assert (status.status_code, status.parsed.status, status.parsed.id) == (200, "supported", id)
    assert status.parsed.merged_into is None and status.parsed.updated_at.tzinfo is not None
    again = told("claims.show_status", id, if_none_match=status.headers["ETag"])
    assert (again.status_code, again.parsed) == (304, None)

    models = told.models
    questions = [models.QuestionIn(claim=claim.id), models.QuestionIn(text="242 builders"),
                 models.QuestionIn(url="https://nobody.example/")]  # fmt: skip
    items = told("lookups.look_up", body=models.LookupsIn(questions=questions)).parsed.items
    assert items[0].claim == status.parsed
    assert items[1].relation == "same" and items[1].matches[0].claim.id == id
    assert items[2].error.code == "not_found"

    page = told("claims.list_claims", limit=1, below=True, status=["supported"]).parsed
    assert [one.id for one in page.items] == [id] and page.next_ is None
    place = page.items[0].appearance
    assert place.exact == "242 builders"
    whole = told("claims.show_claim", id).parsed
    assert whole.verdicts[0].signatures[0].account.name == "Editor"
    article = told("articles.show_article", place.article_id).parsed
    gate = told("gates.ask_gate", place.article_id, revision=article.revision.sha256).parsed
    assert (gate.decision, gate.current, gate.blocks) == ("pass", article.revision.sha256, [])


def test_it_creates_once_and_reads_what_is_refused(told: Told) -> None:
    models = told.models
    body = models.DeskIn(name=f"Desk {uuid4()}", threshold=0.25)
    key = str(uuid4())
    first = told("desks.add_desk", body=body, idempotency_key=key)
    assert (first.status_code, first.parsed.threshold) == (201, 0.25)
    second = told("desks.add_desk", body=body, idempotency_key=key)
    assert (second.status_code, second.parsed) == (201, first.parsed)
    assert second.headers["Idempotency-Replayed"] == "true"

    twice = told("desks.add_desk", body=body)
    assert (twice.status_code, twice.parsed.code) == (409, "conflict")
    wrong = told("desks.add_desk", body=models.DeskIn(name="Wide", threshold=7))
    assert (wrong.status_code, wrong.parsed.errors[0].pointer) == (422, "#/threshold")
    unknown = told("claims.show_status", uuid4())
    assert (unknown.status_code, unknown.parsed.code) == (404, "not_found")
    change = models.DeskDetails(name="Late")
    late = told("desks.change_desk", first.parsed.id, body=change, if_match='"7"')
    assert (late.status_code, late.parsed.code) == (412, "outdated")
    assert late.parsed.current["version"] == 1


def test_without_a_token_it_is_told_so(told: Told, made: ModuleType, address: str) -> None:
    told.client = made.AuthenticatedClient(base_url=address, token="clt_none")
    with warnings.catch_warnings():
        answer = told("claims.show_status", uuid4())
    assert (answer.status_code, answer.parsed.code) == (401, "unauthorized")
    told.client.get_httpx_client().close()
