"""Finding words in a column whatever their case, in every script, on both databases."""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class folded(GenericFunction[str]):  # noqa: N801  (named as it is written in SQL)
    """Lower case in every script: PostgreSQL's `lower`; SQLite's own knows ASCII only, so one of ours."""

    type = sa.Text()
    inherit_cache = True


@compiles(folded)
def _lower(element: folded, compiler: Any, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


@compiles(folded, "sqlite")
def _own(element: folded, compiler: Any, **more: Any) -> str:
    return f"ledger_lower({compiler.process(element.clauses, **more)})"


class _perhaps(GenericFunction[bool]):  # noqa: N801
    """On SQLite, whether a text may hold the words: a look that costs a tenth of `folded` for each row."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(_perhaps)
def _always(element: _perhaps, compiler: Any, **more: Any) -> str:
    return "true"


@compiles(_perhaps, "sqlite")
def _native(element: _perhaps, compiler: Any, **more: Any) -> str:
    column, pattern = element.clauses
    return f"({compiler.process(column, **more)} LIKE {compiler.process(pattern, **more)})"


# SQLite's own LIKE knows no case but ASCII's, and of ASCII only i and k are lower forms of other letters
# too (İ, the sign for Kelvin). Left out besides: LIKE's own signs.
_PLAIN = re.compile(r"[ -$&-HJL-\[\]^`a-hjl-~]+")


def contains(column: Any, words: str) -> sa.ColumnElement[bool]:
    """Whether a text column holds these words; LIKE's own signs count as themselves."""
    near, whole = _patterns(words)
    return (
        sa.and_(_perhaps(column, near), _is_like(column, whole)) if near != "%" else _is_like(column, whole)
    )


def contains_given(column: Any, name: str) -> sa.ColumnElement[bool]:
    """The same for words that come with each execution: see `to_contain`."""
    near, whole = sa.bindparam(f"{name}_near", type_=sa.Text), sa.bindparam(name, type_=sa.Text)
    return sa.and_(_perhaps(column, near), _is_like(column, whole))


def to_contain(name: str, words: str) -> dict[str, str]:
    """The values that `contains_given` waits for."""
    near, whole = _patterns(words)
    return {f"{name}_near": near, name: whole}


def _is_like(column: Any, pattern: Any) -> Any:
    return folded(column).like(folded(pattern), escape="\\")


def _patterns(words: str) -> tuple[str, str]:
    """What LIKE finds at least where these words are, on SQLite; and what finds them."""
    runs = _PLAIN.findall(_stored(words))
    return (f"%{max(runs, key=len)}%" if runs else "%"), f"%{escaped(words)}%"


def escaped(text: str) -> str:
    """`text` as the ledger stores texts (NFC, no NUL), with LIKE's own signs made harmless."""
    return _stored(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _stored(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\x00", ""))
