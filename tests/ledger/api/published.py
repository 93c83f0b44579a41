"""A ledger with one article whose report is open and one whose is not, for tests of others' formats."""

from dataclasses import dataclass

from ledger.db import Database
from ledger.models import Article, Claim
from ledger.services import articles, reports
from tests.conftest import People
from tests.factories import make_article, make_claim, make_verdict

PRIVATE = (
    "School lunches\n\nThe city served 9000 lunches in May, said The Lunch Board 🍎. It had planned 800.\n"
)


@dataclass
class World:
    """`checked` is settled and public, `open` unchecked and public, `secret` settled and not public."""

    database: Database
    people: People
    article: Article
    checked: Claim
    open: Claim
    private: Article
    secret: Claim


def make_world(database: Database, people: People) -> World:
    """The open article has a checked claim, an open one and guesses; the other one a checked claim."""
    public = make_article(database, people.reviewer, language="en")
    checked, _ = make_verdict(
        database, people.reviewer, people.editor, make_claim(database, people.reviewer), "refuted"
    )
    unchecked = make_claim(database, people.reviewer, "12 towns")
    private = make_article(database, people.reviewer, PRIVATE)
    secret, _ = make_verdict(
        database,
        people.reviewer,
        people.editor,
        make_claim(database, people.reviewer, "9000 lunches", PRIVATE, claimant="The Lunch Board"),
    )
    describe(database, people, public, url="https://news.example/bridge", published="2026-11-20")
    describe(database, people, private, url="https://www.food.example/lunches/", publisher="The Lunch Board")
    publish(database, people, public)
    return World(database, people, public, checked, unchecked, private, secret)


def describe(database: Database, people: People, article: Article, **details: str) -> None:
    """Say more about an article."""
    with database.write() as session:
        version = session.get_one(Article, article.id).version
        articles.describe(session, article.id, by=people.editor, version=version, details=details)


def publish(database: Database, people: People, article: Article) -> None:
    """Open an article's report."""
    editor = people.editor
    with database.write() as session:
        version = session.get_one(Article, article.id).version
        reports.publish(session, article.id, by=editor, version=version)
