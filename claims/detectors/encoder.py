"""The default: the rules find the clauses, and a small learned model grades them. No GPU, no network."""

from dataclasses import replace
from importlib.util import find_spec

from claims.errors import ClaimsError
from claims.extract import Candidate, candidates
from claims.model import Claim, Document
from claims.numbered import is_read

_NEEDED = ("numpy", "onnxruntime", "tokenizers")


class Encoder:
    """Finds claims by rules and grades them by rules and model together.

    The model (two dozen megabytes) is loaded when the first document is read. Raises ModelDamaged when it
    is not whole, and ClaimsError where a package is missing; the detector "rules" does without.
    """

    name = "encoder/1"

    def __init__(self) -> None:
        missing = [package for package in _NEEDED if find_spec(package) is None]
        if missing:
            raise ClaimsError(
                f"The detector “encoder” needs {' and '.join(missing)}. Install it, or choose “rules”."
            )

    def find(self, document: Document) -> list[Claim]:
        """All that the rules find, with the grade that a reader would give it."""
        found = list(candidates(document))
        if not found or not is_read(document.language):
            return [candidate.claim for candidate in found]  # the model was taught English only
        from claims.grading import grades

        graded = zip(found, grades(found), strict=True)
        return [
            _graded(candidate, grade.value, grade.reason, grade.speaks_for) for candidate, grade in graded
        ]


def _graded(candidate: Candidate, value: float, reason: str | None, speaks_for: bool) -> Claim:
    reasons = candidate.claim.reasons
    if reason is not None:
        reasons = (reason, *reasons) if speaks_for else (*reasons, reason)
    return replace(candidate.claim, score=value, reasons=reasons)
