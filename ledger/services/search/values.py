"""Values that keys of a search may have: words of a list, ids, numbers."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from claims import Kind
from ledger.ids import is_id
from ledger.models import Claim, Status
from ledger.scales import all_scales
from ledger.services.search.asked import Odd
from ledger.store import search as store

WORTHS = {"high": (0.8, 1.01), "fair": (0.6, 0.8), "low": (0.4, 0.6)}


def one_of(value: str, known: Iterable[str]) -> str:
    there = list(known)
    if value.casefold() in there:
        return value.casefold()
    near = difflib.get_close_matches(value.casefold(), there, 1, 0.5)
    message = f"“{value}” is not known here." + (f" Did you mean “{near[0]}”?" if near else "")
    raise Odd(f"{message} There is: {', '.join(there)}.", near[0] if near else None)


def _chosen(known: Iterable[str]) -> Callable[[Sequence[str]], list[str]]:
    there = [str(one) for one in known]
    return lambda wanted: [one_of(value.replace(" ", "_"), there) for value in wanted]


statuses = _chosen(Status)
kinds = _chosen(Kind)


def codes(wanted: Sequence[str]) -> list[str]:
    known = {rating.code for scale in all_scales().values() for rating in scale.ratings}
    return _chosen([*sorted(known), store.NONE])(wanted)


def article_ids(wanted: Sequence[str]) -> list[str]:
    for value in wanted:
        if not is_id(value.casefold()):
            raise Odd("Write the article's id, as it stands at the end of its address.")
    return [value.casefold() for value in wanted]


def number(text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise Odd(
            f"“{text}” is no worth. Write a number from 0 to 1, such as >0.6, or high, fair, low, none."
        )
    return number


def worth(wanted: Sequence[str]) -> Any:
    score = col(Claim.score)
    found: list[Any] = []
    for value in wanted:
        word = value.casefold()
        low, dots, high = word.partition("..")
        if word == store.NONE:
            found.append(score.is_(None))
        elif word in WORTHS:
            found.append(sa.and_(score >= WORTHS[word][0], score < WORTHS[word][1]))
        elif dots:
            found.append(score.between(number(low), number(high)))
        elif word.startswith("<"):
            found.append(score < number(word[1:].removeprefix("=")))
        elif word.startswith(">="):
            found.append(score >= number(word[2:]))
        elif word.startswith(">"):
            found.append(score > number(word[1:]))
        else:
            found.append(score >= number(word))
    return sa.or_(*found)
