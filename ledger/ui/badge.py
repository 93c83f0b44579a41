"""A claim's status as a small SVG: readable alone, in light and in dark, and by screen readers."""

import base64
import hashlib
import re
from functools import cache
from importlib import resources

from markupsafe import Markup

_TOKENS = resources.files("ledger.ui") / "static" / "css" / "tokens.css"
_TITLE = "Fact-check"
_NARROW = "fijlrtI.,:;|'!() "
_SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
    'viewBox="0 0 {width} {height}" role="img" '
    'aria-labelledby="title"{described}><title id="title">{title}: {label}</title>{more}'
    "<style>{style}</style>"
    '<rect class="b" x=".5" y=".5" width="{inner}" height="23" rx="4"/>'
    '<path class="l" d="M{left} 1v22"/>'
    '<text class="q" x="8" y="16" textLength="{title_width}">{title}</text>'
    '<text class="s" x="{at}" y="16">{sign}</text>'
    '<text class="s" x="{words_at}" y="16" textLength="{label_width}">{label}</text></svg>\n'
)


def drawn(status: str, sign: str, label: str, why: str = "") -> tuple[str, str]:
    """The picture, and the policy that lets it have its own style and nothing else.

    `why` is told to whoever points at it, and by screen readers.
    """
    style = _style(status)
    title_width, label_width = _width(_TITLE), _width(label, bold=True)
    left = title_width + 16
    width, height = size(label)
    svg = _SVG.format(
        width=width,
        height=height,
        inner=width - 1,
        title=_TITLE,
        title_width=title_width,
        label=label,
        more=Markup('<desc id="why">{}</desc>').format(why) if why else "",
        described=Markup(' aria-describedby="why"') if why else "",
        label_width=label_width,
        left=left,
        at=left + 8,
        words_at=left + 23,
        sign=sign,
        style=style,
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return str(svg), f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def size(label: str) -> tuple[int, int]:
    """Width and height of the picture in pixels."""
    return _width(_TITLE) + _width(label, bold=True) + 47, 24


def _width(words: str, *, bold: bool = False) -> int:
    """About as wide as the words are at 12 pixels; `textLength` makes it exact."""
    wide = sum(3.8 if sign in _NARROW else 9 if sign.isupper() else 6.9 for sign in words)
    return round(wide * 1.1 if bold else wide)


@cache
def _style(status: str) -> Markup:
    rules = []
    for theme in (0, 1):
        surface, line, quiet, colour = (
            _colour(name)[theme] for name in ("surface", "line", "quiet", f"s-{status}")
        )
        rules.append(
            f".b{{fill:{surface};stroke:{line}}}.l{{stroke:{line}}}.q{{fill:{quiet}}}.s{{fill:{colour}}}"
        )
    font = "text{font:500 12px system-ui,-apple-system,'Segoe UI',sans-serif}.s{font-weight:700}"
    # Made of our own tokens only.
    return Markup(f"{font}{rules[0]}@media (prefers-color-scheme:dark){{{rules[1]}}}")  # noqa: S704


@cache
def _colour(name: str) -> tuple[str, str]:
    """A colour of the pages, for the light theme and for the dark one."""
    css = _TOKENS.read_text(encoding="utf-8")
    found = re.search(rf"--{name}:\s*light-dark\(\s*(#\w+),\s*(#\w+)\s*\)", css)
    if found is None:
        raise LookupError(f"no colour {name} for both themes")
    return found[1], found[2]
