"""Styles, scripts and icons, at an address that changes whenever one of them does.

The version stands before the file's path and not behind it, so that what a script imports or a style
refers to carries it too. A browser may keep such a file for ever; an old version's address gives the file
as it is now, so that a page that was open while the ledger was upgraded goes on working.

A page asks for few files: styles that go together are joined (`css/tokens+base.css`), and so is a script with
all that it imports (`js/app.joined.js`). On a page of forty files the waiting took longer than all else.
"""

import hashlib
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

_YEAR = 365 * 24 * 3600
_NAMES = re.compile(r"css/([\w-]+(?:\+[\w-]+)+)\.css|js/([\w-]+)\.joined\.js")
# How our scripts import and export; tests/ledger/web/test_assets.py holds them to it.
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w-]+)\.js";\n', re.MULTILINE)
_FOREIGN = re.compile(r'^import \{[^}]*\} from "\.\./[^"]*";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const|class) ([\w$]+))", re.MULTILINE)


def register(app: Flask) -> None:
    """Serve the static files by version too."""
    app.view_functions["static"] = _serve
    app.add_url_rule("/static/v-<version>/<path:filename>", endpoint="static", view_func=_serve)


def asset(name: str) -> str:
    """The address of a file below `ledger/ui/static`."""
    return url_for("static", filename=name, version=_version(Path(str(current_app.static_folder))))


def styles(*names: str) -> str:
    """The address of some styles in one, in this order."""
    return asset(f"css/{'+'.join(names)}.css")


def _serve(filename: str, version: str | None = None) -> Response:
    found = _NAMES.fullmatch(filename)
    joined = _joined(Path(str(current_app.static_folder)), found[1], found[2]) if found else None
    if joined:
        response = Response(joined, mimetype=f"text/{'css' if filename.endswith('.css') else 'javascript'}")
        response.add_etag()
        response.make_conditional(request)
    else:
        response = current_app.send_static_file(filename)
    if version is not None:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    return response


@lru_cache(maxsize=64)
def _joined(folder: Path, sheets: str | None, script: str | None) -> bytes | None:
    """Some styles, or a script with what it imports, in one; None where one of them is missing."""
    names = [f"js/{script}.js"] if script else [f"css/{name}.css" for name in (sheets or "").split("+")]
    paths = [folder / name for name in names]
    if not all(path.is_file() for path in paths):
        return None
    return join(paths[0]).encode() if script else b"\n".join(path.read_bytes() for path in paths)


def join(script: Path) -> str:
    """A script with all that it imports, as one module: each file keeps its names to itself."""
    scripts: dict[str, str] = {}
    _read(script.parent, script.stem, scripts)
    outside = dict.fromkeys(line for text in scripts.values() for line in _FOREIGN.findall(text))
    return "".join([*outside, *(_closed(name, text) for name, text in scripts.items())])


def _read(folder: Path, name: str, scripts: dict[str, str], above: tuple[str, ...] = ()) -> None:
    if name in above:
        raise ValueError(f"{name}.js imports itself: {' → '.join([*above, name])}")
    if name in scripts:
        return
    text = (folder / f"{name}.js").read_text(encoding="utf-8")
    for imported in _IMPORT.finditer(text):
        _read(folder, imported[2], scripts, (*above, name))
    # After what it imports, which has to be there when it runs.
    scripts[name] = text


def _closed(name: str, text: str) -> str:
    exported = ", ".join(one[1] for one in _EXPORT.findall(text))
    text = _EXPORT.sub(r"\1", _FOREIGN.sub("", text))
    text = _IMPORT.sub(lambda one: f"const {one[1].replace(' as ', ': ')} = {_room(one[2])};\n", text)
    return f"const {_room(name)} = (() => {{\n{text}return {{ {exported} }};\n}})();\n"


def _room(name: str) -> str:
    return f"${name.replace('-', '_')}"


@cache
def _version(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and "swagger" not in path.parts)
    whole = hashlib.sha256()
    for path in files:
        whole.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:10]
