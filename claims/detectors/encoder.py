"""The default: the rules find the clauses, and a small learned model grades them. No GPU, no network."""

from dataclasses import replace
from importlib.util import find_spec

from claims.detection import DOUBTS
from claims.errors import ClaimsError
from claims.extract import Candidate, candidates
from claims.grading import CHECKED, LEFT, Grade, grades
from claims.model import Claim, Document
from claims.numbered import is_read

PLAIN = "a plain statement"
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
        return [_graded(candidate, grade) for candidate, grade in zip(found, grades(found), strict=True)]


def _graded(candidate: Candidate, grade: Grade) -> Claim:
    """The claim with its grade; what speaks for it comes first among the reasons, what against it last."""
    reasons = list(candidate.claim.reasons)
    if grade.reason == CHECKED:
        reasons.insert(0, CHECKED)
    elif grade.reason is not None:
        reasons.append(grade.reason)
    if all(reason in DOUBTS or reason == LEFT for reason in reasons):
        reasons.insert(0, PLAIN)
    return replace(candidate.claim, score=grade.value, reasons=tuple(reasons))
