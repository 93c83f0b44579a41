"""The OpenAPI document and the page that shows it."""

from threading import Lock
from typing import Any

import orjson
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Blueprint, Flask, render_template
from flask_smorest import Api
from marshmallow import RAISE

from ledger.api.replies import reply_json
from ledger.auth.identity import Permission
from ledger.schemas.common import Problem
from ledger.web import problems
from ledger.web.context import public

_ABOUT = """
The ledger's interface for programs. All that the pages do can be done here, by the same rules.

* **Who**: send `Authorization: Bearer TOKEN`. People make tokens on their own page; each has scopes.
* **Versions**: each answer has an ETag. `If-None-Match` with it saves the body; an edit must send it as
  `If-Match`, and is refused with 412 and the record as it stands if somebody was first.
* **Lists** answer `{"items": […], "next": …}`; ask again with `after=next` until it is null.
* **Errors** are problem details (RFC 9457); go by `code`. Unknown fields and parameters are refused.
* **Times** are RFC 3339 in UTC; **offsets** count Unicode code points; **ids** are UUIDs that sort by time.
* **Limits**: so many requests in a time for each token; `RateLimit` tells what is left, and 429 with
  `Retry-After` when to come back.
* Beyond the answers listed at each operation, any may be 503 when the database does not answer: nothing
  was changed, try again.
"""
_LONGEST = 5 * 60
_AGAIN = {"description": "Seconds to wait before the next request.", "schema": {"type": "integer"}}


class _Converter(OpenAPIConverter):
    """All fields of what goes out are always there, which marshmallow has no word for."""

    def schema2jsonschema(self, schema: Any) -> Any:
        described: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        # A docstring is for people; line ends in it are not.
        if schema.__doc__ and "description" not in described:
            described["description"] = " ".join(schema.__doc__.split())
        if schema.unknown != RAISE and not getattr(schema, "optional", False) and "code" not in schema.fields:
            described["required"] = sorted(described["properties"])
        for name, told in described["properties"].items():
            _title(name, told)
        return described


def _title(name: str, told: dict[str, Any]) -> None:
    """Name what may be null: makers of clients would call it by its place, as `StandingType1`."""
    kind, title = told.get("type"), name.replace("_", " ").title().replace(" ", "")
    if not isinstance(kind, list) or "null" not in kind:
        return
    if "enum" in told:
        values = [value for value in told.pop("enum") if value is not None]
        (one,) = set(told.pop("type")) - {"null"}
        told["anyOf"] = [{"type": one, "enum": values, "title": title}, {"type": "null"}]
    elif "enum" in told.get("items", {}):
        told["items"]["title"] = title
    elif "object" in kind:
        told["title"] = title


class _Plugin(MarshmallowPlugin):
    Converter = _Converter


class LedgerApi(Api):
    """flask-smorest with our errors: web/problems.py answers them, here they are only documented."""

    ERROR_SCHEMA = Problem
    # Each route lists its answers; a default would make every other one look intended.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        super().__init__(
            app,
            spec_kwargs={
                "marshmallow_plugin": _Plugin(schema_name_resolver=_name),
                "info": {
                    "description": _ABOUT.strip(),
                    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
                },
                "servers": [{"url": "/", "description": "This ledger"}],
            },
        )
        self.spec.components.security_scheme(
            "bearer",
            {
                "type": "http",
                "scheme": "bearer",
                "description": "A token made on one's own page. Scopes: "
                + ", ".join(f"`{permission}`" for permission in Permission)
                + ".",
            },
        )
        self._body: bytes | None = None
        self._writing = Lock()
        self._nouns: list[Any] = []

    def register_blueprint(self, blp: Any, **options: Any) -> None:
        """Add a noun's routes to the application; to the document once somebody asks for it."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._nouns.append(blp)

    def _written(self) -> bytes:
        """The document. It takes half as long as all else at the start, and few ask for it."""
        with self._writing:
            if self._body is None:
                for noun in self._nouns:
                    noun.register_views_in_doc(self, self._app, self.spec, name=noun.name, parameters=None)
                    self.spec.tag({"name": noun.title, "description": noun.description})
                options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
                self._body = orjson.dumps(self.spec.to_dict(), option=options)
            return self._body

    def _register_error_handlers(self) -> None:
        """None: problems.register has done it."""

    def _register_pagination_header(self) -> None:
        """None: our lists are paged by key."""

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            del self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.spec.components.responses_lazy["TOO_MANY_REQUESTS"]["headers"] = {"Retry-After": _AGAIN}

    @public
    def _openapi_json(self) -> Any:
        response = reply_json(self._written())
        response.headers["Cache-Control"] = f"public, max-age={_LONGEST}"
        return response


def _name(schema: Any) -> str:
    name: str = (schema if isinstance(schema, type) else type(schema)).__name__
    return name.removesuffix("Out")


docs = Blueprint("api_docs", __name__)


@docs.get("/api/docs")
@public
def page() -> Any:
    """The document, to read and to try out."""
    return render_template("api/docs.html")
