"""New texts of articles, and what became of claims: what is asked, and what goes out."""

import marshmallow as ma
from marshmallow import fields, validate

from ledger.models import Appearance, Article, Revision
from ledger.schemas.articles import ArticleOut, RevisionOut
from ledger.schemas.columns import auto_field
from ledger.schemas.common import MAX_INT, Id, In, Out, PickedOut, PlainOut, Text, YesNo

_NUMBER = validate.Range(min=1, max=MAX_INT)
_OUTCOMES = ("same", "moved", "changed", "ambiguous", "orphaned", "new")


class RevisionIn(In):
    """An article's new text: itself, an address to fetch it from, or `refetch`: the article's own address."""

    class Meta(In.Meta):
        model = Article

    # No `Text`: an article may hold any character; the reader cleans it.
    text = fields.String(
        validate=validate.Length(min=1), metadata={"description": "The new text, as plain text."}
    )
    url = auto_field(required=False, metadata={"description": "The address to fetch it from."})
    refetch = YesNo(metadata={"description": "Fetch it from the article's own address."})
    note = Text(
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata={"description": "What is to be said of it."},
    )

    @ma.validates_schema
    def _one(self, data: dict[str, object], **_: object) -> None:
        given = [name for name in ("text", "url", "refetch") if data.get(name)]
        if len(given) != 1:
            raise ma.ValidationError(
                "Send one of: text, url, or refetch as true.", given[-1] if given else "text"
            )


class RevisionDetails(In):
    """What is said of a new text that comes as a file."""

    note = Text(validate=validate.Length(max=1000), metadata={"description": "What is to be said of it."})


class DryRun(In):
    """Whether it is only tried."""

    dry_run = fields.Boolean(
        load_default=False,
        metadata={"description": "Only tell what would become of each claim; nothing is stored."},
    )


class RevisionsQuery(In):
    """Which part of an article's revisions."""

    after = fields.Integer(
        validate=_NUMBER, metadata={"description": "`next` of the page before: only earlier revisions."}
    )
    limit = fields.Integer(
        load_default=20,
        validate=validate.Range(min=1, max=100),
        metadata={"description": "How many at most, 1 to 100."},
    )


class CompareQuery(In):
    """Which two revisions."""

    first = fields.Integer(
        data_key="from",
        validate=_NUMBER,
        metadata={"description": "The earlier one's number; else that before `to`."},
    )
    last = fields.Integer(
        data_key="to",
        validate=_NUMBER,
        metadata={"description": "The later one's number; else the newest's."},
    )


class SpanOut(PlainOut):
    """A stretch of a text, in code points."""

    start = fields.Integer(metadata={"description": "Offset of its first character."})
    end = fields.Integer(metadata={"description": "Offset after its last character."})


class ChangeOut(PlainOut):
    """Words that are otherwise."""

    sort = fields.String(
        metadata={"description": "What they are: number, date, unit, currency, name, negation, quantifier …"}
    )
    before = fields.String(metadata={"description": "What they were; empty for none."})
    after = fields.String(metadata={"description": "What they are; empty for none."})
    span = fields.Nested(SpanOut, allow_none=True, metadata={"description": "Where in the earlier text."})
    place = fields.Nested(SpanOut, allow_none=True, metadata={"description": "Where in the later text."})


class FateOut(PlainOut):
    """What became of one place of a claim."""

    appearance_id = fields.String(metadata={"description": "The appearance.", "format": "uuid"})
    claim_id = fields.String(metadata={"description": "Its claim.", "format": "uuid"})
    outcome = fields.String(
        validate=validate.OneOf(_OUTCOMES),
        metadata={"description": "`same` and `moved`: the very words stand in the later text."},
    )
    carried = fields.Boolean(metadata={"description": "Whether the ledger carried it over by itself."})
    reason = fields.String(metadata={"description": "Why, in words."})
    was = fields.String(allow_none=True, metadata={"description": "The words in the earlier text."})
    now = fields.String(
        allow_none=True, metadata={"description": "The words at its place in the later text, if it has one."}
    )
    span = fields.Nested(
        SpanOut, allow_none=True, metadata={"description": "Where it stood in the earlier text, if it did."}
    )
    place = fields.Nested(
        SpanOut, allow_none=True, metadata={"description": "Where it stands, or might, in the later text."}
    )
    places = fields.List(
        fields.Nested(SpanOut), metadata={"description": "All places that came into question."}
    )
    changes = fields.List(
        fields.Nested(ChangeOut), metadata={"description": "What differs in the words, and beside them."}
    )
    statement = fields.String(metadata={"description": "The claim's statement, now."})
    status = fields.String(metadata={"description": "The claim's status, now."})
    stale_reasons = fields.List(
        fields.String(), allow_none=True, metadata={"description": "Why its verdict is stale, if it is."}
    )
    version = fields.Integer(metadata={"description": "The appearance's version, which edits of it name."})
    waits = fields.Boolean(
        metadata={"description": "Whether a person still has to say where it stands, or that it was cut."}
    )
    recheck = fields.Boolean(
        metadata={"description": "Whether it must be looked at again: it waits, or its verdict is stale."}
    )


class RevisionLineOut(Out):
    """A revision without its text."""

    class Meta(Out.Meta):
        model = Revision
        exclude = ("text", "blocks", "fates", "article_id")

    outcomes = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "How many places of claims became what when it came; and how many were `carried`."
        },
    )


class RevisionFileOut(RevisionOut):
    """A revision with its text, and what became of the claims when it came."""

    class Meta(RevisionOut.Meta):
        exclude: tuple[str, ...] = ()

    fates = fields.List(
        fields.Nested(FateOut), metadata={"description": "One for each place of a claim; none for the first."}
    )


class RevisionAddedOut(PlainOut):
    """What came of a new text, or would come of it."""

    created = fields.Boolean(metadata={"description": "False if it is the current text, or was only tried."})
    dry_run = fields.Boolean(metadata={"description": "Whether it was only tried."})
    later = fields.Boolean(
        metadata={"description": "True if claims in it are still to be found, in the background."}
    )
    outcomes = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many fates of each outcome."},
    )
    fates = fields.List(
        fields.Nested(FateOut), metadata={"description": "What became of each place of a claim."}
    )
    revision = fields.Nested(
        RevisionLineOut, allow_none=True, metadata={"description": "The revision; null if it was only tried."}
    )
    article = fields.Nested(ArticleOut, metadata={"description": "The article, as it is now."})


class RunOut(SpanOut):
    """Words of one kind."""

    kind = fields.String(
        validate=validate.OneOf(["same", "out", "in", "away", "here"]),
        metadata={"description": "As they were, taken out, put in, moved away, or come from another place."},
    )


class RowOut(PlainOut):
    """Paragraphs of the two texts that go together."""

    kind = fields.String(
        validate=validate.OneOf(["same", "changed", "added", "removed", "moved_away", "moved_here"]),
        metadata={"description": "What became of them."},
    )
    sort = fields.String(metadata={"description": "paragraph, heading, list …"})
    old = fields.Nested(SpanOut, allow_none=True, metadata={"description": "Where, in the earlier text."})
    new = fields.Nested(SpanOut, allow_none=True, metadata={"description": "Where, in the later text."})
    before = fields.List(fields.Nested(RunOut), metadata={"description": "The earlier words, by kind."})
    after = fields.List(fields.Nested(RunOut), metadata={"description": "The later words, by kind."})
    other = fields.Integer(
        allow_none=True, metadata={"description": "The row at the other place of a moved one, from 0."}
    )


class ComparisonOut(PlainOut):
    """Two texts of an article, and what became of each claim."""

    first = fields.Integer(data_key="from", metadata={"description": "The earlier revision's number."})
    last = fields.Integer(data_key="to", metadata={"description": "The later revision's number."})
    newest = fields.Boolean(metadata={"description": "Whether the later one is the current text."})
    counts = fields.Dict(
        keys=fields.String(), values=fields.Integer(),
        metadata={"description": "How many fates there are of each outcome, and how many to `recheck`."},
    )  # fmt: skip
    fates = fields.List(fields.Nested(FateOut), metadata={"description": "In the order of the later text."})
    rows = fields.List(fields.Nested(RowOut), metadata={"description": "Both texts, in order."})


class StandsIn(PickedOut):
    """Where in the current text an appearance stands."""

    class Meta(PickedOut.Meta):
        model = Appearance
        unknown = ma.RAISE

    start = auto_field(model=Appearance, required=True, validate=validate.Range(min=0, max=MAX_INT))
    end = auto_field(model=Appearance, required=True, validate=validate.Range(min=0, max=MAX_INT))
    exact = auto_field(
        model=Appearance,
        required=False,
        metadata={"description": "The words that you mean; refused if others stand there."},
    )
    revision_id = Id(
        metadata={"description": "The revision that you counted in; refused if there is a newer one."}
    )
