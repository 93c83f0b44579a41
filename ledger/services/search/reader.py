"""Reading a search: what each of its terms means, as conditions on claims or on articles."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from ledger import clock, fulltext
from ledger.auth.identity import Identity
from ledger.models import DEFAULT_DESK, Article, Claim
from ledger.services.search.asked import Odd, Search, Trouble
from ledger.services.search.names import Names
from ledger.services.search.times import Times
from ledger.services.search.values import article_ids, codes, kinds, one_of, statuses, worth
from ledger.services.terms import LONGEST, MOST, Term, parsed, written
from ledger.store import search as store
from ledger.store.search import Condition

Meaning = Callable[["Reader", Sequence[str]], Any]


class Reader:
    """Gives terms their meaning; looks up who and what there is once, and only what is asked for."""

    def __init__(
        self, session: Session, text: str, *, by: Identity, zone: str | None, now: datetime | None
    ) -> None:
        self.session = session
        self.names = Names(session, by)
        self.times = Times(zone, now or clock.now())
        self.sqlite = session.get_bind().dialect.name == "sqlite"
        self._text = text

    def search(
        self,
        lists: str,
        keys: Mapping[str, Meaning],
        orders: Sequence[str],
    ) -> Search:
        terms = parsed(self._text)
        search = Search(lists, written(terms), terms, orders[0])
        if len(self._text) > LONGEST or len(terms) == MOST:
            search.troubles.append(
                Trouble("", f"Only the first {LONGEST:,} characters and {MOST} terms are searched for.")
            )
        for term in terms:
            try:
                self._read(term, search, keys, orders)
            except Odd as odd:
                search.troubles.append(Trouble(str(term), odd.message, _mended(terms, term, odd)))
        return search

    def _read(
        self,
        term: Term,
        search: Search,
        keys: Mapping[str, Meaning],
        orders: Sequence[str],
    ) -> None:
        if term.key == "sort":
            search.order = one_of(term.values[0], orders) if term.values else search.order
        elif term.key == "below":
            search.below = bool(term.values) and one_of(term.values[0], ("yes", "no")) == "yes"
        elif term.key == "dismissed" and search.lists == "claims":
            search.dismissed = bool(term.values) and one_of(term.values[0], ("yes", "no")) == "yes"
        elif not term.key:
            self._add_words(search, term)
        elif term.key not in keys:
            near = difflib.get_close_matches(term.key, [*keys, "sort"], 1, 0.5)
            hint = f"Did you mean “{near[0]}:”? " if near else ""
            raise Odd(
                f"There is no “{term.key}:” here. {hint}To look for these very words, put them in quotation "
                "marks.",
                f"{near[0]}:" if near else None,
            )
        elif term.values:
            self._add(search, term, keys[term.key](self, term.values))
            if term.key == "status" and search.lists == "claims" and not term.out:
                search.statuses = statuses(term.values)

    def _add_words(self, search: Search, term: Term) -> None:
        if search.lists == "articles":
            self._add(search, term, store.article_words(term.values[0]))
            return
        phrase = fulltext.phrase(term.values[0])
        if phrase is None:
            raise Odd(f"There is no letter or figure in “{term.values[0]}” to look for.")
        if term.out:
            self._add(search, term, fulltext.holds(phrase, col(Claim.id)))
        else:
            search.phrases.append(phrase)

    def _add(self, search: Search, term: Term, where: Any) -> None:
        # What is neither so nor not so, as an unknown publisher, is not so.
        holds = sa.not_(sa.func.coalesce(where, sa.false())) if term.out else where
        search.conditions.append(Condition(term.key, holds, term.out))


def _mended(terms: Sequence[Term], odd: Term, why: Odd) -> str | None:
    if why.instead is None:
        return None
    if why.instead.endswith(":"):
        better = Term(why.instead[:-1], odd.values, odd.out)
    elif len(odd.values) == 1:
        better = Term(odd.key, (why.instead,), odd.out)
    else:
        return None
    return written(better if term is odd else term for term in terms)


def _desk_of(ids: Sequence[str]) -> Any:
    return store.any_of(col(Article.desk_id), [None if id == DEFAULT_DESK else id for id in ids])


CLAIM_MEANINGS: dict[str, Meaning] = {
    "status": lambda _, wanted: col(Claim.status).in_(statuses(wanted)),
    "kind": lambda _, wanted: col(Claim.kind).in_(kinds(wanted)),
    "verdict": lambda _, wanted: store.rated(codes(wanted)),
    "by": lambda r, wanted: store.worked_on_by(r.names.people(wanted)),
    "assignee": lambda r, wanted: store.had_by(r.names.people(wanted)),
    "proposer": lambda r, wanted: store.proposed_by(r.names.people(wanted)),
    "signer": lambda r, wanted: store.signed_by(r.names.people(wanted)),
    "publisher": lambda r, wanted: store.in_articles(
        store.any_of(col(Article.publisher), r.names.publishers(wanted))
    ),
    "tag": lambda r, wanted: store.claim_tagged(r.names.tags(wanted), r.sqlite),
    "desk": lambda r, wanted: store.in_articles(_desk_of(r.names.desk(wanted))),
    "due": lambda r, wanted: r.times.due(
        wanted, store.claim_overdue(r.times.now), store.no_claim_due(), store.in_articles
    ),
    "age": lambda r, wanted: r.times.when(col(Claim.created_at), wanted),
    "changed": lambda r, wanted: r.times.when(col(Claim.updated_at), wanted),
    "worth": lambda _, wanted: worth(wanted),
    "article": lambda _, wanted: store.in_articles(col(Article.id).in_(article_ids(wanted))),
}

ARTICLE_MEANINGS: dict[str, Meaning] = {
    "status": lambda _, wanted: store.with_claims(col(Claim.status).in_(statuses(wanted))),
    "state": lambda r, wanted: sa.or_(
        *(store.states(r.session)[one_of(value, store.states(r.session))] for value in wanted)
    ),
    "assignee": lambda r, wanted: store.with_claims(
        sa.and_(store.had_by(r.names.people(wanted)), col(Claim.status).in_(store.OPEN))
    ),
    "by": lambda r, wanted: store.with_claims(store.worked_on_by(r.names.people(wanted))),
    "publisher": lambda r, wanted: store.any_of(col(Article.publisher), r.names.publishers(wanted)),
    "tag": lambda r, wanted: store.article_tagged(r.names.tags(wanted), r.sqlite),
    "desk": lambda r, wanted: _desk_of(r.names.desk(wanted)),
    "due": lambda r, wanted: r.times.due(
        wanted,
        store.article_overdue(r.session, r.times.now),
        col(Article.due_at).is_(None),
        lambda where: where,
    ),
    "age": lambda r, wanted: r.times.when(col(Article.created_at), wanted),
    "changed": lambda r, wanted: r.times.when(col(Article.updated_at), wanted),
    "article": lambda _, wanted: col(Article.id).in_(article_ids(wanted)),
}
CLAIM_KEYS = (*CLAIM_MEANINGS, "below", "dismissed", "sort")
ARTICLE_KEYS = (*ARTICLE_MEANINGS, "sort")
