"""What can go wrong when reading a text or finding a quote again."""

from typing import Literal

Reason = Literal["empty", "encrypted", "scanned", "broken", "too_large", "unsupported", "binary"]


class ClaimsError(Exception):
    """Anything this library refuses to do. The message is one sentence for a person."""


class Unreadable(ClaimsError):
    """A file gave no text. `reason` is a word for programs; the message names the remedy."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason


class Ambiguous(ClaimsError):
    """A quote stands in several places and nothing around it tells them apart."""


class DetectionFailed(ClaimsError):
    """A detector could not do its work now, because something that it needs fails; later it may."""
