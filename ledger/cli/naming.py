"""What people name to a command: records by their ids, words by themselves, and the reasons they give."""

import re
from collections.abc import Callable
from typing import Any

import click
from sqlmodel import Session

from ledger.errors import Conflict
from ledger.models import Claim
from ledger.store import records

_ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"

as_option = click.option(
    "--as", "email", metavar="EMAIL", help="In whose name; by default the first administrator's."
)
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, in the form that the API gives.")


def id_of(text: str, noun: str) -> str:
    """The id in an id of either case, or in an address of such a record; else what was given."""
    plain = text.strip().lower()
    found = re.search(rf"{noun}s?[/=-]({_ID})", plain) or re.search(f"({_ID})", plain)
    return found[1] if found else plain


def claim_of(session: Session, given: str) -> Claim:
    """The claim that is named; Conflict names the one to work on where it was merged."""
    claim = records.get(session, Claim, id_of(given, "claim"))
    if claim.merged_into is not None:
        raise Conflict(f"Claim {claim.id} was merged into {claim.merged_into}: name that one.")
    return claim


def words_option(name: str, about: str) -> Callable[[Any], Any]:
    """An option that takes a person's words and can't be left out or empty."""
    return click.option(name, required=True, callback=_not_empty, metavar="TEXT", help=about)


def _not_empty(_ctx: click.Context, _parameter: click.Parameter, text: str | None) -> str | None:
    if text is not None and not text.strip():
        raise click.BadParameter("this can't be left empty: say why, in words.")
    return text
