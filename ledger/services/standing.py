"""A claim in a few words, as every look-up tells it; needs no tables."""

from typing import Any


def looked_up(
    asked: str,
    id: str,
    *,
    version: int,
    status: str,
    label: str | None,
    updated_at: str,
    stale_since: str | None,
    stale_reasons: list[str] | None = None,
) -> dict[str, Any]:
    """A claim in a few words, as every look-up tells it; `id` is of the claim that answers."""
    return {
        "id": id,
        "merged_into": None if id == asked else id,
        "version": version,
        "status": status,
        "label": label,
        "updated_at": updated_at,
        "stale_since": stale_since,
        "stale_reasons": stale_reasons,
    }
