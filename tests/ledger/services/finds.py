"""A detector that finds what a test tells it to, at the score that it says."""

from claims import Claim, Kind, Span

TEXT = (
    "The bridge cost 4.2 million euros. It has 242 lamps. The mayor opened it in 2024. Twelve towns paid.\n"
)
COST, LAMPS, MAYOR, TOWNS = (
    "The bridge cost 4.2 million euros",
    "It has 242 lamps",
    "The mayor opened it in 2024",
    "Twelve towns paid",
)


class Finds:
    """A detector that finds these words, each at this score."""

    def __init__(self, version=1, **found):
        self.name = f"test/{version}"
        self._found = found

    def find(self, document):
        words = {"cost": COST, "lamps": LAMPS, "mayor": MAYOR, "towns": TOWNS, "short": COST[4:]}
        for name, score in self._found.items():
            start = document.text.index(words[name])
            span = Span(start, start + len(words[name]))
            yield Claim(span, words[name], words[name], Kind.EVENT, score, (f"reason {score}",))
