"""Who finds the claims of a document: our own detectors, and those that other packages plug in.

A package plugs one in by an entry point, in its pyproject.toml:

    [project.entry-points."claims.detectors"]
    mine = "my_package:MyDetector"
"""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, Protocol, cast

from claims.errors import ClaimsError
from claims.model import Claim, Document

GROUP = "claims.detectors"
"""The group of entry points. Each leads to a callable that takes options and gives a Detector."""

OURS = {
    "encoder": "claims.detectors.encoder:Encoder",
    "rules": "claims.detectors.rules:Rules",
    "openai": "claims.detectors.openai:OpenAI",
}
"""pyproject.toml says the same; said here too, so that a source tree that is not installed has them."""

DEFAULT = "encoder"


class Detector(Protocol):
    """Finds what could be checked in a document."""

    @property
    def name(self) -> str:
        """Name and version, such as "rules/1": it is kept with each claim, and says what guessed."""
        ...

    def find(self, document: Document) -> list[Claim]:
        """All candidates with their scores, in reading order; the caller drops those worth too little.

        Raises ClaimsError where something that it needs fails. Safe to call from several threads.
        """
        ...


def names() -> list[str]:
    """The detectors that there are."""
    return sorted({*OURS, *_plugged_in()})


def detector(name: str, **options: Any) -> Detector:
    """The detector of this name. Raises ClaimsError for an unknown one, or one that can't be loaded.

    What it takes as options is its own matter; a wrong one is a TypeError, as of any function.
    """
    if name in OURS:
        make = resolve_name(OURS[name])
    else:
        make = _plug(name)
    return cast(Callable[..., Detector], make)(**options)


def _plug(name: str) -> Any:
    found = _plugged_in().get(name)
    if found is None:
        raise ClaimsError(f"There is no detector called “{name}”. There are: {', '.join(names())}.")
    try:
        return found.load()
    except (ImportError, AttributeError) as error:
        raise ClaimsError(f"The detector “{name}” ({found.value}) can't be loaded: {error}") from error


def _plugged_in() -> dict[str, Any]:
    from importlib.metadata import entry_points  # reads files of every package installed

    return {point.name: point for point in entry_points(group=GROUP)}
