"""Pairs of an old and a new text by a written recipe of newsroom edits, with the right fate of every span known.

    python -m tests.claims.anchoring.revisions tests/claims/cases --pairs 200

Each character of the new text remembers which one of the old text it is, or that it is new. So what became of a
span is known from the edits alone: its words carry over to where its own characters went, if they still stand
together, and to nowhere else.

The recipe, for each pair, drawn by a generator with a fixed seed: two to eight times (once in four sentences at most, but
up to three) one of:

fix        a typing slip that the old text has is corrected
cut        a sentence is cut
insert     a sentence of another article comes in between two sentences
reorder    a paragraph goes to another place
shift      a sentence goes to another place
repeat     a sentence is said again elsewhere
figure     one number becomes another
scale      "million" becomes "billion", "percent" becomes "per cent", "dollars" "euros"
swap       two names change places everywhere
deny       "is" becomes "is not"
hedge      a word comes in somewhere: "reportedly", "all", "may"
correct    a number changes, and a note at the end quotes what an earlier version said
echo       a number changes, and another sentence quotes the old words as somebody's
twin       a sentence like another comes in beside it, with another number
"""

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from claims import Span, sentences

_PARAGRAPH = re.compile(r"\n\s*\n")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?: [A-Z][a-z]{3,})*")
_WORD = re.compile(r"\b[a-z]{6,}\b")
_SCALES = {
    "million": "billion", "billion": "million", "percent": "per cent", "dollars": "euros", "euros": "pounds",
    "thousand": "million", "years": "months", "miles": "kilometres", "weeks": "months",
}  # fmt: skip
_HEDGES = ("reportedly", "all", "may", "not", "only", "never", "however", "there", "also", "more")
_QUOTING = (
    "Critics insisted that {}",
    "“{}”, the leaflet had said",
    "It is not true that {}",
    "A spokesman denied that {}",
)
_NOTES = (
    "Correction: An earlier version of this article said: {}",
    "This article was amended on 4 May. It originally said that {}",
    "An earlier version of this article misstated the figure. It had read: {}",
)


@dataclass
class Text:
    """Characters, and for each the offset in the old text that it had, or -1."""

    letters: str
    origin: list[int]
    old: str

    def put(self, at: int, words: str) -> None:
        """Insert new words."""
        self.letters = self.letters[:at] + words + self.letters[at:]
        self.origin[at:at] = [-1] * len(words)

    def drop(self, start: int, end: int) -> None:
        """Take words out."""
        self.letters = self.letters[:start] + self.letters[end:]
        del self.origin[start:end]

    def replace(self, start: int, end: int, words: str) -> None:
        """Put new words in the place of others."""
        self.drop(start, end)
        self.put(start, words)

    def move(self, start: int, end: int, to: int) -> None:
        """Take a passage to another place, outside of it."""
        words, origin = self.letters[start:end], self.origin[start:end]
        self.drop(start, end)
        to -= (end - start) if to > start else 0
        self.letters = self.letters[:to] + words + self.letters[to:]
        self.origin[to:to] = origin

    def settle(self) -> None:
        """A word that was changed and then changed back is the old one."""
        for gap in re.finditer(r"(?<=1)0+(?=1)", "".join("01"[o >= 0] for o in self.origin)):
            start, end = gap.span()
            first, last = self.origin[start - 1] + 1, self.origin[end]
            if self.old[first:last] == self.letters[start:end]:
                self.origin[start:end] = range(first, last)

    def went(self, span: Span) -> Span | None:
        """Where the characters of an old span stand together now."""
        try:
            at = self.origin.index(span.start)
        except ValueError:
            return None
        size = span.end - span.start
        whole = self.origin[at : at + size] == list(range(span.start, span.end))
        return Span(at, at + size) if whole else None


@dataclass(frozen=True)
class Revision:
    """An old text, the new one, what was done, and where each span went; None where its words are no more."""

    old: str
    new: str
    deeds: tuple[str, ...]
    right: dict[Span, Span | None]


def revisions(texts: Sequence[str], number: int, *, seed: int) -> Iterator[Revision]:
    """`number` pairs made of these texts in turn."""
    chance = random.Random(seed)
    for turn in range(number):
        yield _revised(chance, texts[turn % len(texts)], texts[(turn + 1 + turn // len(texts)) % len(texts)])


def _revised(chance: random.Random, old: str, other: str) -> Revision:
    most = min(8, max(3, len(sentences(old)) // 4))
    deeds = [chance.choice(list(_DEEDS)) for _ in range(chance.randint(2, most))]
    old, slips = _with_slips(chance, old, deeds.count("fix"))
    text = Text(old, list(range(len(old))), old)
    for right, wrong in slips:
        at = text.letters.find(wrong)
        if at >= 0:
            text.replace(at, at + len(wrong), right)
    for deed in deeds:
        if deed != "fix":
            _DEEDS[deed](chance, text, other)
    text.settle()
    spans = _spans(chance, old)
    return Revision(old, text.letters, tuple(deeds), {span: text.went(span) for span in spans})


def _spans(chance: random.Random, old: str) -> list[Span]:
    """Each sentence, and a run of four or more words of each."""
    found: list[Span] = []
    for sentence in sentences(old):
        found.append(Span(sentence.start, sentence.end))
        words = [
            (m.start(), m.end())
            for m in re.finditer(r"\w+(?:[.,’'-]\w+)*", old[sentence.start : sentence.end])
        ]
        if len(words) > 5:
            first = chance.randrange(len(words) - 4)
            last = chance.randrange(first + 4, len(words))
            found.append(Span(sentence.start + words[first][0], sentence.start + words[last][1]))
    return found


def _with_slips(chance: random.Random, old: str, number: int) -> tuple[str, list[tuple[str, str]]]:
    slips = []
    for _ in range(number):
        words = list(_WORD.finditer(old))
        if words:
            word = chance.choice(words)
            at = chance.randrange(1, len(word[0]) - 2)
            wrong = word[0][:at] + word[0][at + 1] + word[0][at] + word[0][at + 2 :]
            if wrong != word[0] and wrong not in old:
                old = old[: word.start()] + wrong + old[word.end() :]
                slips.append((word[0], wrong))
    return old, slips


# --- what an editor does ------------------------------------------------------------------------------


def _sentence(chance: random.Random, text: Text) -> Span:
    return chance.choice(sentences(text.letters))


def _edge(chance: random.Random, text: Text) -> tuple[int, str, str]:
    """Where a sentence may come in, and what goes before and after it."""
    at = _sentence(chance, text)
    return (
        (at.end, " ", "")
        if at.of(text.letters)[-1] in '.”"' and chance.random() < 0.6
        else (at.end, "\n\n", "\n\n")
    )


def _only_one(text: Text, span: Span) -> bool:
    """To cut a sentence that is said twice is to move it, or to change its twin: from the texts nobody could tell."""
    words = set(span.of(text.letters).split())
    others = (set(s.of(text.letters).split()) for s in sentences(text.letters) if s != span)
    return not any(len(words & other) > 0.6 * len(words) for other in others)


def _cut(chance: random.Random, text: Text, other: str) -> None:
    span = _sentence(chance, text)
    if _only_one(text, span):
        text.drop(span.start, span.end)


def _insert(chance: random.Random, text: Text, other: str) -> None:
    at, before, after = _edge(chance, text)
    text.put(at, before + chance.choice(sentences(other)).of(other) + after)


def _reorder(chance: random.Random, text: Text, other: str) -> None:
    edges = [0, *(gap.end() for gap in _PARAGRAPH.finditer(text.letters)), len(text.letters)]
    if len(edges) > 3:
        i = chance.randrange(len(edges) - 2)
        to = chance.choice([e for e in edges[:-1] if e not in (edges[i], edges[i + 1])] or [edges[i]])
        text.move(edges[i], edges[i + 1], to)


def _shift(chance: random.Random, text: Text, other: str) -> None:
    span = _sentence(chance, text)
    to = _sentence(chance, text)
    if not span.overlaps(to) and to.of(text.letters)[-1] in '.”"' and _only_one(text, span):
        text.put(to.end, " ")
        start = span.start + (span.start >= to.end)
        text.move(start, start + span.end - span.start, to.end + 1)


def _repeat(chance: random.Random, text: Text, other: str) -> None:
    span = _sentence(chance, text)
    words = span.of(text.letters)
    last = max(text.origin[max(0, span.start - 40) : span.start], default=-1)
    if last >= 0 and abs(text.origin[span.start] - last) > 40:
        return  # it has been moved: a copy in its old place would be nothing else than the sentence itself
    at, before, after = _edge(chance, text)
    text.put(at, before + words + after)


def _another(chance: random.Random, number: str) -> str:
    digits = [i for i, c in enumerate(number) if c.isdigit()]
    at = chance.choice(digits)
    now = chance.choice([d for d in "123456789" if d != number[at]])
    return number[:at] + now + number[at + 1 :]


def _figure(chance: random.Random, text: Text, other: str) -> None:
    numbers = list(_NUMBER.finditer(text.letters))
    if numbers:
        number = chance.choice(numbers)
        text.replace(number.start(), number.end(), _another(chance, number[0]))


def _scale(chance: random.Random, text: Text, other: str) -> None:
    words = list(re.finditer(rf"\b(?:{'|'.join(_SCALES)})\b", text.letters))
    if words:
        word = chance.choice(words)
        text.replace(word.start(), word.end(), _SCALES[word[0]])


def _swap(chance: random.Random, text: Text, other: str) -> None:
    names = sorted({match[0] for match in _NAME.finditer(text.letters)})
    first, second = chance.sample(names, 2) if len(names) > 1 else ("", "")
    # "Vallada" and "Sporting Vallada" would only change a word beside the name.
    if first and not set(first.split()) & set(second.split()):
        for found in reversed(list(re.finditer(rf"\b(?:{first}|{second})\b", text.letters))):
            text.replace(found.start(), found.end(), second if found[0] == first else first)


def _deny(chance: random.Random, text: Text, other: str) -> None:
    words = list(re.finditer(r"\b(?:is|was|were|are|will|has|had|did)\b(?! not)", text.letters))
    if words:
        text.put(chance.choice(words).end(), " not")


def _hedge(chance: random.Random, text: Text, other: str) -> None:
    word = chance.choice(_HEDGES)
    spaces = list(re.finditer(rf"(?<=[a-z])(?<!{word}) (?=[a-z])(?!{word})", text.letters))
    if spaces:
        text.put(chance.choice(spaces).start(), " " + word)


def _with_another_number(chance: random.Random, text: Text) -> str | None:
    """Change a number, and give the sentence as it was."""
    found = [s for s in sentences(text.letters) if _NUMBER.search(s.of(text.letters))]
    if not found:
        return None
    span = chance.choice(found)
    words = span.of(text.letters)
    number = chance.choice(list(_NUMBER.finditer(words)))
    text.replace(span.start + number.start(), span.start + number.end(), _another(chance, number[0]))
    return words


def _correct(chance: random.Random, text: Text, other: str) -> None:
    words = _with_another_number(chance, text)
    if words:
        text.put(len(text.letters.rstrip()), "\n\n" + chance.choice(_NOTES).format(words))


def _echo(chance: random.Random, text: Text, other: str) -> None:
    words = _with_another_number(chance, text)
    if words:
        at, before, after = _edge(chance, text)
        quoted = chance.choice(_QUOTING).format(words.rstrip(".")) + "."
        text.put(at, before + quoted + after)


def _twin(chance: random.Random, text: Text, other: str) -> None:
    found = [s for s in sentences(text.letters) if _NUMBER.search(s.of(text.letters))]
    if found:
        span = chance.choice(found)
        words = span.of(text.letters)
        number = chance.choice(list(_NUMBER.finditer(words)))
        like = words[: number.start()] + _another(chance, number[0]) + words[number.end() :]
        if like in text.old:
            return
        text.put(span.end, " " + like) if chance.random() < 0.5 else text.put(span.start, like + " ")


_DEEDS: dict[str, Callable[[random.Random, Text, str], None]] = {
    "fix": lambda *_: None,
    "cut": _cut, "insert": _insert, "reorder": _reorder, "shift": _shift, "repeat": _repeat, "figure": _figure,
    "scale": _scale, "swap": _swap, "deny": _deny, "hedge": _hedge, "correct": _correct, "echo": _echo, "twin": _twin,
}  # fmt: skip


# --- how well it is told -------------------------------------------------------------------------------


@dataclass
class Tally:
    """Of the spans whose words still stand together, how many were kept; of all, how many went wrong."""

    pairs: int = 0
    spans: int = 0
    right: int = 0
    kept: int = 0
    wrong: int = 0
    wrong_if_harmless: int = 0

    def __str__(self) -> str:
        share = 100 * self.kept / max(1, self.right)
        return (
            f"{self.pairs} pairs, {self.spans} spans: {self.kept} of {self.right} right carry-overs kept ({share:.2f} %), "
            f"{self.wrong} wrong, {self.wrong_if_harmless} more wrong if harmless changes carry over"
        )


def measure(
    pairs: Iterator[Revision], tell: Callable[[Revision, Span, object], None] = lambda *_: None
) -> Tally:
    """Re-anchor every span of every pair; `tell` is called for each that is not as it should be."""
    from claims.anchoring import reanchor

    tally = Tally()
    for revision in pairs:
        tally.pairs += 1
        fates = reanchor(revision.old, revision.new, list(revision.right), language="en")
        for fate in fates:
            right = revision.right[fate.span]
            tally.spans += 1
            tally.right += right is not None
            tally.kept += right is not None and fate.carries() and fate.place == right
            wrong = fate.carries() and fate.place != right
            tally.wrong += wrong
            tally.wrong_if_harmless += fate.harmless and not _only_slips(revision, fate)
            if (
                wrong
                or right is not None
                and not fate.carries()
                or fate.harmless
                and not _only_slips(revision, fate)
            ):
                tell(revision, fate.span, fate)
    return tally


def _only_slips(revision: Revision, fate: object) -> bool:
    """The recipe knows one harmless change: a slip that it made itself, where the words about it are its own."""
    return "fix" in revision.deeds and all(change.sort == "slip" for change in fate.changes)  # type: ignore[attr-defined]


def texts_of(path: Path) -> list[str]:
    """The texts of a folder or a file."""
    if path.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in path.read_text().splitlines()]
    return [file.read_text() for file in sorted(path.rglob("*.txt"))]


def main() -> None:
    """Print how well spans of texts are re-anchored: a folder of .txt, or a .jsonl with "text"."""
    parser = argparse.ArgumentParser()
    parser.add_argument("texts", type=Path)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", choices=("even", "odd"), help="only every other text")
    parser.add_argument("--tell", action="store_true", help="show what is not as it should be")
    chosen = parser.parse_args()
    texts = texts_of(chosen.texts)
    if chosen.half:
        texts = texts[chosen.half == "odd" :: 2]

    def tell(revision: Revision, span: Span, fate: object) -> None:
        if chosen.tell:
            right = revision.right[span]
            place = fate.place  # type: ignore[attr-defined]
            print(fate.outcome, revision.deeds, fate.reason, [str(c) for c in fate.changes])  # type: ignore[attr-defined]
            print(
                "   old:",
                repr(revision.old[max(0, span.start - 50) : span.start]),
                repr(span.of(revision.old)),
                repr(revision.old[span.end : span.end + 50]),
            )
            print("   right:", right and repr(revision.new[max(0, right.start - 50) : right.end + 50]))
            print("   told:", place and repr(revision.new[max(0, place.start - 50) : place.end + 50]))

    print(measure(revisions(texts, chosen.pairs, seed=chosen.seed), tell))


if __name__ == "__main__":
    main()
