"""Regular expressions that are compiled when first used, so that importing stays quick."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from sys import maxsize


class Pattern:
    """What `re.compile` gives of the same arguments, compiled later."""

    def __init__(self, source: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._source, self._flags = source, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._source, self._flags)

    def match(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        return self._compiled.match(text, start, end)

    def fullmatch(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        return self._compiled.fullmatch(text, start, end)

    def search(self, text: str, start: int = 0, end: int = maxsize) -> re.Match[str] | None:
        return self._compiled.search(text, start, end)

    def finditer(self, text: str, start: int = 0, end: int = maxsize) -> Iterator[re.Match[str]]:
        return self._compiled.finditer(text, start, end)

    def findall(self, text: str) -> list[str]:
        found: list[str] = self._compiled.findall(text)
        return found

    def split(self, text: str) -> list[str]:
        return self._compiled.split(text)

    def sub(self, replacement: str, text: str) -> str:
        return self._compiled.sub(replacement, text)


def either(words: Iterable[str]) -> str:
    """A pattern for any of `words`, the longest first: "percentage points" before "percent"."""
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
