"""The text of an article with its marks, and the list of its claims, written as HTML.

They are most of a large page. Written here piece by piece, 500 claims take a tenth of what templates take.
No white space may come between the pieces of a line: scripts count the characters of a selection.
"""

from collections.abc import Collection, Iterable
from html import escape

from markupsafe import Markup

from claims.values import dataclass
from ledger.ui.context import icon
from ledger.ui.marks import Line, Mark, Part, Piece
from ledger.ui.words import STATUSES

_HEADINGS = {"headline": "h2", "heading": "h3"}
_LONG = 160  # characters of a statement; the store cuts it off just behind
_NEAR = 70  # characters: about one line, in which the signs of two marks would fall on each other
_ICONS = {code: str(icon(word.icon)) for code, word in STATUSES.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim in the list of an article: its number there, and what its line shows."""

    number: int
    id: str
    status: str
    statement: str
    language: str | None = None
    score: float | None = None
    assignee_id: str | None = None
    start: int = 0
    end: int = 0
    in_text: bool = True
    hidden: bool = False  # a candidate that the desk does not show


class Typeset:
    """Writes one article's page; `link` is the address of a claim on it but for the claim's id."""

    def __init__(self, *, link: str, current: str | None = None) -> None:
        self.link = link
        self.current = current
        self._begun: set[str] = set()
        self._before = (-_NEAR, 0)

    def text(self, parts: Iterable[Part]) -> Markup:
        """All parts of the text."""
        return Markup("\n").join(self.part(part) for part in parts)

    def part(self, part: Part, *, oob: bool = False) -> Markup:
        """A paragraph, list …; with `oob`, to take the place of the one on the page."""
        attributes = f'id="p-{part.index}" class="part k-{part.kind}"'
        if oob:
            attributes += ' hx-swap-oob="outerHTML"'
        if part.kind == "list" and (part.ordered or len(part.lines) > 1):
            tag = "ol" if part.ordered else "ul"
            items = "".join(self._item(line) for line in part.lines)
            return Markup(f"<{tag} {attributes}>{items}</{tag}>")  # noqa: S704  (words are escaped below)
        tag = _HEADINGS.get(part.kind, "div" if part.kind == "table" else "p")
        line = part.lines[0]
        focus = ' tabindex="0"' if part.kind == "table" else ""
        html = f'<{tag} {attributes} data-start="{line.start}"{focus}>{self._line(line)}</{tag}>'
        return Markup(html)  # noqa: S704

    def _item(self, line: Line) -> str:
        value = f' value="{line.number}"' if line.number is not None else ""
        return f'<li{value} data-start="{line.start}">{self._line(line)}</li>'

    def _line(self, line: Line) -> str:
        self._before = (-_NEAR, 0)
        at, html = line.start, []
        for piece in line.pieces:
            words = escape(piece.text, quote=False)
            html.append(self._marked(piece, words, at, line.start) if piece.marks else words)
            at += len(piece.text)
        return "".join(html)

    def _marked(self, piece: Piece, words: str, at: int, line: int) -> str:
        """Words under one or more marks: a link to the shortest, with the signs of those that begin here."""
        top = piece.marks[-1]
        looks = f"mark s-{top.status}"
        if len(piece.marks) > 1:
            looks += f" more u-{piece.marks[-2].status}"
        here = self.current is not None and any(one.claim_id == self.current for one in piece.marks)
        if here:
            looks += " current"
        claims = " ".join(one.claim_id for one in piece.marks)
        begun = "".join(self._sign(one, at) for one in piece.marks if max(one.start, line) == at)
        return (
            f'<a class="{looks}" href="{self.link}{top.claim_id}#m-{top.claim_id}" data-claims="{claims}"'
            f' aria-describedby="about-{top.status}">{begun}{words}</a>'
        )

    def _sign(self, mark: Mark, at: int) -> str:
        """A mark's number, and its sign in the margin: further out where one nearby has the same place."""
        if mark.claim_id in self._begun:
            return ""
        self._begun.add(mark.claim_id)
        last, column = self._before
        column = (column + 1) % 3 if at - last < _NEAR else 0
        self._before = (at, column)
        looks = f"sign s-{mark.status}" + (f" o{column}" if column else "")
        if mark.claim_id == self.current:
            looks += " current"
        return f'<i class="{looks}" id="m-{mark.claim_id}" data-n="{mark.number}"></i>'

    def items(self, entries: Iterable[Entry], names: dict[str, str]) -> Markup:
        """The lines of the list."""
        return Markup("\n").join(self.item(entry, names) for entry in entries)

    def item(self, entry: Entry, names: dict[str, str], *, oob: bool = False) -> Markup:
        """A claim's line in the list: one link, no form. What is done to a claim is done beside the text."""
        id, status = entry.id, entry.status
        word = entry.statement if len(entry.statement) <= _LONG else entry.statement[:_LONG].rstrip() + " …"
        language = f' lang="{escape(entry.language)}"' if entry.language else ""
        anchor = f"#m-{id}" if entry.in_text and status != "dismissed" else ""
        more = ' hx-swap-oob="outerHTML"' if oob else ""
        here = ' aria-current="true"' if id == self.current else ""
        html = (
            f'<li id="c-{id}" class="item s-{status}" data-claim="{id}"{more}>'
            f'<a href="{self.link}{id}{anchor}"{here}><b>{entry.number}</b>{_ICONS[status]}'
            f'<span class="vh">{STATUSES[status].label}: </span>'
            f'<span class="words" dir="auto"{language}>{escape(word, quote=False)}</span>'
            f"{_aside(entry, names)}</a></li>"
        )
        return Markup(html)  # noqa: S704


def _aside(entry: Entry, names: dict[str, str]) -> str:
    if entry.status == "candidate" and entry.score is not None:
        return f' <small title="Check-worthiness from 0 to 1: a machine\'s guess">{entry.score:.2f}</small>'
    if entry.assignee_id and entry.status in _HELD:
        return f' <small dir="auto">{escape(names.get(entry.assignee_id, ""), quote=False)}</small>'
    return ""


_HELD: Collection[str] = ("checking", "proposed", "stale")
