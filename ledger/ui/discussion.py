"""A claim's discussion as a page shows it: who said what, with the people who are named marked in it."""

from sqlmodel import Session

from claims.values import dataclass
from ledger.auth.identity import Identity, Permission
from ledger.models import Comment
from ledger.services import comments
from ledger.services.mentions import Found
from ledger.store import claims as claims_store
from ledger.store import comments as store


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words of a comment; `names` is the account that they name."""

    words: str
    names: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One comment, what the one who looks may do with it, and its words cut where people are named."""

    comment: Comment
    name: str
    resolver: str | None
    stretches: tuple[Stretch, ...]
    may_edit: bool
    may_remove: bool


def of_claim(session: Session, claim_id: str, me: Identity) -> list[Said]:
    """What is said about a claim, oldest first."""
    return shown(session, store.of_claim(session, claim_id), me)


def shown(session: Session, found: list[Comment], me: Identity) -> list[Said]:
    """These comments as a page shows them."""
    names = claims_store.names(session, {id for c in found for id in (c.added_by, c.resolved_by)})
    named_in = comments.namer(session, found)
    may = me.may(Permission.CLAIMS)
    return [
        Said(
            comment=one,
            name=names.get(one.added_by, "Somebody"),
            resolver=names.get(one.resolved_by or ""),
            stretches=cut(one.text, named_in(one)),
            may_edit=may and one.added_by == me.account_id,
            may_remove=may and (one.added_by == me.account_id or me.may(Permission.WITHDRAW)),
        )
        for one in found
    ]


def cut(text: str, found: Found) -> tuple[Stretch, ...]:
    """`text` in stretches, those that name somebody apart."""
    stretches, at = [], 0
    for mention in found.mentions:
        stretches += [
            Stretch(text[at : mention.start]),
            Stretch(text[mention.start : mention.end], mention.account_id),
        ]
        at = mention.end
    return tuple(one for one in (*stretches, Stretch(text[at:])) if one.words)
