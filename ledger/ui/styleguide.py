"""The design system's living page: every token and every piece, made by the macros that the pages use.

It is there in development only (LEDGER_DEVELOPMENT).
"""

from itertools import combinations
from typing import Any

from flask import Blueprint

from ledger.errors import NotFound
from ledger.ui import colours
from ledger.ui.forms import Form
from ledger.ui.pages import render
from ledger.ui.words import STATUSES, Progress
from ledger.web.context import parts, public

bp = Blueprint("styleguide", __name__)

TYPE = ("small", "base", "h3", "h2", "read", "h1")
SPACE = (1, 2, 3, 4, 5, 6, 7)
_COUNTS = {"supported": 12, "refuted": 3, "checking": 5, "unchecked": 9, "candidate": 4, "stale": 2}


@bp.get("/styleguide")
@public
def index() -> Any:
    """Tokens with their figures, and pieces in each of their states."""
    if not parts().settings.development:
        raise NotFound("There is no such page.")
    return render(
        "styleguide/index.html",
        TYPE=TYPE,
        SPACE=SPACE,
        THEMES=colours.THEMES,
        EYES=colours.EYES,
        roles=colours.roles(),
        ratio=_ratio,
        written=colours.written,
        seen=colours.as_seen_by,
        nearest=_nearest,
        done=Progress(_COUNTS),
        plain=_form(),
        refused=_form(errors={"statement": "Use at most 2,000 characters; this has 2,417."}),
        outdated=_form(theirs={"statement": "Signed by 424 developers."}),
    )


def _ratio(role: colours.Role, theme: str) -> str:
    return f"{role.worst(theme, tinted=role.name.startswith('s-')):.1f}"


def _nearest(eye: str, theme: str) -> tuple[str, str, float]:
    """The two settled statuses that this eye finds hardest to tell apart, and how far apart they are."""
    settled = [code for code, word in STATUSES.items() if word.group == "settled"]
    told = {code: colours.as_seen_by(eye, colours.roles()[f"s-{code}"].of(theme)) for code in settled}
    one, other = min(
        combinations(settled, 2), key=lambda pair: colours.distance(told[pair[0]], told[pair[1]])
    )
    return one, other, colours.distance(told[one], told[other])


def _form(**more: Any) -> Form:
    form = Form({"statement": "Signed by 242 developers.", "kind": "quantity"})
    for name, value in more.items():
        setattr(form, name, value)
    form.outdated = "theirs" in more
    return form
