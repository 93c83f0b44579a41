"""English words without their endings, so that "signed", "signing" and "signs" are one term.

A light rule of thumb, in the manner of M. F. Porter's (1980): what it gives need not be a word, only the same for
words that belong together.
"""

import re

_VOWEL = re.compile("[aeiouy]")
_PLURALS = (("ies", "y"), ("sses", "ss"), ("es", "e"), ("s", ""))
_SHORT_STEM = 3


def stem(word: str) -> str:
    """A lower-case word without its endings; what is no word of letters stays as it is."""
    if len(word) < 4 or not word.isalpha():
        return word
    word = _singular(word)
    if len(word) < 5:
        return word
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= _SHORT_STEM and _VOWEL.search(bare):
            # "stopped" → "stop", but "called" → "call".
            word = bare[:-1] if bare[-1] == bare[-2] and bare[-1] not in "lsz" else bare
            break
    for ending in ("ly", "ment", "ness", "ation"):
        if word.endswith(ending) and len(word) - len(ending) > _SHORT_STEM:
            word = word.removesuffix(ending)
            break
    if len(word) > 4:
        word = word.removesuffix("e")
    return word[:-1] + "i" if word[-1] == "y" and len(word) > _SHORT_STEM else word


def _singular(word: str) -> str:
    if word.endswith(("ss", "us", "is")):
        return word
    for ending, instead in _PLURALS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word
