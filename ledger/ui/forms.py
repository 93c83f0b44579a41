"""A form as a page shows it: what was typed, what is wrong with it, and what others wrote meanwhile."""

from collections.abc import Mapping
from typing import Any

from flask import request

from claims.values import dataclass, field
from ledger.errors import Conflict, Forbidden, Invalid, LedgerError, Outdated, VersionMissing
from ledger.web.problems import status_of

# What a form answers by itself, with the typing kept; all else is an error page.
REFUSALS = (Invalid, Conflict, Forbidden, VersionMissing)


@dataclass(slots=True)
class Form:
    """Values by field; after a refusal also errors by field, and what stands now (`theirs`)."""

    values: Mapping[str, Any]
    version: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, Any] = field(default_factory=dict)
    message: str | None = None
    outdated: bool = False

    @property
    def refused(self) -> bool:
        """Whether this was sent and not taken."""
        return bool(self.message or self.errors)

    def __getitem__(self, name: str) -> Any:
        value = self.values.get(name)
        return "" if value is None else value


@dataclass(slots=True)
class Refused:
    """A form that was sent and not taken: which one, of which record, and why."""

    name: str
    key: str
    error: LedgerError
    typed: Mapping[str, Any]

    @property
    def status(self) -> int:
        """The answer's status."""
        return status_of(self.error)

    def form(self, now: Mapping[str, Any], version: int | None) -> Form:
        """The form to show again; `now` is what stands, `version` the version that it has."""
        error = self.error
        shown = Form(self.typed, version)
        if isinstance(error, Outdated):
            shown.outdated, shown.message = True, error.message
            shown.theirs = {
                name: value
                for name, value in now.items()
                if name in self.typed and (value or "") != _plain(self.typed[name])
            }
        elif error.field and (error.field in now or error.field in self.typed):
            shown.errors[error.field] = error.message
        else:
            shown.message = error.message
        return shown


class Forms:
    """The forms of a page: one of them may have been sent and refused, the others are fresh."""

    def __init__(self, refused: Refused | None = None) -> None:
        self.refused = refused

    def __call__(
        self, name: str, now: Mapping[str, Any] | None = None, version: int | None = None, key: str = ""
    ) -> Form:
        if self.refused and (self.refused.name, self.refused.key) == (name, key):
            return self.refused.form(now or {}, version)
        return Form(now or {}, version)


def typed() -> dict[str, Any]:
    """What was typed into the form that was sent."""
    return {name: _plain(value) for name, value in request.form.items() if name != "csrf_token"}


def chosen(*names: str) -> dict[str, Any]:
    """Those of `names` that the form had."""
    return {name: _plain(request.form[name]) for name in names if name in request.form}


def _plain(value: Any) -> str:
    """Browsers end lines with CR LF; we store line feeds."""
    return str(value).replace("\r\n", "\n")
