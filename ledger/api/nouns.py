"""A blueprint for each noun: what all routes of the API have in common is said here once.

A route states its permission (`@requires`), its body or query (`arguments`), what it answers
(`answers`) and whether it needs If-Match (`edits`); the OpenAPI document follows from that.
"""

from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, request
from flask_smorest import Blueprint
from webargs.core import missing
from webargs.flaskparser import FlaskParser, abort, is_json_request
from werkzeug.routing import UnicodeConverter

from ledger.api import repeats
from ledger.api.replies import shown_now, version_named
from ledger.auth.identity import Permission
from ledger.errors import Invalid, Outdated
from ledger.models import Record
from ledger.schemas.common import Nothing
from ledger.web.context import maybe_identity, parts, requires, session
from ledger.web.headers import ASKERS_OWN, asker_may_keep

PREFIX = "/api/v1"
_DEEPEST = 64
_ID = {
    "in": "path",
    "name": "id",
    "required": True,
    "description": "The record's id.",
    "schema": {"type": "string", "format": "uuid"},
}
_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "The ETag of what you have; answered with 304 and no body if it is still good.",
    "schema": {"type": "string"},
}
_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": 'The ETag of what you are changing, or only its version in quotes: `"7"`. '
    "Without it the answer is 428; if somebody changed it since, 412.",
    "schema": {"type": "string", "examples": ['"1"']},
}
_ETAG = {
    "description": "Names this state: the record's version, a dash, and a hash of the body.",
    "schema": {"type": "string"},
}
_LOCATION = {"description": "Where the new record is.", "schema": {"type": "string"}}
_LEFT = {
    "description": "What this asker may still ask: the limit's name, `r` requests left, `t` seconds until it "
    "begins anew. `RateLimit-Policy` tells the limits themselves. Neither is sent where there are none.",
    "schema": {"type": "string", "examples": ['"token";r=59999;t=60']},
}
_LINK = {"description": "The next page, with rel=next, if there is one.", "schema": {"type": "string"}}


class StrictParser(FlaskParser):
    """Unknown parameters are refused, a body must be JSON and say so."""

    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "form": ma.RAISE,
    }

    def _raw_load_json(self, req: Any) -> Any:
        raw = req.get_data(cache=True)
        if not raw:
            return missing
        if not is_json_request(req):
            abort(415, message="Send JSON, with the header “Content-Type: application/json”.")
        try:
            # Stricter than json.loads: no NaN, no lone surrogates, no bottomless nesting.
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            abort(400, message=f"This is not JSON: {error}.")
        if nested_deeper(value, _DEEPEST):
            abort(400, message=f"This is nested too deeply: send at most {_DEEPEST} levels.")
        return value


def nested_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in each other more than so many levels deep."""
    here = [value] if isinstance(value, dict | list) else []
    while here and levels:
        levels -= 1
        inner = (one.values() if isinstance(one, dict) else one for one in here)
        here = [one for some in inner for one in some if isinstance(one, dict | list)]
    return bool(here)


class NoWord(UnicodeConverter):
    """A part of a path that is not a route's own word: `PATCH /articles/lookup` is no edit of an article."""

    def __init__(self, map: Any, *args: Any, **more: Any) -> None:
        super().__init__(map, *args, **more)
        self.regex = rf"(?!(?:lookup|kinds|columns)(?:/|\Z)){self.regex}"


class Noun(Blueprint):
    """The routes about one kind of record."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, import_name: str, *, about: str, prefix: str = "") -> None:
        super().__init__(f"api_{name}", import_name, url_prefix=PREFIX + prefix, description=about)
        self.title = name.capitalize()
        self._known: dict[str, frozenset[str]] = {}
        self.before_request(self._refuse_unknown)
        self.before_request(repeats.first_answer)
        self.after_request(_private)
        self.after_request(repeats.keep)

    def arguments(
        self, schema: Any, *, location: str = "json", required: bool = True, **more: Any
    ) -> Callable[[Any], Any]:
        """Give the route its body or query, read and checked."""
        read: Callable[[Any], Any] = super().arguments(schema, location=location, required=required, **more)
        if location != "json" or not required:
            return read

        def decorate(view: Any) -> Any:
            reading = read(view)

            @wraps(reading)
            def checked(*args: Any, **kwargs: Any) -> Any:
                # A body that went missing must not be taken for one that leaves all as it is.
                if not request.get_data(cache=True) and not any(
                    field.required for field in schema().fields.values()
                ):
                    raise Invalid("Send a JSON object, with the header “Content-Type: application/json”.")
                return reading(*args, **kwargs)

            return checked

        return decorate

    def answers(
        self, status: int, schema: Any, *, location: bool = False, listed: bool = False, **more: Any
    ) -> Callable[[Any], Any]:
        """Say what a route answers when all goes well; the route itself makes the reply."""
        headers = {"ETag": _ETAG, "RateLimit": _LEFT}
        if location:
            headers["Location"] = _LOCATION
        if listed:
            headers["Link"] = _LINK
        told = _shared(schema) if isinstance(schema, type) else schema
        describe: Callable[[Any], Any] = self.response(status, told, headers=headers, **more)

        def decorate(view: Any) -> Any:
            described = describe(view)
            described.gives_etag = True
            return described

        return decorate

    def reads(self, view: Any) -> Any:
        """Say of a POST that it only asks: it answers 304 to who has the answer, as a GET does."""
        view.only_reads = True
        return view

    def edits(self, schema: Any, model: type[Record]) -> Callable[[Any], Any]:
        """Give the route the version that If-Match names; a conflict shows both sides."""

        def decorate(view: Any) -> Any:
            @wraps(view)
            def checked(*args: Any, **kwargs: Any) -> Any:
                version = version_named()
                try:
                    return view(*args, version=version, **kwargs)
                except Outdated as error:
                    stands = session().get(model, error.facts["current"]["id"])
                    # The default desk is shown before it is a row; then the error itself has it.
                    error.facts["current"] = shown_now(schema, stands or error.facts["current"])
                    error.facts["sent"] = request.get_json(silent=True)
                    raise

            checked.needs_version = True  # type: ignore[attr-defined]
            return checked

        return decorate

    def step(
        self, rule: str, permission: Permission, schema: Any, model: type[Record], *, answer: Any = None
    ) -> Callable[[Any], Any]:
        """A route that takes a record one step further: a POST with If-Match, and nothing in its body.

        `schema` shows the record, in a conflict and as the answer, unless that is another one.
        """

        def decorate(view: Any) -> Any:
            @wraps(view)
            def without(_body: Any, **named: Any) -> Any:
                return view(**named)

            read = self.arguments(Nothing, required=False)(self.answers(200, answer or schema)(without))
            return self.post(rule)(requires(permission)(self.edits(schema, model)(read)))

        return decorate

    def add_url_rule(
        self, rule: str, endpoint: Any = None, view_func: Any = None, *args: Any, **options: Any
    ) -> None:
        """Add a route, and document what it does not say itself."""
        options["tags"] = [self.title]
        options["parameters"] = [_ID] if "<id>" in rule else None
        for method in options.get("methods", ["GET"]):
            _document(view_func, method, rule)
        self._known[endpoint or view_func.__name__] = _query_names(view_func)
        super().add_url_rule(rule, endpoint, view_func, *args, **options)

    def _refuse_unknown(self) -> None:
        # Who is not known is told that first, by the route.
        if not request.args or maybe_identity() is None or request.endpoint is None:
            return
        known = self._known.get(request.endpoint.rpartition(".")[2], frozenset())
        for name in request.args:
            if name not in known:
                allowed = f"it takes {', '.join(sorted(known))}" if known else "it takes none"
                raise Invalid(f"There is no such query parameter here: {allowed}.", field=name[:60])


@cache
def _shared(schema: type[ma.Schema]) -> ma.Schema:
    """One of a schema for the document of all routes.

    flask-smorest would make one for each, and copy it with all of its fields for each decorator: that took a
    fifth of the API's start. Nobody changes it.
    """
    one: Any = schema()
    one.__deepcopy__ = lambda _memo: one
    return one  # type: ignore[no-any-return]


def _private(response: Response) -> Response:
    # What one token may see is not for a shared cache; one's own asks again each time, with the ETag.
    # Look-ups alone may be gone by for a while, where the settings say so.
    (caching, kept), (vary, by) = ASKERS_OWN
    if request.url_rule is not None and response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        kept = asker_may_keep(request.url_rule.rule, parts().settings.lookup_max_age)
    response.headers.setdefault(caching, kept)
    response.headers.add(vary, by)
    return response


def _arguments(view: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    return found


def _query_names(view: Any) -> frozenset[str]:
    names: set[str] = set()
    for argument in _arguments(view):
        if argument["in"] == "query":
            names |= {field.data_key or name for name, field in argument["schema"]().fields.items()}
    return frozenset(names)


def _document(view: Any, method: str, rule: str) -> None:
    permission = getattr(view, "permission", None)
    # A route without one is a fault of ours, to be found when the service starts.
    if permission is None:
        raise TypeError(f"{view.__name__} states no permission")
    doc = view._apidoc.setdefault("manual_doc", {})
    doc.setdefault("operationId", view.__name__)
    statuses = {401, 422, 429}
    parameters: list[dict[str, Any]] = []
    if permission == "public":
        doc["security"], doc["x-permission"] = [{"bearer": []}, {}], None
        needs = "Without a token it tells what is public; with the scope `ledger:read`, what the desk has."
    elif permission == "signed in":
        doc["security"], doc["x-permission"] = [{"bearer": []}], None
        needs = "Any token may do this."
    else:
        statuses.add(403)
        doc["security"], doc["x-permission"] = [{"bearer": [str(permission)]}], str(permission)
        needs = f"Needs the scope `{permission}`."
    told = (view.__doc__ or "").partition("\n\n")[2]
    doc.setdefault("description", "\n\n".join(part for part in (" ".join(told.split()), needs) if part))
    if "<" in rule:
        statuses.add(404)
    if method != "GET":
        statuses |= {409, 413, 415}
        if any(argument["in"] == "json" for argument in _arguments(view)):
            statuses.add(400)
        if method == "POST":
            parameters.append(repeats.PARAMETER)
    if getattr(view, "gives_etag", False) and (method == "GET" or getattr(view, "only_reads", False)):
        parameters.append(_NONE_MATCH)
        statuses.add(304)
    if getattr(view, "needs_version", False):
        parameters.append(_MATCH)
        statuses |= {412, 428}
    stated = doc.setdefault("responses", {})
    for status in statuses - set(stated):
        stated[status] = HTTPStatus(status).name
    # The list of the automatic part is replaced, not joined, by a second one.
    view._apidoc.setdefault("arguments", {}).setdefault("parameters", []).extend(parameters)
