"""ledger claim split, merge: two or more claims of one, and one of two."""

from collections.abc import Sequence

import click
from sqlmodel import Session

from ledger.cli.naming import as_option, claim_of
from ledger.cli.opening import opened
from ledger.cli.output import say
from ledger.cli.people import acting
from ledger.cli.placing import appearance_option, current_text, in_text, meant
from ledger.errors import Conflict, Invalid
from ledger.models import Claim
from ledger.services import spans as service
from ledger.services.spans import Holding, Outcome, Part, Preview, Words


@click.command()
@click.argument("id", metavar="CLAIM")
@click.argument("words", nargs=-1, required=True, metavar="WORDS WORDS…")
@click.option(
    "--statement",
    "statements",
    multiple=True,
    metavar="TEXT",
    help="A part put so that it can be read alone; say it once for each part, in order.",
)
@appearance_option
@click.option("--dry-run", is_flag=True, help="Only tell what would be.")
@as_option
def split(
    id: str,
    words: tuple[str, ...],
    statements: tuple[str, ...],
    appearance: str | None,
    dry_run: bool,
    email: str | None,
) -> None:
    """Make two or more claims of CLAIM, each on its WORDS.

    The first keeps the entry. WORDS are of the article's current text, and overlap the claim's. Evidence
    bears on all of them. Prints each with its id, the entry first.
    """
    if statements and len(statements) != len(words):
        raise Invalid("--statement: say it for each of the WORDS, in their order, or not at all.")
    with opened() as (_, database):
        if dry_run:
            with database.read() as session:
                by, claim = acting(session, email), claim_of(session, id)
                parts, where = _parts(session, claim, words, statements, appearance)
                _tell(service.preview_split(session, claim.id, parts, by=by, place=where))
            return
        with database.write() as session:
            by, claim = acting(session, email), claim_of(session, id)
            parts, where = _parts(session, claim, words, statements, appearance)
            _tell(service.split(session, claim.id, parts, by=by, version=claim.version, place=where))


def _parts(
    session: Session, claim: Claim, words: Sequence[str], statements: Sequence[str], appearance: str | None
) -> tuple[list[Part], Words]:
    at = meant(session, claim.id, appearance)
    revision = current_text(session, at)
    if at.revision_id != revision.id:
        raise Conflict(
            "The claim stands in an older text: say first where it stands now, by `ledger claim place`."
        )
    text = revision.text
    spans = [in_text(text, one, over=(at.start, at.end)) for one in words]
    said: Sequence[str | None] = statements or [None] * len(words)
    parts = [
        Part(start=start, end=end, exact=text[start:end], statement=statement)
        for (start, end), statement in zip(spans, said, strict=True)
    ]
    return parts, Words(start=0, end=0, appearance_id=at.id)


@click.command()
@click.argument("id", metavar="CLAIM")
@click.argument("other", metavar="OTHER")
@click.option("--dry-run", is_flag=True, help="Only tell what would be.")
@as_option
def merge(id: str, other: str, dry_run: bool, email: str | None) -> None:
    """Take the claim OTHER into CLAIM.

    Its places, evidence and discussion come with it; look-ups of OTHER then answer with CLAIM.
    """
    with opened() as (_, database):
        if dry_run:
            with database.read() as session:
                by, stays, goes = acting(session, email), claim_of(session, id), claim_of(session, other)
                _tell(service.preview_merge(session, stays.id, goes.id, by=by))
            return
        with database.write() as session:
            by, stays, goes = acting(session, email), claim_of(session, id), claim_of(session, other)
            done = service.merge(
                session, stays.id, goes.id, by=by, version=stays.version, other_version=goes.version
            )
            _tell(done)


def _tell(done: Outcome | Preview) -> None:
    for one in done.after:
        say(f"{_name(one, done)}  {one.claim.status}  {one.claim.statement}")
        for at in one.places:
            say(f"    {at.start}–{at.end} “{' '.join(at.exact.split())}” in article {at.article_id}")
    for note in done.notes:
        say(note, err=True)


def _name(one: Holding, done: Outcome | Preview) -> str:
    return "(a new claim)" if one.new and isinstance(done, Preview) else one.claim.id
