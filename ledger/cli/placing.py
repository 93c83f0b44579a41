"""ledger claim waiting, place, cut, uncut: words that a new text left open, and what people say of them."""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence

import click
from sqlmodel import Session

from ledger.cli.naming import as_option, claim_of, id_of
from ledger.cli.opening import opened
from ledger.cli.output import say
from ledger.cli.people import acting
from ledger.cli.revise import fate, turned
from ledger.errors import Conflict, Invalid
from ledger.models import Appearance, Article, Revision
from ledger.services import comparisons, digests
from ledger.services import placing as service
from ledger.services.comparisons import Comparison, Entry
from ledger.services.policies import Policy
from ledger.store import claims as store
from ledger.store import records
from ledger.store import revisions as revisions_store

_AROUND = 24
_SHOWN = 8
appearance_option = click.option(
    "--appearance", metavar="ID", help="Which of its places, where it has several."
)


@click.command()
@click.argument("article", metavar="[ARTICLE]", required=False)
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object for each place that waits, a line each."
)
def waiting(article: str | None, as_json: bool) -> None:
    """List the words that wait for a person after a new text.

    Each with what changed, and with where it might stand now.
    """
    with opened() as (_, database), database.read() as session:
        if article is not None:
            ids = [records.get(session, Article, id_of(article, "article")).id]
        else:
            ids = revisions_store.with_waiting(session)
        found = 0
        for compared in _compared(session, ids):
            entries = [entry for entry in compared.entries if entry.waits]
            found += len(entries)
            if entries and not as_json:
                say(f"{compared.article.title} ({compared.article.id}), revision {compared.after.number}:")
            for entry in entries:
                if as_json:
                    click.echo(json.dumps(fate(entry), ensure_ascii=False))
                    continue
                for line in _lines(entry, compared.after.text):
                    say(line)
    if not found and not as_json:
        say("Nothing waits.")


def _compared(session: Session, article_ids: Sequence[str]) -> Iterator[Comparison]:
    for id in article_ids:
        number = revisions_store.newest_number(session, id)
        if number > 1:
            yield comparisons.of_numbers(session, id, number - 1, number)


def _lines(entry: Entry, text: str) -> Iterator[str]:
    yield f"  {entry.claim.id}  {turned(entry)}"
    yield f"    was “{_line(entry.at.exact)}”. {entry.reason}"
    places = list(dict.fromkeys([*([entry.place] if entry.place else []), *entry.places]))
    for start, end in places[:_SHOWN]:
        yield f"    perhaps at {start}: {_around(text, start, end)}"
    if len(places) > _SHOWN:
        yield f"    and at {len(places) - _SHOWN} places more"


def _around(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return _line(f"…{before}[{text[start:end]}]{after}…")


def _line(words: str) -> str:
    return " ".join(words.split())


@click.command()
@click.argument("id", metavar="CLAIM")
@click.argument("words", metavar="WORDS")
@click.option("--start", type=click.IntRange(0), help="The offset of WORDS, where they stand several times.")
@click.option("--holds", metavar="NOTE", help="Sign too that the verdict still holds, with this note.")
@appearance_option
@as_option
def place(
    id: str, words: str, start: int | None, holds: str | None, appearance: str | None, email: str | None
) -> None:
    """Say on which WORDS of the current text CLAIM stands.

    Offsets count characters (code points) of that text; `waiting` tells them.
    """
    if holds is not None and not holds.strip():
        raise click.BadParameter("this can't be left empty: say why, in words.", param_hint="--holds")
    with opened() as (settings, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        at = meant(session, claim.id, appearance)
        revision = current_text(session, at)
        first, last = in_text(revision.text, words, start=start)
        exact = revision.text[first:last]
        if holds is None:
            done = service.place(
                session, at.id, by=by, version=at.version, start=first, end=last, exact=exact,
                revision_id=revision.id,
            )  # fmt: skip
            notes = done.notes
        else:
            policy, notes = Policy(settings.signatures, settings.min_evidence), []
            service.holds(
                session, at.id, by=by, version=at.version, claim_version=claim.version, policy=policy,
                note=holds, start=first, end=last, exact=exact, revision_id=revision.id,
            )  # fmt: skip
        say(f"It stands on “{_line(exact)}”, characters {first} to {last}; the claim is {claim.status}.")
        for note in notes:
            say(note, err=True)


@click.command()
@click.argument("id", metavar="CLAIM")
@appearance_option
@as_option
def cut(id: str, appearance: str | None, email: str | None) -> None:
    """Confirm that the words of CLAIM are gone; `uncut` takes it back."""
    with opened() as (_, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        at = meant(session, claim.id, appearance)
        service.cut(session, at.id, by=by, version=at.version)
        say(f"Marked as cut: “{_line(at.exact)}”; the claim is {claim.status}.")


@click.command()
@click.argument("id", metavar="CLAIM")
@appearance_option
@as_option
def uncut(id: str, appearance: str | None, email: str | None) -> None:
    """Take back that the words of CLAIM were cut: they wait again."""
    with opened() as (_, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        at = meant(session, claim.id, appearance, cut=True)
        service.stands_again(session, at.id, by=by, version=at.version)
        say(f"They wait again: “{_line(at.exact)}”; the claim is {claim.status}.")


def meant(session: Session, claim_id: str, appearance: str | None, *, cut: bool = False) -> Appearance:
    """The place of a claim that is meant: the one named, or the only one that waits (or was cut)."""
    there = store.appearances(session, claim_id)
    if appearance is not None:
        named = [at for at in there if at.id == id_of(appearance, "appearance")]
        if not named:
            raise Invalid(f"--appearance: claim {claim_id} has no such place. {_places(there)}")
        return named[0]
    fitting = [at for at in there if (at.cut_at is not None if cut else digests.waits(at))]
    if not fitting and cut:
        raise Conflict("None of its words were marked as cut.")
    chosen = fitting or there
    if not chosen:
        raise Conflict("This claim stands nowhere.")
    if len(chosen) > 1:
        raise Invalid(f"It has several places: say --appearance ID. {_places(chosen)}")
    return chosen[0]


def _places(there: Sequence[Appearance]) -> str:
    told = (f"{at.id} “{_line(at.exact)[:60]}” in article {at.article_id}" for at in there[:_SHOWN])
    return f"Its places: {'; '.join(told)}."


def current_text(session: Session, at: Appearance) -> Revision:
    """The current text of an appearance's article."""
    article = records.get(session, Article, at.article_id)
    return records.get(session, Revision, article.revision_id)


def in_text(
    text: str, words: str, *, start: int | None = None, over: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Where the one place of these words is in a text, white space aside; Invalid tells of all others.

    `start` says which, where they stand several times; `over`, what they must have characters of.
    """
    wanted = unicodedata.normalize("NFC", words).split()
    if not wanted:
        raise Invalid("WORDS: give the words as the article has them.")
    pattern = re.compile(r"\s+".join(map(re.escape, wanted)))
    found = [match.span() for match in pattern.finditer(text)]
    shown = " ".join(wanted)[:80]
    if not found:
        raise Invalid(f"WORDS: “{shown}” does not stand in the current text: give them as it has them.")
    if over is not None:
        found = [span for span in found if span[0] < over[1] and span[1] > over[0]]
        if not found:
            raise Invalid(f"WORDS: “{shown}” has none of the claim's words.")
    if start is not None:
        there = [span for span in found if span[0] == start]
        if not there:
            raise Invalid(f"--start: “{shown}” does not begin at {start}. {_found(text, found)}")
        return there[0]
    if len(found) > 1:
        which = "say --start" if over is None else "give more of the words beside them"
        raise Invalid(f"WORDS: “{shown}” stands {len(found)} times: {which}. {_found(text, found)}")
    return found[0]


def _found(text: str, spans: Sequence[tuple[int, int]]) -> str:
    told = [f"at {start}: {_around(text, start, end)}" for start, end in spans[:_SHOWN]]
    return "It stands " + "; ".join(told) + (" and further on." if len(spans) > _SHOWN else ".")
