"""The detector that the settings choose, with the way out that it needs."""

from collections.abc import Mapping
from typing import Any

import structlog

from claims.detectors import Detector, detector
from claims.errors import ClaimsError
from ledger.adapters.openai import ChatEndpoint
from ledger.errors import Invalid
from ledger.settings import Settings

SLOW = frozenset({"openai"})
"""Detectors that nobody should wait for: they are asked by a job."""
_log = structlog.get_logger(__name__)


def chosen(settings: Settings, name: str | None = None) -> Detector:
    """The detector of that name, or the settings' own. Raises Invalid for one that can't be had."""
    name = name or settings.detector
    try:
        if name == "openai":
            return detector(name, **_openai(settings))
        return detector(name)
    except ClaimsError as error:
        raise Invalid(str(error), field="detector") from error


def reading(settings: Settings) -> dict[str, Any]:
    """How an article that comes in is read: detector, floor and longest text."""
    return {
        "detector": None if settings.detector in SLOW else chosen(settings),
        "floor": settings.detection_floor,
        "max_chars": settings.max_text_chars,
    }


def _openai(settings: Settings) -> dict[str, Any]:
    if not settings.openai_base_url or not settings.openai_model:
        raise Invalid(
            "The detector “openai” is off: LEDGER_OPENAI_BASE_URL and LEDGER_OPENAI_MODEL are not set.",
            field="detector",
        )
    key = settings.openai_key
    return {
        "model": settings.openai_model,
        "ask": ChatEndpoint(
            settings.openai_base_url,
            key=key.get_secret_value() if key else None,
            timeout_seconds=settings.openai_timeout_seconds,
        ),
        "dropped": lambda drops: _tell(settings.openai_model, drops),
    }


def _tell(model: str, drops: Mapping[str, int]) -> None:
    if drops:
        _log.warning("answers dropped", model=model, **{why.replace(" ", "_"): n for why, n in drops.items()})
