"""How a view answers: a whole page, or for htmx the part that changed, at the same address."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from sqlmodel import Session

from ledger.errors import Invalid
from ledger.services import events
from ledger.services import undo as undoing
from ledger.web.context import parts, stop_reading
from ledger.web.paging import read_cursor, read_worth, write_cursor, write_worth

PAGE = 50


def in_place() -> bool:
    """Whether htmx asks for a part of a page; going back in history needs the whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def render(template: str, *, part: str | None = None, status: int = 200, **context: Any) -> Response:
    """The page, or for htmx its `part` with the messages beside it."""
    if part and in_place():
        html = render_template(part, **context) + render_template("_messages.html", oob=True)
    else:
        html = render_template(template, **context)
    response = make_response(html, status)
    response.headers["Vary"] = "HX-Request"
    return response


def notice(
    text: str,
    *,
    kind: str = "good",
    undo: tuple[str, str, Mapping[str, Any]] | None = None,
    stay: bool = False,
) -> None:
    """Say something on the next page; `undo` is a button: its words, where it posts, and what.

    Without one, what this request has just written is offered for undoing, where that can be. `stay`: that
    page is shown again then, and not a claim's.
    """
    if undo is None and kind != "bad":
        undo = _way_back(stay=stay)
    flash({"text": text, "undo": [undo[0], undo[1], dict(undo[2])] if undo else None}, kind)  # type: ignore[arg-type]


def _way_back(*, stay: bool = False) -> tuple[str, str, Mapping[str, Any]] | None:
    written: list[events.Written] = g.pop("written", [])
    if not undoing.offered(written):
        return None
    streams = (one.stream.partition(":") for one in written)
    claim_id = next((id for table, _, id in streams if table == "claim"), None)
    # Where the page said that it is: the claim at hand stays at hand.
    if request.endpoint == "undo.take_back":
        claim_id = request.args.get("claim") or claim_id
    words = "Redo" if all(one.kind.endswith(".undone") for one in written) else "Undo"
    there: dict[str, Any] = {} if stay else {"article": request.args.get("article"), "claim": claim_id}
    action = url_for("undo.take_back", **there)
    return words, action, {"from": written[0].seq, "to": written[-1].seq}


def go(endpoint: str, **values: Any) -> Any:
    """On to another page after a change."""
    return redirect(url_for(endpoint, **values), 303)


@contextmanager
def writing() -> Iterator[Session]:
    """The request's one writing transaction, kept when the block ends without an error.

    It ends before the page is rendered: whatever a refused change left half done in memory must not
    be what the page shows, and other writers need not wait for the rendering.
    """
    with parts().database.write() as session:
        yield session
        written = events.written(session)
    stop_reading()
    g.written = written


def version(field: str = "version") -> int | None:
    """The version that a form says it edits."""
    given = request.form.get(field, "")
    if not given:
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise Invalid("Reload the page; the form was not sent whole.", field="version")
    return int(given)


def safe_next(target: str | None) -> str | None:
    """`target` if it is a place on this very site, so that a link can't lead a signed-in person away."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    # Browsers read "\" as "/" and drop control characters before they look.
    if "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else target


Key = tuple[datetime, str]


class Paging:
    """Older and newer pages of a list that is ordered by time, newest first, or by worth."""

    def __init__(self, *, by_worth: bool = False) -> None:
        read: Callable[[str | None], Any] = read_worth if by_worth else read_cursor
        self._written: Callable[[Any], str | None] = write_worth if by_worth else write_cursor
        self.after: Any = read(request.args.get("after"))
        self.before: Any = None if self.after else read(request.args.get("before"))
        self.older: str | None = None
        self.newer: str | None = None

    def note(self, rows: list[Any], further: Any) -> None:
        """Work out from a page's rows where the pages beside it begin."""
        first = (rows[0].key_0, rows[0].key_1) if rows else None
        last = (rows[-1].key_0, rows[-1].key_1) if rows else None
        if self.before:
            self.newer = self._written(further and first)
            self.older = self._written(last)
        else:
            self.newer = self._written(first) if self.after and rows else None
            self.older = self._written(further)
