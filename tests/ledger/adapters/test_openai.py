"""The way to a language model, against a real server that behaves, misbehaves and lies."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from claims import read
from claims.errors import DetectionFailed
from ledger.adapters import detectors
from ledger.adapters.openai import ChatEndpoint
from ledger.errors import Invalid
from ledger.settings import Settings, SettingsError, load

TEXT = "Rents rose by 12% in Leeds last year. Nobody knows why."
CLAIM = {
    "quote": "Rents rose by 12% in Leeds last year",
    "before": "",
    "kind": "quantity",
    "score": 0.9,
    "claimant": None,
}


class Model:
    """An endpoint that gives these answers in turn, the last one from then on, and keeps what it was sent."""

    def __init__(self):
        self.answers = []
        self.requests = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.requests.append((self.path, dict(self.headers), body))
                status, answer, *headers = (
                    model.answers.pop(0) if len(model.answers) > 1 else model.answers[0]
                )
                raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def model():
    model = Model()
    yield model
    model.close()


def _said(*claims, why="stop"):
    content = json.dumps({"claims": claims})
    return {"choices": [{"message": {"content": content}, "finish_reason": why}]}


def _settings(model, **more):
    return Settings(
        _env_file=None,
        openai_base_url=model.url,
        openai_model="tiny",
        openai_key="sk-secret",
        detector="openai",
        **more,
    )


def _ask(model, waits=None, **more):
    return ChatEndpoint(model.url, key="sk-secret", wait=(waits if waits is not None else []).append, **more)(
        {"a": 1}
    )


def test_the_settings_lead_to_a_detector_that_asks_the_endpoint(model):
    model.answers = [(200, _said(CLAIM, {**CLAIM, "quote": "Rents rose by 13% in Leeds"}))]
    found = detectors.chosen(_settings(model)).find(read(TEXT))
    assert [(claim.text, claim.reasons) for claim in found] == [
        (CLAIM["quote"], ("a language model's guess (tiny)",))
    ]
    path, headers, body = model.requests[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer sk-secret"
    assert (body["model"], body["temperature"], body["response_format"]["type"]) == ("tiny", 0, "json_schema")


def test_a_server_that_knows_no_schema_is_asked_in_a_plainer_form(model):
    model.answers = [(400, {"error": "response_format"}), (200, _said(CLAIM))]
    assert len(detectors.chosen(_settings(model)).find(read(TEXT))) == 1
    assert [body["response_format"]["type"] for _, _, body in model.requests] == [
        "json_schema",
        "json_object",
    ]


def test_a_busy_endpoint_is_asked_again_when_it_says(model):
    model.answers = [(429, {}, ("Retry-After", "3")), (503, {}), (200, {"ok": 1})]
    waits = []
    assert _ask(model, waits) == {"ok": 1}
    assert waits == [3.0, 4.0]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, {}), "status 500"),
        ((429, {}), "status 429"),
        ((401, {}), "LEDGER_OPENAI_KEY"),
        ((404, {}), "LEDGER_OPENAI_MODEL"),
        ((302, {}, ("Location", "http://127.0.0.1:1/")), "status 302"),
        ((200, b"<html>"), "not JSON"),
        ((200, b"[1]"), "not a chat completion"),
        ((200, b"[" * 100_000), "not JSON"),
        ((200, b'"' + b"x" * 200_000 + b'"'), "longer than"),
    ],
    ids=["500", "429", "401", "404", "redirect", "html", "a list", "brackets", "huge"],
)
def test_what_goes_wrong_is_told_without_the_key(model, answer, words):
    model.answers = [answer]
    with pytest.raises(DetectionFailed, match=words) as raised:
        _ask(model, max_bytes=150_000)
    assert "sk-secret" not in str(raised.value)


def test_an_endpoint_that_is_away_is_told_with_its_setting():
    with pytest.raises(DetectionFailed, match="LEDGER_OPENAI_BASE_URL"):
        ChatEndpoint("http://127.0.0.1:9/v1")({})


def test_an_endpoint_that_is_silent_is_not_waited_for_longer_than_allowed():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = ChatEndpoint(f"http://127.0.0.1:{silent.getsockname()[1]}/v1", timeout_seconds=0.1)
        with pytest.raises(DetectionFailed, match="LEDGER_OPENAI_TIMEOUT_SECONDS"):
            endpoint({})


def test_without_its_settings_the_detector_is_off():
    with pytest.raises(Invalid, match="off"):
        detectors.chosen(Settings(_env_file=None), "openai")
    with pytest.raises(SettingsError, match="LEDGER_OPENAI_BASE_URL"):
        load(_env_file=None, detector="openai")
    with pytest.raises(SettingsError, match="choose one of"):
        load(_env_file=None, detector="ruels")


def test_nobody_waits_for_a_language_model_when_an_article_comes_in(model):
    assert detectors.reading(_settings(model))["detector"] is None
    assert detectors.reading(Settings(_env_file=None))["detector"].name == "encoder/1"
