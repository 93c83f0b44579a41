"""Styles, scripts and icons, at an address that changes whenever one of them does.

The version stands before the file's path and not behind it, so that what a script imports or a style
refers to carries it too. A browser may keep such a file for ever; an old version's address gives the file
as it is now, so that a page that was open while the ledger was upgraded goes on working.
"""

import hashlib
import re
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, url_for

_YEAR = 365 * 24 * 3600
_IMPORT = re.compile(r'^import [^"]*"\./([\w-]+\.js)";$', re.MULTILINE)


def register(app: Flask) -> None:
    """Serve the static files by version too."""
    app.view_functions["static"] = _serve
    app.add_url_rule("/static/v-<version>/<path:filename>", endpoint="static", view_func=_serve)


def asset(name: str) -> str:
    """The address of a file below `ledger/ui/static`."""
    return url_for("static", filename=name, version=_version(Path(str(current_app.static_folder))))


def modules(name: str) -> list[str]:
    """The addresses of all that a script imports, directly or not, to be asked for at once."""
    return [asset(f"js/{one}") for one in _imported(Path(str(current_app.static_folder)) / "js", name)]


@cache
def _imported(folder: Path, name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        script = (folder / waiting.pop(0)).read_text(encoding="utf-8")
        new = [one for one in _IMPORT.findall(script) if one not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return tuple(found)


def _serve(filename: str, version: str | None = None) -> Response:
    response = current_app.send_static_file(filename)
    if version is not None:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    return response


@cache
def _version(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "swagger" not in path.parts)
    whole = hashlib.sha256()
    for path in files:
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:10]
