"""Cohen's kappa: how far two readers agree beyond what chance alone would give.

Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20;
the standard error is that of Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72.
"""

from collections.abc import Sequence
from math import sqrt

from claims.values import dataclass

_Z95 = 1.959963984540054
FEW = 30
"""Below so many pairs the interval, which is that of large samples, says less than it seems to."""

# Landis and Koch (1977), Biometrics 33: a convention, no law.
_WORDS = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"), (0.0, "slight"))


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement in a table of counts; shares are of 1.

    `value` is none where kappa is not defined, `low` and `high` (95 %) where no interval can be given.
    """

    pairs: int
    agreed: int
    observed: float | None = None
    expected: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def word(self) -> str | None:
        """What such a value is called."""
        if self.value is None:
            return None
        return next((word for least, word in _WORDS if self.value > least), "no better than chance")


def kappa(table: Sequence[Sequence[int]]) -> Kappa:
    """Kappa of a square table: `table[i][j]` pairs where the first reader said i and the second j."""
    size = len(table)
    if any(len(row) != size for row in table) or any(count < 0 for row in table for count in row):
        raise ValueError("kappa needs a square table of counts")
    pairs = sum(map(sum, table))
    agreed = sum(table[i][i] for i in range(size))
    if not pairs:
        return Kappa(0, 0)
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    # In whole numbers: whether chance alone explains everything must not depend on rounding.
    by_chance = sum(row * column for row, column in zip(rows, columns, strict=True))
    observed, expected = agreed / pairs, by_chance / pairs**2
    if by_chance == pairs**2:
        return Kappa(pairs, agreed, observed, expected)
    value = (agreed * pairs - by_chance) / (pairs**2 - by_chance)
    if agreed == pairs:
        # The formula's error is nought here, and an interval of no width would claim too much.
        return Kappa(pairs, agreed, observed, expected, value)
    error = _standard_error(table, rows, columns, value, expected)
    low, high = max(-1.0, value - _Z95 * error), min(1.0, value + _Z95 * error)
    return Kappa(pairs, agreed, observed, expected, value, low, high)


def _standard_error(
    table: Sequence[Sequence[int]], rows: list[int], columns: list[int], value: float, expected: float
) -> float:
    pairs, size = sum(rows), len(rows)
    first, second = [n / pairs for n in rows], [n / pairs for n in columns]
    same = sum(table[i][i] / pairs * (1 - (first[i] + second[i]) * (1 - value)) ** 2 for i in range(size))
    other = sum(
        table[i][j] / pairs * (second[i] + first[j]) ** 2 for i in range(size) for j in range(size) if i != j
    )
    variance = same + (1 - value) ** 2 * other - (value - expected * (1 - value)) ** 2
    return sqrt(max(0.0, variance) / pairs) / (1 - expected)
