"""Comments as they come in and go out."""

from marshmallow import fields, validate

from ledger.models import Comment
from ledger.schemas.columns import auto_field
from ledger.schemas.common import In, Out, Person, PlainOut, Text
from ledger.services.comments import LONGEST


class CommentIn(In):
    """What somebody says, or says differently now."""

    class Meta(In.Meta):
        model = Comment

    text = auto_field(
        validate=validate.Length(min=1, max=LONGEST),
        metadata={"description": "What is said; @Name names a colleague, in full or by a first name alone."},
    )


class UnresolvedOut(PlainOut):
    """An @word that names nobody."""

    words = Text(metadata={"description": "The word as it stands in the text, with its sign."})
    several = fields.Boolean(metadata={"description": "Whether it could be several people; else, none."})


class CommentOut(Out):
    """One remark in the discussion of a claim."""

    class Meta(Out.Meta):
        model = Comment

    mentions = fields.List(
        Person(metadata={"description": "Somebody whom it names."}),
        metadata={"description": "Whom it names by @."},
    )


class CommentSaidOut(CommentOut):
    """A comment just said, with what in it looks like a name and is none."""

    class Meta(CommentOut.Meta):
        pass

    unresolved = fields.List(
        fields.Nested(UnresolvedOut), metadata={"description": "Words with @ that name nobody here."}
    )


class MentionOut(CommentOut):
    """A comment that names you."""

    class Meta(CommentOut.Meta):
        pass

    statement = Text(metadata={"description": "The statement of its claim."})


class UnreadOut(PlainOut):
    """How many comments that name you are new."""

    unread = fields.Integer(metadata={"description": "Comments of others since you last looked."})
