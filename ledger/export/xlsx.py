"""XLSX, as ECMA-376 asks of the least workbook, written straight into the zip: memory stays the same.

Words are inline texts, never formulas, so that no mark is put in front of them. What a sheet can't hold goes
on in the next one; a cell that Excel has no room for is cut, and says so.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape

import orjson

from ledger.export import zipping
from ledger.store.cells import Column

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576
"""Rows of a sheet, its head among them."""
LONGEST = 32_767
"""Characters of a cell, in UTF-16 units."""
_CUT = " … (cut: a cell holds no more)"
_CHUNK = 64 * 1024
# Control codes are no XML; in the format they are written _x0001_, and what looks like that is, too.
_ODD = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD_STAYS = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    'state="frozen"/></sheetView></sheetViews>'
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_STYLES = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def document(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    moment: tuple[int, int, int, int, int, int],
    *,
    most: int = MOST_ROWS,
) -> Iterator[bytes]:
    """The whole workbook in pieces: a sheet “Claims”, and “Claims 2” … where one does not hold all."""
    yield from zipping.document(_members(columns, iter(rows), most), moment)


def _members(columns: Sequence[Column], rows: Iterator[Sequence[Any]], most: int) -> Iterator[zipping.Member]:
    sheets: list[str] = []
    ahead = list(islice(rows, 1))
    while ahead or not sheets:
        part = islice(chain(ahead, rows), most - 1)
        sheets.append("Claims" if not sheets else f"Claims {len(sheets) + 1}")
        yield f"xl/worksheets/sheet{len(sheets)}.xml", _sheet(columns, part)
        ahead = list(islice(rows, 1))
    for name, text in _frame(sheets):
        yield name, _whole(text)


def _whole(text: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [text.encode()]


def _sheet(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Callable[[], Iterable[bytes]]:
    def made() -> Iterator[bytes]:
        lines = [
            f'{_XML}<worksheet xmlns="{_MAIN}">{_HEAD_STAYS}<sheetData>',
            _row([_text(column.name, style=1) for column in columns]),
        ]
        write = [_WRITERS.get(column.kind, _text) for column in columns]
        between = [column.between for column in columns]
        lists = [place for place, column in enumerate(columns) if column.kind == "list"]
        size, limit = 0, _CHUNK // 8
        for row in rows:
            values = list(row)
            for place in lists:
                values[place] = _flat(values[place], between[place])
            line = _row([make(value) for make, value in zip(write, values, strict=True)])
            lines.append(line)
            size += len(line)
            if size >= limit:
                yield "".join(lines).encode("utf-8", "replace")
                lines.clear()
                size, limit = 0, _CHUNK
        lines.append("</sheetData></worksheet>")
        yield "".join(lines).encode("utf-8", "replace")

    return made


def _row(cells: list[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


def _text(value: Any, style: int = 0) -> str:
    if value is None or value == "":
        return "<c/>"
    text = str(value)
    if len(text) > LONGEST // 2 and len(text.encode("utf-16-le", "replace")) // 2 > LONGEST:
        text = text.encode("utf-16-le", "replace")[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore")
        text += _CUT
    styled = f' s="{style}"' if style else ""
    return (
        f'<c t="inlineStr"{styled}><is><t xml:space="preserve">{escape(_ODD.sub(_coded, text))}</t></is></c>'
    )


def _coded(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _number(value: Any) -> str:
    return "<c/>" if value is None else f"<c><v>{value:.15g}</v></c>"


def _truth(value: Any) -> str:
    return f'<c t="b"><v>{int(bool(value))}</v></c>'


_WRITERS: dict[str, Callable[[Any], str]] = {"integer": _number, "number": _number, "truth": _truth}


def _flat(text: str | None, between: str) -> str | None:
    if not text or text == "[]":
        return None
    return between.join(one if isinstance(one, str) else _told(one) for one in orjson.loads(text))


def _told(piece: dict[str, Any]) -> str:
    quote = f" — {piece['quote']}" if piece.get("quote") else ""
    return f"{piece['stance']} {piece['url']}{quote}"


def _frame(sheets: list[str]) -> Iterator[tuple[str, str]]:
    """The parts that hold the sheets together."""
    numbers = range(1, len(sheets) + 1)
    parts = [("/xl/workbook.xml", _BOOK), ("/xl/styles.xml", _STYLES)]
    parts += [(f"/xl/worksheets/sheet{number}.xml", _SHEET) for number in numbers]
    types = "".join(f'<Override PartName="{name}" ContentType="{type}"/>' for name, type in parts)
    yield (
        "[Content_Types].xml",
        (
            f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
    )
    yield "_rels/.rels", _links([("officeDocument", "xl/workbook.xml")])
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    yield (
        "xl/workbook.xml",
        (f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{listed}</sheets></workbook>'),
    )
    links = [("worksheet", f"worksheets/sheet{number}.xml") for number in numbers]
    yield "xl/_rels/workbook.xml.rels", _links([*links, ("styles", "styles.xml")])
    yield (
        "xl/styles.xml",
        (
            f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            "</styleSheet>"
        ),
    )


def _links(targets: list[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'
