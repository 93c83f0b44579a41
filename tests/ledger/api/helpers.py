"""Asking the API as a program does."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

V1 = "/api/v1"
Headers = dict[str, str]


def get(client: FlaskClient, path: str, who: Headers, **headers: str) -> TestResponse:
    """GET below /api/v1; headers as keywords: `if_none_match=…`."""
    return client.get(V1 + path, headers={**who, **_spelled(headers)})


def post(client: FlaskClient, path: str, who: Headers, body: Any = None, **headers: str) -> TestResponse:
    """POST of JSON, or of nothing."""
    sent = {"json": body} if body is not None else {}
    return client.post(V1 + path, headers={**who, **_spelled(headers)}, **sent)


def patch(client: FlaskClient, path: str, who: Headers, body: Any, **headers: str) -> TestResponse:
    """PATCH of JSON."""
    return client.patch(V1 + path, headers={**who, **_spelled(headers)}, json=body)


def ok(response: TestResponse, status: int = 200) -> Any:
    """The answer's JSON; the problem is shown if the status is another."""
    assert response.status_code == status, response.text[:1000]
    assert response.mimetype == ("application/json" if status < 400 else "application/problem+json")
    if status >= 400:
        assert response.json is not None and response.json["status"] == status
    return response.json


def everything(client: FlaskClient, path: str, who: Headers) -> list[Any]:
    """All items of a list, page by page, by the Link header."""
    items: list[Any] = []
    following: str | None = V1 + path
    while following:
        response = client.get(following, headers=who)
        page = ok(response)
        items += page["items"]
        link = response.headers.get("Link")
        assert (link is None) == (page["next"] is None)
        following = link.partition(">")[0][1:] if link else None
    return items


def _spelled(headers: Headers) -> Headers:
    return {name.replace("_", "-").title(): value for name, value in headers.items()}
