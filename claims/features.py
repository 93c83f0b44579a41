"""What a sentence is made of, as numbers for a linear model: hashed n-grams, and counts of telling signs."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise
from zlib import crc32

from claims.lang.en.signs import CASED_SIGNS, SIGNS

BUCKETS = 1 << 16
"""Of each of the two tables of n-grams: of words, and of characters."""

_MAX_CHARACTERS = 2_000  # of a sentence; far more than the encoder reads
_MAX_WORD = 30
_WORD = re.compile(r"[^\W\d_']+(?:'[^\W\d_]+)*|\d+|[%$£€]")
_STRAIGHT = str.maketrans("’‘ʼ“”–—\u00a0", "'''\"\"-- ")
_DIGIT = re.compile(r"\d")
_SIGNS = [*(re.compile(sign, re.IGNORECASE) for sign in SIGNS), *map(re.compile, CASED_SIGNS)]

Bag = dict[int, float]
"""Bucket → weight; the weights of a bag have length 1."""


def plain(text: str) -> str:
    """The text as the debates are written, which the models learned from: straight quotes and hyphens."""
    return text[:_MAX_CHARACTERS].translate(_STRAIGHT)


def bags(text: str) -> tuple[Bag, Bag]:
    """The words and pairs of words, and the runs of 2 to 5 bytes in words, as weighted buckets.

    A digit is a digit: "3.9" and "4.2" are alike. A feature's weight is 1 + ln(how often): TF-IDF without the
    IDF, which made the model no better.
    """
    words = [word.encode() for word in _WORD.findall(_DIGIT.sub("0", plain(text).lower()))]
    pairs = [b"%b %b" % pair for pair in pairwise(words)]
    runs = [
        padded[i : i + size]
        for padded in (b" %b " % word[:_MAX_WORD] for word in words)
        for size in range(2, 6)
        for i in range(len(padded) - size + 1)
    ]
    return _bag([*words, *pairs]), _bag(runs)


def signs(text: str) -> list[float]:
    """ln(1 + how often) for each sign in claims/lang/en/signs.py, then for words, capitals and digits."""
    text = plain(text)
    words = _WORD.findall(text)
    capitals = sum(word[0].isupper() for word in words[1:])
    counts = [sum(1 for _ in sign.finditer(text)) for sign in _SIGNS]
    counts += [len(words), len(words) < 5, len(words) < 9, capitals, sum(map(str.isdigit, text))]
    return [math.log1p(count) for count in counts]


def _bag(features: list[bytes]) -> Bag:
    counts = Counter([crc32(feature) % BUCKETS for feature in features])
    weights = {bucket: 1 + math.log(count) for bucket, count in counts.items()}
    length = math.hypot(*weights.values())
    return {bucket: weight / length for bucket, weight in weights.items()}
