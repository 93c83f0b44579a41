"""Errors to answers: one table of statuses, JSON problem details for programs, a page for people."""

import re
from http import HTTPStatus
from itertools import islice
from typing import Any

import sqlalchemy.exc
import structlog
from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ledger import errors
from ledger.web.context import maybe_identity

STATUS: dict[type[errors.LedgerError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Unauthorized: 401,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.Outdated: 412,
    errors.VersionMissing: 428,
    errors.TooLarge: 413,
    errors.TooManyRequests: 429,
    errors.Unreadable: 422,
    errors.FetchFailed: 422,
    errors.Unavailable: 503,
}
MEDIA_TYPE = "application/problem+json"
# One word for one thing, whoever noticed it.
_CODES = {422: "invalid", 413: "too_large"}
_MOST = 50
_PROGRAMS = (
    "/api/", "/v1alpha1/", "/oembed", "/healthz", "/readyz", "/metrics", "/live", "/presence", "/session",
)  # fmt: skip
_DOWN = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError, sqlalchemy.exc.TimeoutError)
_log = structlog.get_logger(__name__)


def register(app: Flask) -> None:
    """Answer every error in the one way."""
    app.register_error_handler(errors.LedgerError, _ours)
    app.register_error_handler(HTTPException, http_error)
    for kind in _DOWN:
        app.register_error_handler(kind, _database_down)
    app.register_error_handler(sqlalchemy.exc.DataError, _unstorable)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: errors.LedgerError) -> int:
    """The HTTP status of one of our errors."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def code_of(error: errors.LedgerError) -> str:
    """The short name of an error that programs may rely on: `version_missing`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()


def body(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """Problem details (RFC 9457)."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def _ours(error: errors.LedgerError) -> Any:
    status = status_of(error)
    if status >= 500:
        _log.error("failed", error=error.message, exc_info=error)
    more: dict[str, Any] = {}
    if error.field:
        more["errors"] = [{"detail": error.message, "pointer": f"#/{error.field}"}]
    for name in ("current", "sent", "version", "reason", "claim", "article"):
        if name in error.facts and error.facts[name] is not None:
            more[name] = error.facts[name]
    return answer(status, code_of(error), error.message, **more)


def http_error(error: HTTPException) -> Any:
    """A fault that Flask, webargs or flask-smorest found."""
    if error.code is None or error.code < 400:
        return error
    if isinstance(error, CSRFError):
        return _forged(error)
    data = getattr(error, "data", None) or {}
    messages = data.get("messages") or data.get("errors")
    detail = data.get("message") or error.description or ""
    more: dict[str, Any] = {}
    if error.code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        most = current_app.config["MAX_CONTENT_LENGTH"]
        detail = f"We accept at most {most:,} bytes in one request; send less, or in parts."
    if messages:
        more["errors"] = faults(messages)
        detail = "Some values are wrong: " + "; ".join(
            f"{e['pointer'][2:] or 'body'}: {e['detail']}" for e in more["errors"][:5]
        )
    code = _CODES.get(error.code) or HTTPStatus(error.code).name.lower()
    response = answer(error.code, code, detail, **more)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def faults(messages: Any) -> list[dict[str, str]]:
    """What marshmallow found wrong, each with a pointer to it, the first fifty."""
    return list(islice(_fields(messages, ""), _MOST))


def _forged(error: CSRFError) -> Any:
    """A form whose token is of another session: mostly of one that has ended."""
    view = current_app.view_functions.get(request.endpoint or "")
    if maybe_identity() is None and getattr(view, "permission", None) != "public":
        return answer(401, "unauthorized", "You are signed out, so nothing was saved.")
    return answer(400, "csrf", error.description or "")


def _fields(messages: Any, pointer: str) -> Any:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            # As RFC 6901 writes it; names that we do not know may be anything.
            key = str(name)[:100].replace("~", "~0").replace("/", "~1")
            # webargs puts where the value came from first; people know the field only.
            below = (
                pointer
                if not pointer and key in ("json", "query", "form", "files", "headers", "json_or_form")
                else pointer
                if key == "_schema"
                else f"{pointer}/{key}"
            )
            yield from _fields(inner, below)
    elif isinstance(messages, list):
        for inner in messages:
            yield from _fields(inner, pointer)
    else:
        yield {"detail": str(messages), "pointer": f"#{pointer}"}


def _database_down(error: Exception) -> Any:
    if _stopped(error):
        _log.warning("a question took too long", path=request.path)
        return answer(
            503,
            "too_slow",
            "This takes longer than the ledger answers one question, so it was stopped; nothing was changed. "
            "Ask for less at once: fewer on a page, a narrower search, or a download of everything.",
        )
    _log.error("database does not answer", exc_info=error)
    # It may have gone just after it kept a change and just before it said so.
    response = answer(
        503,
        "unavailable",
        "The database does not answer just now. If you were changing something, look whether it was kept "
        "before you try again.",
    )
    response.headers["Retry-After"] = "5"
    return response


def _stopped(error: Exception) -> bool:
    """Whether the database did answer, and was stopped by us because it took too long."""
    cause = getattr(error, "orig", None)
    return str(cause) == "interrupted" or type(cause).__name__ == "QueryCanceled"


def _unstorable(error: sqlalchemy.exc.DataError) -> Any:
    _log.error("a value got as far as the database", exc_info=error)
    return answer(
        422, "invalid", "A value is too long, or has signs that can't be stored. Nothing was changed."
    )


def _unexpected(error: Exception) -> Any:
    _log.error("unexpected error", exc_info=error)
    return answer(
        500, "unexpected", "Something went wrong on our side; nothing was changed. It has been logged."
    )


def answer(status: int, code: str, detail: str, **more: Any) -> Response:
    """An error as JSON for programs; for people a page, or the way to sign in."""
    if for_program():
        text = current_app.json.dumps(body(status, code, detail, **more))
        response = Response(text, status=status, mimetype=MEDIA_TYPE)
        if status == 401 and request.path.startswith("/api/"):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    in_place = request.headers.get("HX-Request") == "true"
    if status == 401 and request.method == "GET" and not in_place and maybe_identity() is None:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))  # type: ignore[return-value]
    # A part of a page is never replaced by an error: the message shows above it, and typing stays.
    page = render_template(
        "_problem.html" if in_place else "error.html",
        status=status,
        code=code,
        detail=detail,
        title=HTTPStatus(status).phrase,
        **more,
    )
    response = Response(page, status=status, mimetype="text/html", headers={"Vary": "HX-Request"})
    # For scripts that must know whether a session ended.
    response.headers["X-Problem"] = code
    if in_place:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#messages", "innerHTML"
    return response


def for_program() -> bool:
    """Whether the asker is a program, or a script of a page that wants no page."""
    return request.path.startswith(_PROGRAMS)
