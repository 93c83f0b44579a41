"""A CSV that was edited and comes back, as it goes out: which cells are changed, and which can't be."""

from marshmallow import fields, validate

from ledger.schemas.common import In, PlainOut
from ledger.services import changesets
from ledger.services.returned import EDITABLE, MOST


class ChangesQuery(In):
    """How the file is read, and whether it is applied."""

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": "Only tell what would come of it; nothing is changed."}
    )
    atomic = fields.Boolean(
        load_default=False,
        metadata={
            "description": "Change nothing, with 409, unless each changed cell can be applied. "
            "Otherwise what can't be is left as it is and told."
        },
    )
    raw = fields.Boolean(
        load_default=False,
        metadata={"description": "The file was exported with `raw=true`: no apostrophe is taken off."},
    )


class ChangedCellOut(PlainOut):
    """A cell that was changed in the file."""

    column = fields.String(
        validate=validate.OneOf(EDITABLE), metadata={"description": "The column that was changed."}
    )
    was = fields.String(metadata={"description": "What stood in it when it was exported."})
    wanted = fields.String(metadata={"description": "What it is to be."})
    now = fields.String(metadata={"description": "What stands in the ledger, before this is applied."})
    state = fields.String(
        validate=validate.OneOf(changesets.STATES),
        metadata={
            "description": "`ready` can be applied, `applied` was. `outdated`: the claim changed since the "
            "export, in another column. `conflict`: this very cell did, too. `done`: it is so already. "
            "`refused`: a rule forbids it, and `why` tells."
        },
    )
    why = fields.String(metadata={"description": "Why it is refused, for people; else empty."})


class RefusedCellOut(PlainOut):
    """A cell, or a whole row, that can't be taken."""

    column = fields.String(allow_none=True, metadata={"description": "Which one; null for the whole row."})
    wanted = fields.String(metadata={"description": "What stands in it, at most 200 characters."})
    why = fields.String(metadata={"description": "Why, for people."})


class ChangedRowOut(PlainOut):
    """A row that asks for something."""

    number = fields.Integer(metadata={"description": "The row, as a spreadsheet counts: the head is 1."})
    claim_id = fields.String(
        allow_none=True, metadata={"description": "The claim; null where there is none.", "format": "uuid"}
    )
    version = fields.Integer(metadata={"description": "The version that the file is of; 0 if none is told."})
    now = fields.Integer(metadata={"description": "The version that stands, before this is applied."})
    statement = fields.String(metadata={"description": "The claim's statement, before this is applied."})
    cells = fields.List(fields.Nested(ChangedCellOut), metadata={"description": "What was changed."})
    refusals = fields.List(fields.Nested(RefusedCellOut), metadata={"description": "What can't be taken."})


class ChangesOut(PlainOut):
    """What a file changes, or changed."""

    dry_run = fields.Boolean(metadata={"description": "Whether nothing was changed, as you asked."})
    encoding = fields.String(metadata={"description": "How the file was read.", "example": "UTF-8"})
    separator = fields.String(metadata={"description": "What stands between cells.", "example": "comma"})
    read = fields.Integer(metadata={"description": "Rows of the file, empty ones left out."})
    missing_columns = fields.List(
        fields.String(), metadata={"description": "Columns that could be changed and are not in the file."}
    )
    unknown_columns = fields.List(
        fields.String(), metadata={"description": "Columns that no export has; they are not looked at."}
    )
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many cells are in each state."},
    )
    rows = fields.List(
        fields.Nested(ChangedRowOut),
        metadata={"description": f"The rows that ask for something, {MOST:,} changed ones at most."},
    )
    not_told = fields.Integer(
        metadata={"description": "Further rows with nothing but cells that can't be taken."}
    )
    claims = fields.Integer(metadata={"description": "How many claims were changed."})
    first = fields.Integer(
        allow_none=True,
        metadata={"description": "`seq` of the first event, for `POST /undo`; null where nothing changed."},
    )
    last = fields.Integer(allow_none=True, metadata={"description": "`seq` of the last event."})
