"""Look-ups by the thousand: what is asked and what is answered."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from ledger.models import Article
from ledger.schemas.claims import StatusOut
from ledger.schemas.columns import auto_field
from ledger.schemas.common import PickedOut, PlainOut, Whole
from ledger.schemas.matching import MatchOut
from ledger.schemas.past import AsOf

MOST = 1_000
MOST_TEXTS = 100
_LONGEST = {"claim": 100, "url": 4_096, "sha256": 64, "text": 2_000}
_KINDS = "Name one of: claim, url, sha256, text."


class QuestionIn(ma.Schema):
    """One question: exactly one of these."""

    class Meta:
        unknown = ma.RAISE

    claim = fields.String(
        validate=validate.Length(min=1, max=_LONGEST["claim"]), metadata={"description": "A claim's id."}
    )
    url = fields.String(
        validate=validate.Length(min=1, max=_LONGEST["url"]),
        metadata={
            "description": "An article's address. Tracking parameters, `www`, http or https, a slash at the "
            "end and AMP make no difference."
        },
    )
    sha256 = fields.String(
        validate=validate.Length(min=1, max=_LONGEST["sha256"]),
        metadata={"description": "The SHA-256 of an article's text, as its revisions name it."},
    )
    text = fields.String(
        validate=validate.Length(min=1, max=_LONGEST["text"]),
        metadata={"description": f"A claim in any words; at most {MOST_TEXTS} of these in one call."},
    )


class Questions(fields.List[Any]):
    """A list of questions, read without a schema for each: a thousand would take longer than the answers."""

    def __init__(self, **more: Any) -> None:
        super().__init__(fields.Nested(QuestionIn), **more)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        faults = {at: fault for at, one in enumerate(value) if (fault := _fault(one)) is not None}
        if faults:
            raise ma.ValidationError(faults)
        if sum("text" in one for one in value) > MOST_TEXTS:
            raise ma.ValidationError(f"Ask for at most {MOST_TEXTS} texts in one call.")
        return value


def _fault(question: Any) -> Any:
    if not isinstance(question, dict) or len(question) != 1:
        return [_KINDS]
    ((kind, asked),) = question.items()
    if kind not in _LONGEST:
        return {str(kind)[:60]: [_KINDS]}
    if not isinstance(asked, str) or not 0 < len(asked) <= _LONGEST[kind] or "\x00" in asked:
        return {kind: [f"Write 1 to {_LONGEST[kind]} characters, without U+0000."]}
    return None


class LookupsIn(ma.Schema):
    """Questions to answer in one call."""

    class Meta:
        unknown = ma.RAISE

    questions = Questions(
        required=True,
        validate=validate.Length(min=1, max=MOST, error=f"Ask 1 to {MOST} questions in one call."),
        metadata={"description": f"1 to {MOST} questions."},
    )
    k = Whole(
        load_default=3,
        validate=validate.Range(min=1, max=20),
        metadata={"description": "How many matches of each text at most."},
    )
    as_of = AsOf(load_default=None)


class FoundRevisionOut(PlainOut):
    """A text of an article."""

    number = fields.Integer(metadata={"description": "Counts the article's texts, from 1."})
    sha256 = fields.String(metadata={"description": "SHA-256 of the text."})
    current = fields.Boolean(metadata={"description": "Whether this is still the article's text."})


class FoundArticleOut(PickedOut):
    """An article that was looked up."""

    class Meta(PickedOut.Meta):
        model = Article

    id = auto_field()
    title = auto_field()
    url = auto_field()
    revision = fields.Nested(FoundRevisionOut, metadata={"description": "The text that was found."})


class FaultOut(PlainOut):
    """Why one question has no answer."""

    code = fields.String(metadata={"description": "A word for programs, such as `not_found`."})
    detail = fields.String(metadata={"description": "What is wrong and what would be right."})


class LookupOut(PlainOut):
    """The answer to one question; which parts it has depends on what was asked."""

    optional = True

    claim = fields.Nested(StatusOut, metadata={"description": "To `claim`: where it stands."})
    article = fields.Nested(FoundArticleOut, metadata={"description": "To `url` and `sha256`: the article."})
    relation = fields.String(
        validate=validate.OneOf(["same", "similar", "none"]),
        metadata={"description": "To `text`: how the best match stands to it; a guess, not a finding."},
    )
    matches = fields.List(fields.Nested(MatchOut), metadata={"description": "To `text`: best first."})
    error = fields.Nested(FaultOut, metadata={"description": "In place of an answer: why there is none."})


class LookupsOut(PlainOut):
    """The answers, in the order of the questions."""

    items = fields.List(fields.Nested(LookupOut), metadata={"description": "One for each question."})


class ArticleLookupQuery(ma.Schema):
    """Which article."""

    class Meta:
        unknown = ma.RAISE

    url = fields.String(
        required=True,
        validate=validate.Length(min=1, max=_LONGEST["url"]),
        metadata={"description": "Its address, in any spelling.", "example": "https://news.example/bridge"},
    )
    as_of = AsOf()
