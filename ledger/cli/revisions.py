"""ledger revisions: an article's texts, and what became of its claims between any two of them."""

import json
from collections.abc import Iterator
from typing import Any

import click
from sqlmodel import Session

from ledger.cli.naming import id_of
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.cli.revise import WORDS, fate, turned
from ledger.eventlog.canonical import timestamp
from ledger.models import Article, Revision
from ledger.services import comparisons, redlines
from ledger.services.comparisons import Comparison
from ledger.store import claims as claims_store
from ledger.store import records
from ledger.store import revisions as store

_PAGE = 100
_MARKS = {redlines.OUT: "[-%-]", redlines.IN: "{+%+}"}
_LEFT = 60  # characters of words as they were that are shown on either side of a change


@click.command()
@click.argument("article", metavar="ARTICLE")
@click.option(
    "--compare", type=click.IntRange(1), nargs=2, metavar="FROM TO", help="Compare two of them, by number."
)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object for each text, or each place, a line each."
)
def revisions(article: str, compare: tuple[int, int] | None, as_json: bool) -> None:
    """List the texts of ARTICLE, newest first, with what each did to its claims; or compare two.

    A comparison shows what was [-taken out-] and {+put in+}, and then what became of each claim. `ledger
    revise` brings a new text in; `ledger claim waiting` lists what has to be looked at.

    \b
    Examples:
      ledger revisions 01a2060b-e223-782a-96f6-dd90419789f1
      ledger revisions 01a2060b-e223-782a-96f6-dd90419789f1 --compare 1 3
    """
    with opened() as (_, database), database.read() as session:
        found = records.get(session, Article, id_of(article, "article"))
        if compare is not None:
            _compare(comparisons.of_numbers(session, found.id, *compare), as_json=as_json)
            return
        for revision, who in _listed(session, found.id):
            if as_json:
                click.echo(json.dumps(_shown(revision), ensure_ascii=False))
                continue
            by, note = f" by {who}" if who else "", f": {revision.note}" if revision.note else ""
            say(
                f"{revision.number:>4}  {when(revision.created_at)}{by}, {revision.length:,} characters{note}"
            )
            if revision.fates:
                say(f"      {_tally(comparisons.tally(revision))}")


def _listed(session: Session, article_id: str) -> Iterator[tuple[Revision, str | None]]:
    below: int | None = None
    while page := store.listed(session, article_id, below=below, limit=_PAGE):
        names = claims_store.names(session, {one.created_by for one in page})
        yield from ((one, names.get(one.created_by or "")) for one in page)
        below = page[-1].number


def _shown(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "id": revision.id,
        "created_at": timestamp(revision.created_at),
        "created_by": revision.created_by,
        "source": revision.source,
        "note": revision.note,
        "length": revision.length,
        "sha256": revision.sha256,
        "outcomes": comparisons.tally(revision),
    }


def _tally(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[name]} {words}" for name, words in WORDS.items() if counts.get(name))


def _compare(compared: Comparison, *, as_json: bool) -> None:
    if as_json:
        for one in compared.entries:
            click.echo(json.dumps(fate(one), ensure_ascii=False))
        return
    for row in compared.rows:
        if row.kind != redlines.SAME:
            say(f"{row.kind.replace('_', ' ')}:  {_inline(row, compared.before.text, compared.after.text)}")
    say()
    for one in compared.entries:
        if not one.dropped:
            again = "  (look again)" if compared.newest and one.recheck else ""
            say(f"{one.claim.id}  {turned(one)}{again}")
    say(f"{_tally(compared.counts) or 'No claims'}; {compared.counts['recheck']} to be looked at again now.")


def _inline(row: redlines.Row, before: str, after: str) -> str:
    """One reading of both texts of a row; long stretches without a change are left out."""
    if row.kind != redlines.CHANGED:
        text, place = (after, row.new) if row.new else (before, row.old)
        return _line(text[slice(*place)] if place else "")
    return _line(
        "".join(_run(run.kind, (after if newer else before)[run.start : run.end]) for newer, run in row.both)
    )


def _run(kind: str, words: str) -> str:
    # White space behind words counts to them, and stands behind the mark.
    bare = words.rstrip()
    if kind in _MARKS and bare:
        return _MARKS[kind].replace("%", bare) + words[len(bare) :]
    return words if len(words) <= 2 * _LEFT else f"{words[:_LEFT]} … {words[-_LEFT:]}"


def _line(words: str) -> str:
    return " ".join(words.split())
