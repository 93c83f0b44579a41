"""ledger claim propose, sign, rate, decide, send-back: verdicts, from a terminal."""

from collections.abc import Iterator

import click
from sqlmodel import Session

from ledger.cli.naming import as_option, claim_of, words_option
from ledger.cli.opening import opened
from ledger.cli.output import say
from ledger.cli.people import acting
from ledger.errors import Conflict, Invalid
from ledger.models import Claim, Verdict
from ledger.services import blind, verdicts
from ledger.services.policies import Policy
from ledger.settings import Settings
from ledger.store import claims as store

_SHORTEST = 12
claim_argument = click.argument("id", metavar="CLAIM")
digest_option = click.option(
    "--digest",
    metavar="DIGEST",
    help="The digest of what you read, or its first 12 characters. Without it, what waits is only shown.",
)
rating_option = click.option(
    "--rating", "code", required=True, metavar="CODE", help="The rating's code on its scale."
)
label_option = click.option("--label", metavar="TEXT", help="The rating in words, on a scale that has none.")


def _policy(settings: Settings) -> Policy:
    return Policy(settings.signatures, settings.min_evidence)


def _waiting(session: Session, claim: Claim) -> Verdict:
    found = verdicts.proposal(session, claim)
    if found is None:
        raise Conflict(f"No verdict of claim {claim.id} waits: it is {claim.status}.")
    return found


def _seen(verdict: Verdict, digest: str) -> str:
    """The digest that somebody means: nobody signs what they have not seen."""
    given = digest.strip().lower()
    if len(given) < _SHORTEST or not verdict.digest.startswith(given):
        raise Invalid(
            "This is not the digest of what waits; read it again, and give at least 12 characters of it.",
            field="digest",
        )
    return verdict.digest


def _shown(session: Session, claim: Claim, verdict: Verdict) -> Iterator[str]:
    yield claim.statement
    for place in store.appearances(session, claim.id):
        yield f"  in the text: “{' '.join(place.exact.split())}”"
    yield f"  rated: {verdict.label}"
    yield f"  because: {verdict.rationale}"
    for piece in store.evidence(session, claim.id):
        if piece.withdrawn_at is None:
            quote = f": “{' '.join(piece.quote.split())}”" if piece.quote else ""
            yield f"  {piece.stance} {piece.url}{quote}"
    yield f"  digest: {verdict.digest}"


@click.command()
@claim_argument
@rating_option
@words_option("--rationale", "The reasoning, for the reader.")
@click.option("--scale", default="ledger", show_default=True, help="The scale that the rating is on.")
@label_option
@as_option
def propose(id: str, code: str, rationale: str, scale: str, label: str | None, email: str | None) -> None:
    """Propose a rating of CLAIM with its reasoning."""
    with opened() as (settings, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        made = verdicts.propose(
            session, claim.id, by=by, version=claim.version, code=code, rationale=rationale,
            policy=_policy(settings), scale=scale, label=label,
        )  # fmt: skip
        sealed = " It is sealed until the second reader has rated too." if made.sealed else ""
        say(f"Proposed; it waits for the second reader.{sealed} Digest: {made.digest}")


@click.command()
@claim_argument
@digest_option
@click.option("--note", metavar="TEXT", help="A note with the signature.")
@click.option("--correction", metavar="TEXT", help="For readers: why they were told something else before.")
@click.option("--override", is_flag=True, help="Sign alone what the same editor proposed; wants a note.")
@as_option
def sign(
    id: str, digest: str | None, note: str | None, correction: str | None, override: bool, email: str | None
) -> None:
    """Sign the verdict on CLAIM that waits, and so settle it.

    Without --digest it is shown, with the digest to sign.
    """
    with opened() as (settings, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        waits = _waiting(session, claim)
        if digest is None:
            for line in _shown(session, claim, waits):
                say(line)
            return
        verdicts.sign(
            session, waits.id, by=by, digest_seen=_seen(waits, digest), policy=_policy(settings), note=note,
            override=override, correction=correction,
        )  # fmt: skip
        say(f"Signed; the claim is {claim.status}.")


@click.command("send-back")
@claim_argument
@words_option("--reason", "What is to be mended.")
@click.option("--rating", "code", metavar="CODE", help="The rating that you would give instead.")
@as_option
def send_back(id: str, reason: str, code: str | None, email: str | None) -> None:
    """Send the verdict on CLAIM that waits back to who proposed it."""
    with opened() as (_, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        verdicts.send_back(session, _waiting(session, claim).id, by=by, reason=reason, code=code)
        say(f"Sent back; the claim is {claim.status}.")


@click.command()
@claim_argument
@rating_option
@words_option("--rationale", "The reasoning, for the reader.")
@digest_option
@label_option
@as_option
def rate(
    id: str, code: str, rationale: str, digest: str | None, label: str | None, email: str | None
) -> None:
    """Rate CLAIM blind, as the second reader; both ratings are shown then.

    Without --digest the claim and its evidence are shown, with the digest to name.
    """
    with opened() as (settings, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        waits = _waiting(session, claim)
        if digest is None:
            for line in _shown(session, claim, waits):
                say(line)
            return
        rated = blind.rate(
            session, waits.id, by=by, digest_seen=_seen(waits, digest), policy=_policy(settings), code=code,
            rationale=rationale, label=label,
        )  # fmt: skip
        then = "an editor decides." if rated.parted else f"sign it with its digest now: {rated.digest}"
        say(f"The first reader: {rated.label}. {rated.rationale}")
        say(f"You {'differ' if rated.parted else 'agree'}; {then}")


@click.command()
@claim_argument
@click.option("--for", "choose", required=True, type=click.Choice(["first", "second"]), help="Which reader.")
@words_option("--note", "Why. Readers are told, where they were told otherwise.")
@digest_option
@as_option
def decide(id: str, choose: str, note: str, digest: str | None, email: str | None) -> None:
    """Decide on CLAIM between two readers who differ, as an editor who is neither.

    Without --digest both ratings are shown, with the digest to name.
    """
    with opened() as (settings, database), database.write() as session:
        by, claim = acting(session, email), claim_of(session, id)
        waits = _waiting(session, claim)
        if digest is None:
            say(f"The second reader: {waits.second_label}. {waits.second_rationale}")
            for line in _shown(session, claim, waits):
                say(line)
            return
        blind.decide(
            session, waits.id, by=by, digest_seen=_seen(waits, digest), policy=_policy(settings),
            choose=choose, note=note,
        )  # fmt: skip
        say(f"Decided; the claim is {claim.status}.")
