"""Watches: an article's address is fetched again on a schedule, and another text becomes its next revision.

That an article is watched, and how often, stands in the log; how the watch does, beside it. A page that has
next to nothing of the article's words, such as a consent page or another article, is not taken for its new
text: a person has to look.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from ledger import clock
from ledger.adapters.fetch import Fetched, Validators
from ledger.adapters.polite import Later, Polite
from ledger.auth.identity import SYSTEM, Identity, Permission
from ledger.db import Database
from ledger.errors import Conflict, FetchFailed, Invalid, LedgerError
from ledger.models import Article, JobState, Watch, WatchOutcome
from ledger.models.articles import QUOTED_WORDS
from ledger.services import articles, events, revisions
from ledger.services.changes import edit, expect
from ledger.services.liveness import keep_validators
from ledger.store import articles as articles_store
from ledger.store import jobs, records
from ledger.store import watches as store

WATCH_JOB = "refetch-article"
EVERY = {"15m": 15, "hour": 60, "6h": 360, "day": 1440, "week": 10080}
"""How often an address may be fetched again: the word for it, and its minutes."""
LIKE = 0.25
"""The part of the current text's words that a page must have to be taken for its next text."""
_DAY = 1440


def word(minutes: int | None) -> str:
    """The word for so many minutes; `off` for none."""
    return next((name for name, value in EVERY.items() if value == minutes), "off")


def minutes_of(every: Any) -> int | None:
    """Minutes of such a word, None for `off`. Raises Invalid for another."""
    if every == "off":
        return None
    if not isinstance(every, str) or every not in EVERY:
        raise Invalid(f"Choose one of: {', '.join([*EVERY, 'off'])}.", field="every")
    return EVERY[every]


def set_(session: Session, article_id: str, *, by: Identity, version: int | None, every: Any) -> Article:
    """Have an article's address fetched again every so often, or (`off`) not any more."""
    by.require(Permission.ARTICLES)
    article = records.get(session, Article, article_id)
    expect(article, version)
    minutes = minutes_of(every)
    if minutes is not None:
        _watchable(article)
    with edit(article) as changed:
        article.watch_minutes = minutes
    if changed():
        _plan(session, article, first=timedelta(minutes=minutes or 0))
        kind = "article.watched" if minutes else "article.unwatched"
        events.append(session, article, kind, by=by)
    return article


def _watchable(article: Article) -> None:
    if article.url is None:
        raise Conflict("This article has no address to be fetched from: add one first.", field="url")
    if article.media_type == QUOTED_WORDS:
        raise Conflict(
            "Of this article only quoted words are known: bring its text in first, then it can be watched.",
            field="url",
        )


def _plan(session: Session, article: Article, *, first: timedelta) -> Watch:
    watch = session.get(Watch, article.id)
    if watch is None:
        watch = Watch(article_id=article.id)
        session.add(watch)
    watch.due_at = clock.now() + first if article.watch_minutes else None
    watch.failures = 0
    return watch


def plan(database: Database, *, most: int = 200) -> int:
    """Begin the watches that nobody began, as in a ledger that was rebuilt; gives how many."""
    with database.read() as session:
        if not store.unplanned(session, 1):
            return 0
    with database.write() as session:
        found = store.unplanned(session, most)
        for article in found:
            _plan(session, article, first=timedelta(0))
    return len(found)


def ask(session: Session, article_id: str, *, by: Identity) -> Watch:
    """Have a watched article's address fetched now, by a job."""
    by.require(Permission.ARTICLES)
    article = records.get(session, Article, article_id)
    _watchable(article)
    if article.watch_minutes is None:
        raise Conflict("This article is not watched; say first how often it is to be.", field="every")
    watch = session.get(Watch, article.id) or _plan(session, article, first=timedelta(0))
    if not is_under_way(session, article.id):
        jobs.add(session, WATCH_JOB, about=article.id, article_id=article.id)
        session.flush()
    return watch


def is_under_way(session: Session, article_id: str) -> bool:
    """Whether a job fetches it now, or is about to."""
    job = jobs.newest_about(session, WATCH_JOB, article_id)
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


# ------------------------------------------------------------------------------------- fetching


def run(
    database: Database, polite: Polite, article_id: str, *, reading: dict[str, Any]
) -> dict[str, Any] | None:
    """Fetch a watched article again; another text is its next revision. None where it is not watched.

    `reading` is what `articles.prepare` is told. The fetch and the search for claims and places stand between
    two short transactions; doing it twice does no harm, as the same text again is no revision.
    """
    with database.read() as session:
        article = records.get(session, Article, article_id)
        watch = session.get(Watch, article_id)
        text = articles_store.current_revision(session, article).text
        before = article.revision_id
    if article.watch_minutes is None or article.url is None or watch is None:
        with database.write() as session:
            # Turned off meanwhile, or by undoing.
            if (left := session.get(Watch, article_id)) is not None:
                left.due_at = None
        return None
    try:
        page = polite.again(article.url, _known(watch))
        if page is None:
            return _ended(database, article_id, WatchOutcome.SAME)
        draft = articles.prepare(
            page.body,
            media_type=page.media_type,
            encoding=page.encoding,
            url=page.url,
            source="watch",
            **reading,
        )
    except Later as later:
        with database.write() as session:
            session.get_one(Watch, article_id).due_at = later.at
        return {"later": later.at.isoformat()}
    except LedgerError as error:
        return _ended(database, article_id, WatchOutcome.FAILED, problem=_why(error))
    if likeness(text, draft.document.text) < LIKE:
        problem = (
            "What stands there now has hardly any of the article’s words. Look at it, and bring the text in "
            "yourself if it is the right one."
        )
        return _ended(database, article_id, WatchOutcome.UNLIKE, problem=problem, page=page)
    with database.read() as session:
        # It takes long in a long text, and is remembered for the transaction.
        revisions.preview(session, article_id, draft)
    return _ended(database, article_id, WatchOutcome.SAME, page=page, draft=draft, before=before)


def likeness(old: str, new: str) -> float:
    """The part of the words of `old` that `new` has too, 0 to 1."""
    before, after = Counter(old.split()), Counter(new.split())
    return sum((before & after).values()) / max(1, sum(before.values()))


def _known(watch: Watch) -> Validators | None:
    return Validators(watch.answered_url, watch.etag, watch.modified) if watch.answered_url else None


def _why(error: LedgerError) -> str:
    if isinstance(error, FetchFailed):
        return error.message
    return f"The page can’t be read: {error.message}"


def _ended(
    database: Database,
    article_id: str,
    outcome: WatchOutcome,
    *,
    problem: str | None = None,
    page: Fetched | None = None,
    draft: articles.Draft | None = None,
    before: str | None = None,
) -> dict[str, Any]:
    """Write down what came of it; a new text comes in, in the same transaction, if none came meanwhile."""
    with database.write() as session:
        watch, article = session.get_one(Watch, article_id), records.get(session, Article, article_id)
        if draft is not None and article.revision_id != before:
            # Whoever brought a text in meanwhile knows it better; the next look compares with theirs.
            page = None
        elif draft is not None:
            added = revisions.add(session, article_id, draft, by=SYSTEM, source="watch")
            if added.created:
                outcome, watch.revision_id = WatchOutcome.REVISED, added.revision.id
        if page is not None and outcome is not WatchOutcome.UNLIKE:
            keep_validators(watch, page)
        watch.checked_at, watch.outcome = clock.now(), outcome
        watch.problem = problem[:500] if problem else None
        watch.failures = watch.failures + 1 if outcome is WatchOutcome.FAILED else 0
        watch.due_at = _next(article, watch)
        return {"outcome": str(outcome), "problem": watch.problem, "revision": watch.revision_id}


def _next(article: Article, watch: Watch) -> datetime | None:
    """After failures ever later, but once a day at least, or as often as was asked for."""
    if article.watch_minutes is None:
        return None
    longest = max(_DAY, article.watch_minutes)
    minutes = min(longest, article.watch_minutes * 2 ** min(watch.failures, 10))
    return clock.now() + timedelta(minutes=minutes)
