"""How a person likes their desk, as it comes in and goes out."""

from marshmallow import fields, validate

from ledger.schemas.common import In, PlainOut, Text, YesNo


class PreferencesIn(In):
    """All of one's choices; what is not named is as everybody begins with."""

    keys = fields.Dict(
        keys=Text(validate=validate.Length(max=60)),
        values=Text(validate=validate.Length(max=20)),
        load_default=dict,
        metadata={"description": "Keys by action: `j`, `?`, `Shift+J`, `Ctrl+K`, or nothing for no key."},
    )
    single_keys = YesNo(load_default=True, metadata={"description": "Whether keys without Ctrl do anything."})


class PreferencesOut(PlainOut):
    """One's choices."""

    keys = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "The key of every action; `Mod+` is Ctrl, or Command on a Mac."},
    )
    single_keys = fields.Boolean(metadata={"description": "Whether keys without Ctrl do anything."})
