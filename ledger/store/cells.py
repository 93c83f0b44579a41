"""Cells and lines of CSV as SQL expressions: the database writes a line faster than Python can.

A hot path. All is RFC 4180: cells of words stand in quotes, the quotes in them doubled; numbers, ids
and times need none; what is not known is empty.
"""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from claims.values import dataclass

STARTS = "=+-@\t\r\n\0＝＋－＠"
"""What spreadsheets are known to start a formula at (OWASP), behind any apostrophes of the text's own."""

Kind = Literal["id", "word", "words", "integer", "number", "truth", "time", "list", "json"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that is taken out.

    `value` is what it holds; of a `list` a JSON text. `word` is a word of ours, which needs no quotes and is
    no formula; `words` are those of people, of the web or of a scale, though `safe` ones begin no formula. A
    `list` is written into one cell with `between` between its members, or as the
    query `flat` has it; other words may come from such a query, too.
    """

    name: str
    kind: Kind
    value: Any
    about: str
    safe: bool = False
    between: str = "\n"
    flat: Any = None


class Cells:
    """The expressions, for SQLite or for PostgreSQL."""

    def __init__(self, *, sqlite: bool) -> None:
        self.sqlite = sqlite
        signs = [f"'{sign}'" if sign.isprintable() else _sign(sign, sqlite) for sign in STARTS if sign > "\0"]
        self._starts = _raw(f"({', '.join(signs)})")

    def when(self, moment: Any) -> Any:
        """A time as ISO 8601 in UTC, to the second."""
        if self.sqlite:
            text = sa.type_coerce(moment, sa.Text)
            return sa.func.substr(text, 1, 10) + _raw("'T'") + sa.func.substr(text, 12, 8) + _raw("'Z'")
        return sa.func.to_char(sa.func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')

    def json(self, column: Any) -> Any:
        """A JSON column as its text."""
        return sa.type_coerce(column, sa.Text) if self.sqlite else sa.cast(column, sa.Text)

    def joined(self, lines: Any) -> Any:
        """A query of one text: the `line`s of a query about one record, in the order of its `place`."""
        if self.sqlite:
            return sa.select(sa.func.group_concat(lines.c.line, "\n"))
        return sa.select(
            sa.func.string_agg(lines.c.line, aggregate_order_by(sa.literal("\n"), lines.c.place))
        )

    def members(self, lines: Any, *names: str) -> Any:
        """The same as a JSON list: of the `line`s, or of objects with these names."""
        pairs = [part for name in names for part in (_raw(f"'{name}'"), lines.c[name])]
        if self.sqlite:
            member = sa.func.json_object(*pairs) if names else lines.c.line
            return sa.select(sa.func.json_group_array(member)).scalar_subquery()
        # By jsonb, as json would keep line breaks between the members.
        member = sa.func.jsonb_build_object(*pairs) if names else sa.func.to_jsonb(lines.c.line)
        every = sa.func.jsonb_agg(aggregate_order_by(member, lines.c.place))
        return sa.select(sa.cast(sa.func.coalesce(every, _raw("'[]'::jsonb")), sa.Text)).scalar_subquery()

    def line(self, columns: Sequence[Column], *, guarded: bool) -> Any:
        """A whole line of CSV with its end; `guarded`: no cell of words can be taken for a formula."""
        cells = [self._cell(column, guarded) for column in columns]
        if self.sqlite:
            # Ten times cheaper than joining them two by two; what is not known prints as nothing.
            return sa.func.printf(_raw("'" + ",".join(["%s"] * len(cells)) + "' || char(13, 10)"), *cells)
        between = [part for cell in cells for part in (_raw("','"), cell)]
        return sa.func.concat(*between[1:], _raw("E'\\r\\n'"))

    def _cell(self, column: Column, guarded: bool) -> Any:
        value, guarded = column.value, guarded and not column.safe
        match column.kind:
            case "words" | "list" if column.flat is not None:
                return self._quoted_once(column.flat, guarded)
            case "words":
                return self._quoted(value, guarded)
            case "list":
                return self._members(value, column.between, guarded)
            case "json":
                return self._quoted(value, False)
            case "number":
                return self._number(value)
            case "truth":
                return sa.case((value, _raw("'true'")), else_=_raw("'false'"))
        return value

    def _quoted(self, text: Any, guarded: bool, begins: Any = None) -> Any:
        """A text in quotes; `begins` is one that begins as it does, if that is less work to look at."""
        text = sa.type_coerce(text, sa.Text)
        rest = sa.func.replace(text, _raw("'\"'"), _raw("'\"\"'")) + _raw("'\"'")
        quoted = _raw("'\"'") + rest
        if not guarded:
            return quoted
        begins = text if begins is None else begins
        first = sa.func.substr(sa.func.ltrim(begins, _raw("''''")), 1, 1)
        marked = (first.op("IN")(self._starts), _raw("'\"'''") + rest)
        if not self.sqlite:
            return sa.case(marked, else_=quoted)
        # SQLite compares by code: what is empty or begins with a letter needs no further look.
        letter = begins.between(_raw("'A'"), _raw("'zz'"))
        return sa.case((text.is_(None), None), (letter, quoted), marked, else_=quoted)

    def _quoted_once(self, query: Any, guarded: bool) -> Any:
        """The same of a query's one text, which is asked for once though it is looked at twice."""
        found = query.subquery()
        return sa.select(self._quoted(found.c[0], guarded)).scalar_subquery()

    def _number(self, value: Any) -> Any:
        # A whole number is written as one: 5, not 5.0.
        whole = sa.cast(sa.cast(value, sa.BigInteger), sa.Text)
        return sa.case((value == sa.cast(value, sa.BigInteger), whole), else_=sa.cast(value, sa.Text))

    def _members(self, text: Any, between: str, guarded: bool) -> Any:
        """The members of a JSON list of words in one cell; nothing where there is none."""
        gap = sa.literal(between)
        if not self.sqlite:
            members = sa.func.jsonb_array_elements_text(sa.cast(text, JSONB))
            each = members.table_valued("value", with_ordinality="place", name="each").render_derived()
            joined = sa.func.string_agg(each.c.value, aggregate_order_by(gap, each.c.place))
            return self._quoted_once(sa.select(joined), guarded)
        each = sa.func.json_each(text).table_valued("value", name="each")
        slowly = self._quoted_once(sa.select(sa.func.group_concat(each.c.value, gap)), guarded)
        # Without a backslash no member has a quotation mark in it, and what stands between two is plain.
        begins = sa.func.substr(text, 3)
        inner = sa.func.substr(text, 3, sa.func.length(text) - 4)
        quickly = self._quoted(sa.func.replace(inner, _raw("'\", \"'"), gap), guarded, begins=begins)
        # An empty first member, or an apostrophe, leaves it to what follows whether it looks like a formula.
        simple = sa.and_(
            sa.func.instr(text, _raw("'\\'")) == 0,
            sa.func.substr(text, 3, 1).op("NOT IN")(_raw("('\"', '''')")),
        )
        return sa.case((text == "[]", None), (simple, quickly), else_=slowly)


def _sign(sign: str, sqlite: bool) -> str:
    return f"{'char' if sqlite else 'chr'}({ord(sign)})"


def _raw(sql: str) -> Any:
    return sa.literal_column(sql, sa.Text)
