"""Corrections, whom a claim's verdict reaches, and the claims that one came from or went into."""

from marshmallow import fields, validate

from ledger.models import Article, Claim, Webhook
from ledger.schemas.columns import auto_field
from ledger.schemas.common import MAX_INT, Id, In, PickedOut, PlainOut, Time
from ledger.services.corrections import PAGE, Deed


class CorrectionQuery(In):
    """Which corrections."""

    article_id = Id(metadata={"description": "Only those that this article's report tells."})
    claim_id = Id(metadata={"description": "Only those of this claim."})
    desk_id = Id(metadata={"description": "Only those of this desk's articles."})
    after = fields.Integer(
        validate=validate.Range(min=0, max=MAX_INT),
        metadata={"description": "The number `next` of the page before."},
    )
    limit = fields.Integer(
        load_default=PAGE,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "How many at most; a page may have fewer and not be the last."},
    )


class ToldOtherwiseOut(PlainOut):
    """One thing that readers are told otherwise."""

    what = fields.String(metadata={"description": "`Rating`, `Statement` or `Reasoning`."})
    before = fields.String(metadata={"description": "What they were told."})
    after = fields.String(metadata={"description": "What they are told now."})


class CorrectionOut(PlainOut):
    """What readers were told and are told no more."""

    id = fields.String(metadata={"description": "The correction's id.", "format": "uuid"})
    seq = fields.Integer(metadata={"description": "Place in the log of the event that made it."})
    at = Time(metadata={"description": "When."})
    claim_id = fields.String(metadata={"description": "The claim.", "format": "uuid"})
    statement = fields.String(metadata={"description": "The claim's statement as corrected."})
    deed = fields.String(
        validate=validate.OneOf([str(deed) for deed in Deed]),
        metadata={
            "description": "What was done: another rating or statement, the same rating confirmed anew, the "
            "claim withdrawn, put back, or taken out."
        },
    )
    changes = fields.List(fields.Nested(ToldOtherwiseOut), metadata={"description": "Before and after."})
    reason = fields.String(allow_none=True, metadata={"description": "Why, in the desk's own words."})
    desk = fields.String(metadata={"description": "The desk whose report tells it."})
    reports = fields.List(
        fields.String(metadata={"format": "uri"}),
        metadata={"description": "Where readers find it: the claim in each report that told of it."},
    )


class ArticleReachedOut(PickedOut):
    """An article, in a few words."""

    class Meta(PickedOut.Meta):
        model = Article

    id = auto_field()
    title = auto_field()
    url = auto_field()
    report_since = auto_field()


class PlaceReachedOut(PlainOut):
    """An article in which a claim stands."""

    article = fields.Nested(ArticleReachedOut, metadata={"description": "The article."})
    places = fields.Integer(metadata={"description": "How often the claim stands there."})
    waiting = fields.Integer(metadata={"description": "Places of which a person has yet to say where."})


class WebhookToldOut(PickedOut):
    """A webhook, by its name."""

    class Meta(PickedOut.Meta):
        model = Webhook

    id = auto_field()
    name = auto_field()


class KinOut(PickedOut):
    """A claim that another one came from or went into."""

    class Meta(PickedOut.Meta):
        model = Claim

    id = auto_field()
    statement = auto_field()
    status = auto_field()


class CarrierOut(PlainOut):
    """An address that tells of a claim."""

    kind = fields.String(metadata={"description": "What it is, such as `badge`, `feed` or `export`."})
    url = fields.String(metadata={"description": "The address.", "format": "uri"})
    public = fields.Boolean(metadata={"description": "Whether it tells anybody; else it needs a token."})


class ReachOut(PlainOut):
    """Whom a change of a claim's verdict reaches."""

    claim_id = fields.String(
        attribute="claim.id",
        metadata={"description": "The claim; where the one asked for was merged, the one that answers."},
    )
    public = fields.Boolean(metadata={"description": "Whether an open report tells of it."})
    articles = fields.List(
        fields.Nested(PlaceReachedOut), metadata={"description": "Where it stands; open reports first."}
    )
    webhooks = fields.List(fields.Nested(WebhookToldOut), metadata={"description": "Who is sent a message."})
    answers_for = fields.List(
        fields.Nested(KinOut), metadata={"description": "Claims merged into it: look-ups of their ids."}
    )
    carriers = fields.List(
        fields.Nested(CarrierOut), metadata={"description": "The addresses that tell of it."}
    )


class LinksOut(PlainOut):
    """The claims that one came from and went into."""

    split_from = fields.Nested(
        KinOut, allow_none=True, metadata={"description": "The claim that it was split off from."}
    )
    parts = fields.List(fields.Nested(KinOut), metadata={"description": "Claims split off from it."})
    merged_into = fields.Nested(
        KinOut, allow_none=True, metadata={"description": "The claim that answers for it, if it was merged."}
    )
    merged = fields.List(
        fields.Nested(KinOut), metadata={"description": "Claims merged into it, and into those."}
    )
