"""Was it a typing slip? Only where it was no word before, is one now, and a single key explains it."""

import json
from functools import cache

from claims.lang import en

_SHORTEST = 5  # letters; in shorter words a single key makes another word
_TAIL = 2  # letters at the end that must agree: endings tell who does what, and when


def slip(before: str, after: str) -> bool:
    """Is `after` what `before` was meant to be? Both are words in small letters.

    Two neighbouring letters changed places, or one was left out or typed too often; never one for another:
    "proscribed" is a word too. First letter and ending stay, for they turn a meaning round.
    """
    if min(len(before), len(after)) < _SHORTEST or before[0] != after[0] or before[-_TAIL:] != after[-_TAIL:]:
        return False
    return (
        _one_key(before, after)
        and after in _known()
        and before not in _known()
        and not _made_of_words(before)
    )


def _one_key(before: str, after: str) -> bool:
    if len(before) == len(after):
        unlike = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        return (
            len(unlike) == 2
            and unlike[1] == unlike[0] + 1
            and before[unlike[0]] == after[unlike[1]]
            and before[unlike[1]] == after[unlike[0]]
        )
    longer, shorter = sorted((before, after), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(
        longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer))
    )


def _made_of_words(word: str) -> bool:
    """Might it be a word that no list has: one with a prefix, or of two words?"""
    known = _known()
    if any(
        word.startswith(prefix) and word[len(prefix) :] in known
        for prefix in (*en.DENYING_PREFIXES, "re", "over", "under", "out")
    ):
        return True
    return any(word[:i] in known and word[i:] in known for i in range(4, len(word) - 3))


@cache
def _known() -> frozenset[str]:
    """The words of the encoder's vocabulary, 20,000 of them, and the verbs of our own lists."""
    from claims.encoder import MODELS

    table = json.loads((MODELS / "minilm" / "tokenizer.json").read_bytes())["model"]["vocab"]
    return (
        frozenset(word for word in table if word.isalpha()) | en.BASES | en.PAST | en.PARTICIPLES | en.THIRD
    )
