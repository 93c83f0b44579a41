"""Which language is a text in? English is told by its small words; a model is asked only about the rest."""

from threading import Lock
from typing import Any

from claims.lang import words
from claims.patterns import Pattern

_ENGLISH = words(
    "the of and to that for was on with as by from has were said it its his their are which not at have be this "
    "but an had been who they would will"
)
_ENOUGH = 20  # words; fewer are a headline, or a table
_SHARE = 0.2  # English prose has 0.3 to 0.5, no other language above 0.1
_PUBLISHED = (
    "ar bg bn ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk ko lt lv mk ml mr "
    "ms nl no pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur vi zh"
).split()
"""What news is published in; the model also knows small languages, which it sees in short texts of large ones."""
_READ = 5_000  # characters
_WORD = Pattern(r"[^\W\d_]+")
_loading = Lock()
_model: Any = None


def language_of(text: str, declared: str | None = None) -> str | None:
    """The BCP 47 tag of the language, in lower case; None for a text too short to tell.

    `declared` is what the source says. It stands where the text does not clearly say otherwise, for many pages
    in other languages were made from an English template.
    """
    declared = declared.lower() if declared else None
    sample = text[:_READ]
    found = _WORD.findall(sample)
    if sum(word.lower() in _ENGLISH for word in found) >= max(_SHARE * len(found), _ENOUGH * _SHARE):
        guess = "en"
    elif len(found) < _ENOUGH and len("".join(found)) < 2 * _ENOUGH:
        return declared
    else:
        guess = _guess(sample)
    return declared if declared and declared.partition("-")[0] == guess else guess


def _guess(text: str) -> str:
    global _model
    with _loading:
        if _model is None:
            from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second, so only when needed

            _model = LanguageIdentifier.from_model_file(MODEL_FILE)
            _model.set_languages(_PUBLISHED)
    code: str = _model.classify(text)[0]
    return code
