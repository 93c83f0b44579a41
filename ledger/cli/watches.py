"""ledger watch: articles whose address is fetched again on a schedule."""

import click

from ledger import clock
from ledger.app import make_parts
from ledger.cli.main import FAULTS
from ledger.cli.opening import opened
from ledger.cli.output import say, when
from ledger.cli.people import acting
from ledger.models import Article
from ledger.services import watches
from ledger.store import records
from ledger.store import watches as store
from ledger.web.context import Parts

_MOST = 10_000


@click.group()
def watch() -> None:
    """Fetch articles' addresses again on a schedule; another text is the next revision.

    \b
    Examples:
      ledger watch set 01a2060b-e223-782a-96f6-dd90419789f1 hour
      ledger watch look 01a2060b-e223-782a-96f6-dd90419789f1
    """


@watch.command("list")
def list_() -> None:
    """List the articles that are watched, and how that goes."""
    with opened() as (_, database), database.read() as session:
        found = store.every(session, limit=_MOST)
        for article, state in found:
            outcome = state.outcome if state and state.outcome else "not yet"
            checked = f", {when(state.checked_at)}" if state and state.checked_at else ""
            say(f"{article.id}  {watches.word(article.watch_minutes):<5}{outcome}{checked}  {article.title}")
            if state and state.problem:
                say(f"    {state.problem}")
    if not found:
        say("No article is watched. `ledger watch set ARTICLE hour` begins it.")


@watch.command("set")
@click.argument("article")
@click.argument("every", type=click.Choice([*watches.EVERY, "off"]))
@click.option("--as", "email", metavar="EMAIL", help="In whose name; by default the first administrator's.")
def set_(article: str, every: str, email: str | None) -> None:
    """Have the address of ARTICLE fetched again EVERY so often, or not any more."""
    with opened() as (_, database), database.write() as session:
        found = records.get(session, Article, article)
        watches.set_(session, found.id, by=acting(session, email), version=found.version, every=every)
        say(f"Fetched again: {every}. {found.url or ''}" if every != "off" else "Not watched any more.")


@watch.command("look")
@click.argument("articles", nargs=-1, metavar="[ARTICLE]…")
@click.option("--due", is_flag=True, help="All whose time has come.")
def look(articles: tuple[str, ...], due: bool) -> int:
    """Fetch the addresses of watched articles now, without waiting for a worker.

    Sites are asked politely all the same: what is not its turn is told, and left to the workers.
    """
    if bool(articles) == due:
        raise click.UsageError("Name articles, or say --due.", click.get_current_context())
    failed = False
    with opened() as (settings, _):
        parts = make_parts(settings)
        try:
            for id in articles or _due(parts):
                result = watches.run(parts.database, parts.polite, id, reading=parts.reading)
                if result is None:
                    say(f"{id}  not watched: `ledger watch set {id} hour`")
                    failed = True
                    continue
                told = result.get("outcome") or f"not before {result['later']}"
                say(f"{id}  {told}{': ' + result['problem'] if result.get('problem') else ''}")
                failed = failed or told == "failed"
        finally:
            parts.database.dispose()
    return FAULTS if failed else 0


def _due(parts: Parts) -> list[str]:
    with parts.database.read() as session:
        now = clock.now()
        return [
            article.id
            for article, state in store.every(session, limit=_MOST)
            if state is not None and state.due_at and state.due_at <= now
        ]
