"""Where words stand: quotes of a span, found again in a changed text, and what became of each in a new one.

`selectors` make and find W3C selectors, by the very words alone. `reanchoring` sets two texts against each
other as wholes and tells the fate of each span; read that first.
"""

from claims.anchoring.fates import HARMLESS, Change, Fate, Outcome, Sort
from claims.anchoring.reanchoring import differences, reanchor
from claims.anchoring.selectors import agreeing, cuts, locate, quote

__all__ = [
    "HARMLESS",
    "Change",
    "Fate",
    "Outcome",
    "Sort",
    "agreeing",
    "cuts",
    "differences",
    "locate",
    "quote",
    "reanchor",
]
