"""What every template may use: the words of the ledger, icons, who is signed in."""

from functools import cache
from importlib import resources
from typing import Any

from flask import Flask, request, url_for
from markupsafe import Markup

from ledger.auth.identity import Permission
from ledger.eventlog.canonical import timestamp
from ledger.ui import compiled, words
from ledger.web.assets import asset, styles
from ledger.web.context import maybe_identity

_ICONS = resources.files("ledger.ui") / "static" / "vendor" / "icons"

_NARROWING = (
    "q", "status", "kind", "mine", "article", "desk", "worth", "order", "dismissed", "below", "threshold",
    "after", "before",
)  # fmt: skip


def register(app: Flask) -> None:
    """Give the templates their words, filters and icons."""
    app.jinja_env.bytecode_cache = compiled.Compiled(app.extensions["ledger"].settings.data_dir)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        icon=icon,
        icons=icons,
        asset=asset,
        styles=styles,
        address_with=address_with,
        narrowing=asked,
        P=Permission,
        STATUSES=words.STATUSES,
        KINDS=words.KINDS,
        ROLES=words.ROLES,
        STANCES=words.STANCES,
        COVERS=words.COVERS,
        WORTHS=words.WORTHS,
    )
    app.jinja_env.filters.update(
        iso=timestamp, utc=_utc, host=words.host, plural=words.plural, worth=words.worth
    )
    app.context_processor(lambda: {"me": maybe_identity()})


def icon(name: str) -> Markup:
    """A Lucide icon, drawn in the colour of the text around it and silent to screen readers."""
    if name not in _names():
        raise LookupError(f"there is no icon {name}")
    return Markup('<svg class="icon" aria-hidden="true"><use href="#i-{}"></use></svg>').format(name)


@cache
def icons() -> Markup:
    """All icons, once a page, for `icon` to refer to: a long list would repeat them a thousand times."""
    return Markup("").join(_symbol(name) for name in _names())


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(file.name[:-4] for file in _ICONS.iterdir() if file.name.endswith(".svg")))


def _symbol(name: str) -> Markup:
    drawing = (_ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inner = " ".join(drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.index("</svg>")].split())
    # The vendored files are ours to trust: scripts/vendor.py checks their hashes.
    return Markup(f'<symbol id="i-{name}" viewBox="0 0 24 24">{inner}</symbol>')  # noqa: S704


def asked() -> dict[str, Any]:
    """What the address narrows a list to. Other parameters are dropped: `url_for` would obey some."""
    return {name: request.args.getlist(name) for name in _NARROWING if name in request.args}


def address_with(**changes: Any) -> str:
    """This page's address with some of its parameters changed; None takes one out."""
    values = {**asked(), **(request.view_args or {}), **changes}
    return url_for(str(request.endpoint), **{k: v for k, v in values.items() if v is not None})


def _utc(moment: Any) -> str:
    """A time for people; scripts put it into the viewer's own zone."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
