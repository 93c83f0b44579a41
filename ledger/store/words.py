"""Finding words in a column whatever their case, in every script, on both databases."""

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


def contains(column: Any, words: str) -> sa.ColumnElement[bool]:
    """Whether a text column holds these words; LIKE's own signs count as themselves."""
    return folded(column).like(folded(f"%{escaped(words)}%"), escape="\\")


def escaped(text: str) -> str:
    """`text` as the ledger stores texts (NFC, no NUL), with LIKE's own signs made harmless."""
    stored = unicodedata.normalize("NFC", text.replace("\x00", ""))
    return stored.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
