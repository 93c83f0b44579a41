"""ledger revise: a new text for an article, and what it does to the article's claims."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ledger.cli.ingest import drafted
from ledger.cli.naming import id_of
from ledger.cli.opening import opened
from ledger.cli.output import printable
from ledger.cli.people import acting
from ledger.errors import Invalid
from ledger.ids import is_id
from ledger.models import Article
from ledger.services import articles, comparisons, revisions
from ledger.services.comparisons import Entry
from ledger.settings import Settings
from ledger.store import records

WORDS = {
    "changed": "changed", "ambiguous": "in several places", "orphaned": "gone",
    "moved": "moved", "same": "as before", "new": "new",
}  # fmt: skip


@click.command()
@click.argument("article_id", metavar="ARTICLE")
@click.argument("source", metavar="FILE|URL|-", required=False)
@click.option("--dry-run", is_flag=True, help="Only tell what would become of each claim.")
@click.option("--note", help="What is to be said of the new text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each claim's place, a line each.")
@click.option("--as", "email", metavar="EMAIL", help="In whose name; by default the first administrator's.")
def revise(
    article_id: str, source: str | None, dry_run: bool, note: str | None, as_json: bool, email: str | None
) -> int:
    """Give an article a new text, and tell what becomes of its claims.

    ARTICLE is its id. The text comes from a file, an address or, with -, from standard input;
    without any, it is fetched from the article's own address. Claims whose very words stand in
    the new text are carried over; the others are listed, and wait for a person. The current
    text again is no new revision.

    \b
    Examples:
      ledger revise 01a2060b-e223-782a-96f6-dd90419789f1 article.html --dry-run
      ledger revise 01a2060b-e223-782a-96f6-dd90419789f1 --note "Corrected by the newsroom"
    """
    article_id = id_of(article_id, "article")
    if not is_id(article_id):
        raise click.UsageError("ARTICLE is an article's id.", click.get_current_context())
    with opened() as (settings, database):
        with database.read() as session:
            who = acting(session, email)
            article = records.get(session, Article, article_id)
        draft = _draft(source, article, settings)
        with database.read() as session:
            compared = comparisons.of_draft(session, article_id, draft)
        if compared is None:
            click.echo("This is the text that the article has already: nothing was changed.", err=True)
            return 0
        number = compared.after.number
        if not dry_run:
            with database.write() as session:
                number = revisions.add(session, article_id, draft, by=who, note=note).revision.number
        _tell(compared.entries, as_json=as_json)
        click.echo(_summary(compared.entries, number, dry_run=dry_run), err=True)
    return 0


def _draft(source: str | None, article: Article, settings: Settings) -> articles.Draft:
    name = source or article.url
    if not name:
        raise Invalid("The article has no address to fetch it from: name a file or an address.", field="FILE")
    if name != "-" and not name.startswith(("http://", "https://")) and not Path(name).is_file():
        raise Invalid(f"There is no file {printable(name)}.", field="FILE")
    return drafted(name, settings)


def _tell(entries: Sequence[Entry], *, as_json: bool) -> None:
    """What must be looked at: each claim that was not carried over; as JSON, all of them."""
    for one in entries:
        if as_json:
            click.echo(json.dumps(fate(one), ensure_ascii=False))
        elif not one.carried and not one.dropped:
            click.echo(f"{one.claim.id}  {turned(one)}")


def turned(one: Entry) -> str:
    """What became of a claim's place, in a line: its outcome, and what changed or its words."""
    changes = ", ".join(f"{change['before']} → {change['after']}" for change in one.changes[:3])
    words = " ".join((one.was or one.now or "").split())
    return f"{WORDS[one.outcome]:<17}  {printable(changes or words)[:120]}"


def fate(one: Entry) -> dict[str, Any]:
    """What became of a claim's place, as JSON."""
    return {
        "claim": one.claim.id,
        "appearance": one.at.id,
        "outcome": one.outcome,
        "carried": one.carried,
        "was": one.was,
        "now": one.now,
        "place": one.place,
        "places": one.places,
        "changes": [{name: change[name] for name in ("sort", "before", "after")} for change in one.changes],
        "reason": one.reason,
        "waits": one.waits,
    }


def _summary(entries: Sequence[Entry], number: int, *, dry_run: bool) -> str:
    counts = Counter(one.outcome for one in entries if not one.dropped)
    told = ", ".join(f"{counts[name]} {words}" for name, words in WORDS.items() if counts[name])
    waits = sum(not one.carried and not one.dropped for one in entries)
    what = f"Revision {number} would be stored" if dry_run else f"Revision {number} is stored"
    return f"{what}: {told or 'the article has no claims'}. {waits} to be looked at."
