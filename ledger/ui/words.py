"""The ledger's words as pages show them: each status with its sign, kinds, stances, roles."""

from urllib.parse import urlsplit

from claims.values import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A value of the ledger: how it is called, its sign, and what it means."""

    label: str
    icon: str
    meaning: str
    group: str = ""


# In the order of a claim's life. Groups are what a progress bar tells apart.
STATUSES = {
    "candidate": Word("Candidate", "circle-dashed", "A machine's guess: accept it or dismiss it.", "todo"),
    "unchecked": Word("Unchecked", "circle", "Worth checking; nobody has it yet.", "open"),
    "checking": Word("Checking", "circle-dot", "Somebody is checking it.", "work"),
    "proposed": Word("Proposed", "hourglass", "A verdict waits for a signature.", "work"),
    "stale": Word("Stale", "history", "Something changed since the verdict was signed.", "stale"),
    "supported": Word("Supported", "circle-check", "The evidence bears it out.", "settled"),
    "misleading": Word("Misleading", "triangle-alert", "Partly right, and it leads astray.", "settled"),
    "refuted": Word("Refuted", "circle-x", "The evidence says otherwise.", "settled"),
    "disputed": Word("Disputed", "scale", "Good sources contradict each other.", "settled"),
    "unproven": Word("Unproven", "circle-help", "There is not enough evidence.", "settled"),
    "withdrawn": Word("Withdrawn", "ban", "Not to be relied on any more.", "settled"),
    "dismissed": Word("Dismissed", "x", "Put aside: not worth checking.", ""),
}

GROUPS = {
    "settled": "settled",
    "work": "in work",
    "open": "unchecked",
    "todo": "to sort",
    "stale": "stale",
}

KINDS = {
    "quantity": "Quantity",
    "event": "Event",
    "attribution": "Attribution",
    "law_or_policy": "Law or policy",
    "cause": "Cause",
    "comparison": "Comparison",
    "identity": "Identity",
    "other": "Other",
}

STANCES = {
    "supports": Word("Supports", "check", "It bears the claim out."),
    "refutes": Word("Refutes", "x", "It says otherwise."),
    "context": Word("Context", "link", "It helps to understand the claim."),
}

ROLES = {
    "reader": "reads everything",
    "reviewer": "checks claims, proposes and signs verdicts",
    "editor": "also overrides, withdraws and keeps the desks",
    "admin": "also manages accounts",
}


# From which check-worthiness on which word is used.
WORTHS = ((0.8, "high"), (0.6, "fair"), (0.4, "low"), (0.0, "very low"))
COVERS = {
    "claim": "has an entry",
    "candidate": "has a candidate, to be sorted",
    "dismissed": "was looked at, and dismissed",
    "none": "no entry",
}


def worth(score: float | None) -> str:
    """A machine's guess in a word; the number beside it says how much."""
    return next((word for least, word in WORTHS if (score or 0) >= least), "very low")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an article is: claims by group, dismissed ones left out."""

    counts: dict[str, int]

    @property
    def groups(self) -> list[tuple[str, str, int]]:
        """Group, its words and its number, those with claims only."""
        found = [
            (group, label, sum(n for status, n in self.counts.items() if STATUSES[status].group == group))
            for group, label in GROUPS.items()
        ]
        return [one for one in found if one[2]]

    @property
    def total(self) -> int:
        """All claims but the dismissed ones."""
        return sum(n for _, _, n in self.groups)

    @property
    def settled(self) -> int:
        """Those with a verdict that counts, and the withdrawn."""
        return sum(n for group, _, n in self.groups if group == "settled")

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """Group, where its piece of the bar begins, and how long it is, of 100."""
        at, pieces = 0.0, []
        for group, _, n in self.groups:
            width = 100 * n / self.total
            pieces.append((group, round(at, 2), round(width, 2)))
            at += width
        return pieces


def host(url: str | None) -> str:
    """The site of an address, as people say it."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def plural(count: int, one: str, many: str | None = None) -> str:
    """`3 claims`, `1 claim`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
