"""Where sentences of English end: each stop is judged by the word before it and the word after it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from claims.lang import en
from claims.patterns import Pattern

_STOP = Pattern(
    r"(?:(?P<cut>\[ ?(?:\.{3}|…) ?\])|(?P<dots>…+|\.(?: ?\.)+)|(?P<mark>[.!?‽]+)|(?P<wide>[。！？｡।॥؟۔።]+))"
    r"(?P<close>(?:[\"'”’»)\]}」』）*]|\[\d{1,3}\])*)(?P<face> ?[:;]-?[()DP](?=\s))?(?P<gap>\s+)?"
)
_WORD = Pattern(r"[\w.&'’°º]*[\w°º]$")
_AFTER = Pattern(r"[\W_]*([^\W_][\w.'’]*)?")
_ACRONYM = Pattern(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_MARKER = Pattern(r"[\W_]*(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})?$")
_BRANDED = Pattern(r"(?:[a-z]{1,2}[A-Z]|al-)")  # iPhone, eBay, al-Sadr
_SPEAKER = Pattern(r"[\w'’-]+\.?(?: [\w'’-]+\.?){1,3}")
_BULLETS = "•⁃‣◦▪*-"
_ITEM = Pattern(r"(?:^|(?<=\s))[•⁃‣◦▪*-]? ?(?P<number>\d{1,3}|[a-z])(?P<style>\.\)|[.)])(?=\s)")
_BULLET = Pattern(r"(?<=\s)[•⁃‣◦▪](?=\s|\d)")
_SET_APART = Pattern(
    rf"(?<=[\w”\"’'])(?= (?:{en.CREDIT_LABELS}): ?[A-Z])"  # a credit that follows a caption without a stop
    r"|(?:^|(?<=\s))([*_=~#-])\1{2,}(?=\s)"  # a rule of marks
    r"|(?<=[:;][)D])(?=\s+[A-Z])|(?<=[:;]-[)D])(?=\s+[A-Z])"  # a smile
    r"|(?<!\S)E-?mail: [^@\n]{1,60}@[\w.-]+>?(?=\s)"
    r"|(?<!\S)https?://\S+(?=\s+https?://)"
)
_LOOK = 48  # characters on either side; more than any abbreviation or speaker needs
_NARROW = 45  # characters
_WRAPPED = 0.7  # of the longest line; lines wrapped at words are seldom shorter


def ends(text: str) -> list[int]:
    """Where the sentences of a paragraph end, in order; the space behind an end belongs to none."""
    forced = sorted({*_items(text), *_breaks(text), *(match.end() for match in _SET_APART.finditer(text))})
    found = [0]
    for match in _STOP.finditer(text):
        begin = _since(forced, match.start(), found[-1])
        end = _end(text, begin, match)
        if end is not None:
            found.append(end)
    return sorted({*found[1:], *forced})


def _since(forced: list[int], at: int, last: int) -> int:
    i = bisect_right(forced, at)
    return max(last, forced[i - 1]) if i else last


def _end(text: str, begin: int, stop: re.Match[str]) -> int | None:
    """Where the sentence ends if it does at this stop."""
    end = max(stop.end("close"), stop.end("face"))
    ahead = text[stop.end() : stop.end() + _LOOK]
    if stop["wide"]:
        return None if stop["close"] and ahead[:1].islower() else end
    follows = _first_word(ahead)
    if not stop["gap"]:
        return end if ahead and _glued(text, stop, follows) else None
    if not ahead or _is_marker(text, begin, stop.start()):
        return None
    if stop["cut"] or stop["dots"]:
        return _after_dots(text, stop, ahead, follows, end)
    if "?" in stop["mark"] or "!" in stop["mark"]:
        return end if _ends_in_a_mark(text, stop, ahead, follows) else None
    return end if _ends_in_a_stop(text, begin, stop, ahead, follows) else None


def _after_dots(text: str, stop: re.Match[str], ahead: str, follows: str, end: int) -> int | None:
    # "I" is always a capital, so after an omission it tells nothing; and a bracket holds a source.
    if not follows[:1].isupper() or follows.partition("’")[0].partition("'")[0] == "I" or ahead[0] == "(":
        return None
    if stop["dots"] and stop["dots"] == ". . . ." and not text[stop.start() - 1].isspace():
        # A full stop where the sentence ends, then three dots for what was left out.
        return stop.start() + 1
    return end


def _ends_in_a_mark(text: str, stop: re.Match[str], ahead: str, follows: str) -> bool:
    before = _word(text, stop.start())
    quoted = any(mark in stop["close"] for mark in "\"'”’»")
    if ahead[0] in ",;:)]–—" or not follows:
        return ahead[0] not in ",;:)]–—"
    if before.lower() in en.NAMES_WITH_A_MARK and not quoted:
        return follows.lower() in en.STARTERS and follows[0].isupper()
    if follows[0].islower():
        return not stop["close"] and not before[:1].isupper() or _BRANDED.match(follows) is not None
    if quoted:
        return not _speech_goes_on(ahead)
    return not stop["close"].endswith(")") or _is_starter(follows)


def _ends_in_a_stop(text: str, begin: int, stop: re.Match[str], ahead: str, follows: str) -> bool:
    word = _word(text, stop.start())
    low = word.lower()
    if ahead[0] in ",;:)]":
        return False
    if not follows or ahead.startswith(("http://", "https://", "www.")):
        return True
    if low in en.BEFORE_NAMES and not stop["close"] and (not word.isupper() or follows.isupper()):
        return False
    if follows[0].isdigit():
        return not (low in en.BEFORE_NUMBERS or low in en.MAY_END or _ACRONYM.match(word))
    if follows[0].islower():
        return _BRANDED.match(follows) is not None or not stop["close"] and _is_plain(word)
    if stop["close"]:
        return True
    if low in ("a.m", "p.m", "am", "pm"):
        return follows.lower() not in en.AFTER_TIMES and len(text[begin : stop.start()][:_LOOK].split()) > 4
    if len(word) == 1 and word.isupper():
        return _is_starter(follows) or word == "I" and not _named_before(text, stop.start())
    if low == "etc" or low in en.BEFORE_NUMBERS:
        return True
    if low in en.MAY_END or _ACRONYM.match(word):
        return _is_starter(follows)
    return True


def _is_plain(word: str) -> bool:
    """An ordinary word or a year: whoever goes on with a small letter after it just writes carelessly."""
    if word.isdigit():
        return len(word) == 4
    return len(word) > 3 and word.isalpha() and word.islower() and word not in en.ABBREVIATIONS


def _is_starter(word: str) -> bool:
    return word[:1].isupper() and word.lower() in en.STARTERS


def _glued(text: str, stop: re.Match[str], follows: str) -> bool:
    """ "since last year.The council": the space was lost."""
    before = _word(text, stop.start())
    tight = text[stop.end() : stop.end() + 1].isupper() and len(follows) > 1
    whole = before.isdigit() or before[-2:].isalpha() and before[-2:].islower() and "." not in before
    return tight and whole and len(before) > 2 and _is_starter(follows)


def _is_marker(text: str, begin: int, at: int) -> bool:
    """ "1." and "a." in front of an item, or dots that go before a sentence."""
    return at - begin < 12 and _MARKER.match(text[begin:at]) is not None


def _speech_goes_on(ahead: str) -> bool:
    """Does a speaker follow: `"Will it end?" Dr Imre asked`?"""
    found = _SPEAKER.match(ahead)
    words = found[0].replace(".", "").split() if found else []
    return any(word in en.SAYING and word.endswith(("d", "s", "e")) for word in words[1:])


def _first_word(ahead: str) -> str:
    found = _AFTER.match(ahead)
    return (found[1] or "").rstrip(".'’") if found else ""


def _word(text: str, end: int) -> str:
    found = _WORD.search(text[max(0, end - _LOOK) : end])
    return found[0] if found else ""


def _named_before(text: str, end: int) -> bool:
    words = text[max(0, end - _LOOK) : end].split()
    return len(words) > 1 and words[-2][:1].isupper()


def _items(text: str) -> Iterator[int]:
    """Where items begin in a list on one line: "1. The first item 2. The second item"."""
    first = _ITEM.match(text)
    if first is not None:
        wanted, style = _next(first["number"]), first["style"]
        for match in _ITEM.finditer(text, first.end()):
            if match["number"] == wanted and match["style"] == style:
                wanted = _next(wanted)
                yield match.start()
    if text[:1] in "•⁃‣◦▪":
        yield from (match.start() for match in _BULLET.finditer(text))


def _next(number: str) -> str:
    return str(int(number) + 1) if number.isdigit() else chr(ord(number) + 1)


def _breaks(text: str) -> Iterator[int]:
    """Line ends set on purpose: a line with room to spare for the next one's first word was not wrapped."""
    lines = text.split("\n")
    width = max(map(len, lines))
    # Nobody wraps as narrowly as this, unless a small letter at the head of a line or a stop says so.
    wrapped = text.rstrip()[-1:] in ".!?”" or any(line.lstrip()[:1].islower() for line in lines)
    listed = width < _NARROW and not wrapped
    at = 0
    for line, below in pairwise(lines):
        at += len(line)
        first = below.split(maxsplit=1)
        if first and (listed or _broken(line, first[0], width)):
            yield at
        at += 1


def _broken(line: str, word: str, width: int) -> bool:
    if word[0] in _BULLETS:
        return True
    return not word[0].islower() and line[-1:] not in ",-–" and len(line) + len(word) < _WRAPPED * width
