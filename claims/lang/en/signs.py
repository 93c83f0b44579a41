"""What tells a fact worth checking from talk, as patterns. The trained model has a weight for each.

A change here counts only once the model is trained again: python -m claims.training
"""

SIGNS = (
    r"\d",
    r"\$|£|€|\b(?:dollars?|pounds|euros)\b",
    r"%|\bper ?cent\b",
    r"\b(?:hundreds?|thousands?|millions?|billions?|trillions?)\b",
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|half|third|quarter|double|twice)\b",
    r"\b(?:19|20)\d\d\b",
    r"\b(?:was|were|had|did|\w{3,}ed|went|made|took|said|came|lost|grew|fell|rose|cut|spent|gave|left|became|put|ran|built|brought|told|got|paid)\b",
    r"(?:\b(?:has|have|had)|'ve|'s) (?:\w+ )?\w+ed\b",
    r"\b(?:we|our|us)\b",
    r"\byou\b",
    r"\b(?:he|she|they|his|her|their)\b",
    r"\b(?:think|believe|hope|want|feel|should|must|ought|need|let)\b",
    r"\b(?:will|would|going to|shall|could|may|might)\b|'ll\b",
    r"\b(?:not|no|never)\b|n't\b",
    r"\?\s*$",
    r"\b(?:more|less|fewer|higher|lower|most|least|\w{3,}est|\w{3,}er than)\b",
    r"\b(?:since|last|ago|first time|in history|ever|today|now)\b",
    r"\bthan\b",
    r"\b(?:voted?s?|bill|law|tax(?:es)?|budget|deficit|amendment|program(?:me)?|plan|congress|senate)\b",
    r",",
)

CASED_SIGNS = (r"\bI\b",)
"""Where capitals matter."""
