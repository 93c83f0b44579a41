"""Watches: an article's address is fetched again on a schedule, and another text is its next revision."""

from typing import Any

from flask import Response

from ledger.api.nouns import Noun
from ledger.api.replies import reply, reply_page
from ledger.auth.identity import Permission
from ledger.models import Article, Watch
from ledger.schemas.articles import ArticleOut
from ledger.schemas.common import Nothing, page_of
from ledger.schemas.watches import WatchIn, WatchOut, WatchQuery
from ledger.services import watches
from ledger.store import records
from ledger.store import watches as store
from ledger.web.context import identity, requires, session

bp = Noun("watches", __name__, about="Articles whose address is fetched again on a schedule.")


def _shown(article: Article, watch: Watch | None) -> dict[str, Any]:
    return {
        **(watch or Watch(article_id=article.id)).model_dump(),
        "title": article.title,
        "version": article.version,
        "url": article.url,
        "every": watches.word(article.watch_minutes),
        "under_way": watches.is_under_way(session(), article.id),
    }


def _whole(article: Article, *, status: int = 200) -> Response:
    watch = session().get(Watch, article.id)
    return reply(WatchOut, _shown(article, watch), status=status, version=article.version)


@bp.get("/watches")
@requires(Permission.READ)
@bp.arguments(WatchQuery, location="query")
@bp.answers(200, page_of(WatchOut), listed=True)
def list_watches(query: dict[str, Any]) -> Response:
    """List the articles that are watched, newest first"""
    found = store.every(session(), after=query.get("after"), limit=query["limit"] + 1)
    shown = found[: query["limit"]]
    following = shown[-1][0].id if len(found) > len(shown) else None
    return reply_page(WatchOut, [_shown(*one) for one in shown], following)


@bp.get("/articles/<id>/watch")
@requires(Permission.READ)
@bp.answers(200, WatchOut)
def show_watch(id: str) -> Response:
    """Show whether an article is watched, and how that goes"""
    return _whole(records.get(session(), Article, id))


@bp.put("/articles/<id>/watch")
@requires(Permission.ARTICLES)
@bp.edits(ArticleOut, Article)
@bp.arguments(WatchIn, example={"every": "hour"})
@bp.answers(200, WatchOut)
def set_watch(body: dict[str, Any], id: str, version: int) -> Response:
    """Have an article's address fetched again every so often, or not any more

    Another text becomes the article's next revision, as if a person had brought it in. Sites are asked
    politely: by ETag and Last-Modified, as their robots.txt has it, and ever more rarely after failures.
    """
    return _whole(watches.set_(session(), id, by=identity(), version=version, **body))


@bp.post("/articles/<id>/watch/look")
@requires(Permission.ARTICLES)
@bp.arguments(Nothing, required=False)
@bp.answers(202, WatchOut)
def look_at_watched(_body: dict[str, Any], id: str) -> Response:
    """Fetch a watched article's address again now

    In the background, and when its site may be asked.
    """
    watches.ask(session(), id, by=identity())
    return _whole(records.get(session(), Article, id), status=202)
