"""The figures behind the insights, as they are asked for and as they go out."""

from marshmallow import fields, validate

from ledger.models.verdicts import RATING_STATUSES
from ledger.schemas.common import Id, In, Person, PlainOut, Text, Time
from ledger.services.flow import STATUSES
from ledger.services.insights import OLDEST, OPEN


class InsightQuery(In):
    """Which period, of which desk."""

    first = Text(
        data_key="from",
        validate=validate.Length(max=40),
        metadata={
            "description": "The first day, such as 2026-10-01; else eight weeks ago, or the log's first.",
            "example": "2026-10-01",
        },
    )
    last = Text(
        data_key="to",
        validate=validate.Length(max=40),
        metadata={"description": "The last day; else today.", "example": "2026-11-23"},
    )
    zone = Text(
        validate=validate.Length(max=60),
        metadata={"description": "The time zone whose days are meant; else UTC.", "example": "Europe/Paris"},
    )
    desk_id = Id(metadata={"description": "Only claims in this desk's articles."})


class OldestQuery(InsightQuery):
    """The same, and how many claims."""

    limit = fields.Integer(
        load_default=OLDEST,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "How many claims at most, 1 to 200."},
    )


class PeriodOut(PlainOut):
    """The days that were looked at, both included."""

    first = fields.Date(data_key="from", metadata={"description": "The first day."})
    last = fields.Date(data_key="to", metadata={"description": "The last day."})
    zone = fields.String(metadata={"description": "The time zone whose days they are."})


class FigureOut(PlainOut):
    """A chart's figures."""

    period = fields.Nested(PeriodOut, metadata={"description": "What was looked at."})


def _counts(words: tuple[str, ...], about: str) -> fields.Dict:
    """An object with a number for each of these words."""
    return fields.Dict(
        keys=fields.String(validate=validate.OneOf(words)),
        values=fields.Integer(),
        metadata={"description": about},
    )


class StatusesOut(FigureOut):
    """Claims by status over time, as they stood at the end of each day, week or month by the log."""

    step = fields.String(
        validate=validate.OneOf(["day", "week", "month"]),
        metadata={"description": "What lies between two days: a day, a week or a month."},
    )
    days = fields.List(fields.Date(), metadata={"description": "At whose ends it was counted."})
    counts = fields.Dict(
        keys=fields.String(validate=validate.OneOf(STATUSES)),
        values=fields.List(fields.Integer()),
        metadata={"description": "For each status as many numbers as there are days."},
    )


class SpreadOut(PlainOut):
    """How long it took; null where nothing was cleared."""

    cleared = fields.Integer(attribute="number", metadata={"description": "How many claims."})
    lower_quartile_hours = fields.Float(
        attribute="low", allow_none=True, metadata={"description": "A quarter took less."}
    )
    median_hours = fields.Float(
        attribute="median", allow_none=True, metadata={"description": "Half took less."}
    )
    upper_quartile_hours = fields.Float(
        attribute="high", allow_none=True, metadata={"description": "A quarter took longer."}
    )


class WeekOut(SpreadOut):
    """The same for the claims that were cleared in one week."""

    week_of = fields.Date(metadata={"description": "The week's Monday."})


class ClearingOut(FigureOut):
    """From when a claim was accepted or added to its first settled verdict."""

    all = fields.Nested(SpreadOut, metadata={"description": "All that were cleared in the period."})
    weeks = fields.List(fields.Nested(WeekOut), metadata={"description": "By week of settling."})
    still_open = fields.Integer(
        metadata={"description": "Claims that were opened in the period, and are open still."}
    )


class RatingsOut(PlainOut):
    """Settled verdicts of one publisher, or of one kind of claim."""

    name = fields.String(
        allow_none=True,
        metadata={"description": "Publisher or kind; null for articles that name no publisher."},
    )
    counts = _counts(RATING_STATUSES, "How many verdicts, by the status that they give.")
    total = fields.Integer(metadata={"description": "All of them."})


class VerdictsOut(FigureOut):
    """Verdicts that were settled in the period and count now."""

    items = fields.List(fields.Nested(RatingsOut), metadata={"description": "Most verdicts first."})


class PersonLoadOut(PlainOut):
    """One person's work."""

    account = Person(attribute="account_id", metadata={"description": "Who."})
    active = fields.Boolean(metadata={"description": "Whether the person may sign in."})
    open = fields.Integer(metadata={"description": "Open claims that the person has now."})
    waiting = fields.Integer(metadata={"description": "Own proposals that wait for a signature now."})
    proposed = fields.Integer(metadata={"description": "Verdicts proposed in the period."})
    settled = fields.Integer(metadata={"description": "Own proposals that were settled in the period."})
    returned = fields.Integer(metadata={"description": "Own proposals that were sent back in the period."})
    signed = fields.Integer(metadata={"description": "Others' proposals signed in the period."})
    sent_back = fields.Integer(metadata={"description": "Others' proposals sent back in the period."})


class LoadOut(FigureOut):
    """Load by reviewer."""

    items = fields.List(fields.Nested(PersonLoadOut), metadata={"description": "The fullest first."})


class AgreementOut(FigureOut):
    """First and second readers' ratings, and Cohen's kappa.

    Where a desk rates blind, the pairs are of independent readers (`blind_…` are of those alone); else the
    second reader sees the first one's rating.
    """

    codes = fields.List(fields.String(), metadata={"description": "The ratings, in the table's order."})
    labels = fields.List(fields.String(), metadata={"description": "Their words."})
    table = fields.List(
        fields.List(fields.Integer()),
        metadata={"description": "Pairs: a row for what the first reader said, a column for the second."},
    )
    pairs = fields.Integer(attribute="kappa.pairs", metadata={"description": "How many pairs there are."})
    agreed = fields.Integer(attribute="kappa.agreed", metadata={"description": "How many of them agree."})
    observed = fields.Float(
        attribute="kappa.observed", allow_none=True, metadata={"description": "The share that agrees."}
    )
    expected = fields.Float(
        attribute="kappa.expected",
        allow_none=True,
        metadata={"description": "The share that chance would give."},
    )
    kappa = fields.Float(
        attribute="kappa.value",
        allow_none=True,
        metadata={"description": "Agreement beyond chance, 1 at most; null where it is not defined."},
    )
    low = fields.Float(
        attribute="kappa.low",
        allow_none=True,
        metadata={"description": "Lower end of the 95 % interval; null where all agree."},
    )
    high = fields.Float(attribute="kappa.high", allow_none=True, metadata={"description": "Its upper end."})
    blind_pairs = fields.Integer(
        attribute="blind.pairs", metadata={"description": "How many of the pairs were rated blind."}
    )
    blind_agreed = fields.Integer(
        attribute="blind.agreed", metadata={"description": "How many of those agree."}
    )
    blind_kappa = fields.Float(
        attribute="blind.value",
        allow_none=True,
        metadata={"description": "Agreement beyond chance of those alone; null where it is not defined."},
    )
    unnamed = fields.Integer(
        metadata={"description": "Proposals sent back without the second reader's rating; they make no pair."}
    )
    by_status = fields.Boolean(
        metadata={"description": "True if several scales were used, so that statuses are compared."}
    )


class OpenClaimOut(PlainOut):
    """A claim that is open."""

    claim_id = fields.String(attribute="claim.id", metadata={"description": "The claim.", "format": "uuid"})
    statement = fields.String(attribute="claim.statement", metadata={"description": "What it says."})
    status = fields.String(
        attribute="claim.status",
        validate=validate.OneOf(OPEN),
        metadata={"description": "How far it is."},
    )
    since = Time(metadata={"description": "Since when: accepted or added, or turned stale."})
    days = fields.Float(metadata={"description": "How many days ago that was."})


class AgeOut(PlainOut):
    """Open claims of an age."""

    age = fields.String(metadata={"description": "How old, in words."})
    counts = _counts(OPEN, "How many, by status.")


class OldestOut(FigureOut):
    """What is open now, whatever the period."""

    items = fields.List(fields.Nested(OpenClaimOut), metadata={"description": "The oldest first."})
    ages = fields.List(fields.Nested(AgeOut), metadata={"description": "All of them by age, youngest first."})
    total = fields.Integer(metadata={"description": "How many are open."})
