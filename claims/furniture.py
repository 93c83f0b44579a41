"""Credits, buttons and notes around an article. Real prose is never furniture: when in doubt, it is none."""

from claims.lang import en
from claims.patterns import Pattern

_BEGINS = Pattern("|".join(en.FURNITURE))
_ABOUT_ITSELF = Pattern(en.ABOUT_ITSELF)
_CORRECTING = Pattern(en.CORRECTING)
_COUNTER = Pattern(en.COUNTERS)
_CRUMBS = Pattern(r"[\w&’' -]{2,24}(?: ?[>|»›•·/] ?[\w&’' -]{2,24}){2,}")
_CREDITED = Pattern(
    r"\((?:(?:AP|File|Handout)? ?Photo|Image|Picture|Credit|[A-Z][\w ]{1,30}/[A-Z])[^()]{0,60}\)$"
)
_CAPTION = Pattern(r"FILE ?[-–—]|(?:Image |Photo )?[Cc]aption[,:] ")
_CREDITING = ("by ", "credit", "courtesy", ": ", "©", "copyright")
_LONGEST = 240  # characters
_LINE = 110
_FEW = 9  # words


def is_furniture(words: str) -> bool:
    """ "Photograph: A. Person/Agency", "Read more: …", "12 comments", "© 2026", "Editing by A. Person"."""
    if len(words) > _LONGEST:
        return False
    low = words.lower().replace("’", "'").strip()
    plain = low.strip("()[]… .!»>→")
    if plain in en.BUTTONS or plain and en.BUTTONS.issuperset(plain.split()):
        return True
    if _BEGINS.match(low) or _COUNTER.fullmatch(plain) or _CRUMBS.fullmatch(plain):
        return True
    return _ABOUT_ITSELF.match(low) is not None and not _CORRECTING.search(low) or _is_credit(words, low)


def is_caption(words: str) -> bool:
    """ "FILE - The wall in May. (AP Photo/A. Person)": what a picture shows."""
    words = words.strip()
    return len(words) <= 2 * _LONGEST and (_CAPTION.match(words) or _CREDITED.search(words)) is not None


def _is_credit(words: str, low: str) -> bool:
    low = low.strip("()[] ")
    first, _, rest = low.partition(" ")
    if first.rstrip(":|") in en.CREDIT_STARTS:
        if first[-1:] in (":", "|") or rest.startswith(_CREDITING) and len(low.split()) <= _FEW:
            return True
    short = len(words) < _LINE and not words.rstrip().endswith(".")
    return short and (low.startswith(en.AGENCIES) or low.endswith(en.AGENCIES) and len(low.split()) < _FEW)
