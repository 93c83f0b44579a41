"""Articles and their revisions."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from ledger.models.base import Record, id_field, json, link, moment, one_of

QUOTED_WORDS = "text/vnd.claim-ledger.quoted-words"
"""The media type of an article whose text nobody has: the words that an import quotes stand for it."""


class Article(Record, table=True):
    """A text under check; what it says stands in its revisions."""

    __tablename__ = "article"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["id", "revision_id"],
            ["revision.article_id", "revision.id"],
            name="fk_article_revision",
            use_alter=True,
            deferrable=True,
            initially="DEFERRED",
        ),
        one_of("source", ("text", "file", "url")),
        one_of("direction", ("ltr", "rtl")),
        sa.CheckConstraint("watch_minutes IN (15, 60, 360, 1440, 10080)", name="watch_minutes_known"),
        sa.CheckConstraint("version >= 1", name="version_positive"),
        sa.CheckConstraint("length(first_sha256) = 64", name="sha256_length"),
        sa.Index("ix_article_created_at", "created_at", "id"),
        sa.Index("ix_article_url", "url"),
        sa.Index("ix_article_desk_id", "desk_id"),
        sa.Index("ix_article_due_at", "due_at", "id"),
        sa.Index(
            "ix_article_tagged",
            "id",
            sqlite_where=sa.text("tags IS NOT NULL"),
            postgresql_where=sa.text("tags IS NOT NULL"),
        ),
        sa.Index(
            "ix_article_watched",
            "id",
            sqlite_where=sa.text("watch_minutes IS NOT NULL"),
            postgresql_where=sa.text("watch_minutes IS NOT NULL"),
        ),
        sa.Index(
            "ix_article_report_since",
            "report_since",
            sqlite_where=sa.text("report_since IS NOT NULL"),
            postgresql_where=sa.text("report_since IS NOT NULL"),
        ),
    )

    id: str = id_field(description="The article's id; ids sort by time.")
    version: int = Field(default=1, description="Counts the changes of the article; edits name it.")
    title: str = Field(max_length=500, min_length=1, description="The headline.")
    byline: str | None = Field(default=None, max_length=300, description="Who wrote it, as printed.")
    publisher: str | None = Field(default=None, max_length=200, description="Who published it.")
    published: str | None = Field(
        default=None,
        max_length=40,
        description="When it was published, as precisely as known: 2026, 2026-11-23 or with a time.",
    )
    language: str | None = Field(
        default=None, max_length=35, description="Language tag (BCP 47), where known."
    )
    direction: str = Field(default="ltr", max_length=3, description="Writing direction: ltr or rtl.")
    url: str | None = Field(default=None, max_length=2000, description="The article's canonical address.")
    source: str = Field(max_length=10, description="How it came in: text, file or url.")
    filename: str | None = Field(
        default=None, max_length=255, description="Name of the file that it came from."
    )
    media_type: str = Field(max_length=100, description="Media type of what came in.")
    revision_id: str = Field(max_length=36, nullable=False, description="The revision that is current.")
    # None is the default desk, which the articles from before there were desks belong to.
    desk_id: str | None = link("desk.id", nullable=True, description="The desk that it belongs to.")
    # One text, one article: the database itself refuses a second one, whoever races.
    first_sha256: str = Field(max_length=64, unique=True, description="SHA-256 of the first revision's text.")
    due_at: datetime | None = moment(nullable=True, description="When its claims are to be cleared by.")
    tags: list[str] | None = json(nullable=True, default=None, description="Words that the desk sorts by.")
    report_since: datetime | None = moment(
        nullable=True, description="Since when anybody may read its report; none where nobody may."
    )
    watch_minutes: int | None = Field(
        default=None,
        description="Minutes between two looks for a new text at its address; null: none.",
    )
    created_at: datetime = moment(description="When it came in.")
    created_by: str | None = link("account.id", nullable=True, description="Who brought it in.")
    updated_at: datetime = moment(description="When it last changed.")


class Revision(Record, table=True):
    """One immutable text of an article: NFC, lines ended by line feeds, offsets in code points."""

    __tablename__ = "revision"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "number"),
        sa.UniqueConstraint("article_id", "id"),
        sa.CheckConstraint("number >= 1", name="number_positive"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256_length"),
        sa.CheckConstraint("length(text) = length", name="length_true"),
        sa.Index("ix_revision_sha256", "sha256"),
    )

    id: str = id_field(description="The revision's id.")
    article_id: str = link("article.id", description="The article.")
    number: int = Field(description="1 for the first, then 2, 3 …")
    text: str = Field(sa_type=sa.Text, description="The whole text.")
    length: int = Field(description="Length of the text in Unicode code points.")
    sha256: str = Field(max_length=64, description="SHA-256 of the text's UTF-8 bytes.")
    blocks: list[dict[str, Any]] = json(description="Parts of the text: kind, start, end.")
    source: str | None = Field(
        default=None, max_length=10, description="How a later text came in: text, file, url or watch."
    )
    note: str | None = Field(default=None, max_length=1000, description="What was said of it when it came.")
    fates: list[dict[str, Any]] | None = json(
        nullable=True, default=None, description="What became of each appearance when this text came."
    )
    created_at: datetime = moment(description="When it came in.")
    created_by: str | None = link("account.id", nullable=True, description="Who brought it in.")
