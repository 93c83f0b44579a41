"""Is this the same claim as that one? One against another, or one against very many.

    from claims.matching import Index, compare

    compare("The letter was signed by 242 developers.", "424 developers signed the letter.")
    # similar, not the same: "242 ≠ 424"

    index = Index()
    index.add("17", "Unemployment fell to 4 percent in March 2019.")
    index.search("In March 2019 the unemployment rate dropped to 4%")  # [Match("17", …, "same", …)]

Words and meaning rank: an inverted index of terms, and the vectors of a small encoder. Differences decide:
where numbers, dates, names, a denial or the direction differ, two claims are never the same, however alike
they sound. Without the encoder (claims.encoder) it works by words alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.matching.comparing import SAME, SIMILAR, Comparison, Relation, compare, judge
    from claims.matching.differences import Ground, Veto
    from claims.matching.index import LOOKED_AT, Index, Match, matches, vector_of, with_vectors
    from claims.matching.marks import Mark, Marks, Standing, compare_words
    from claims.matching.ranking import Entry, Hit, Ranking
    from claims.matching.terms import plain
    from claims.matching.vectors import MODEL, encoded, packed, unpacked

__all__ = [
    "LOOKED_AT",
    "MODEL",
    "SAME",
    "SIMILAR",
    "Comparison",
    "Entry",
    "Ground",
    "Hit",
    "Index",
    "Mark",
    "Marks",
    "Match",
    "Ranking",
    "Relation",
    "Standing",
    "Veto",
    "compare",
    "compare_words",
    "encoded",
    "judge",
    "matches",
    "packed",
    "plain",
    "unpacked",
    "vector_of",
    "with_vectors",
]

# Loaded when somebody asks for one: most of these need numpy, which takes as long as a web framework.
_ROOMS = {
    "SAME": "comparing",
    "SIMILAR": "comparing",
    "Comparison": "comparing",
    "Relation": "comparing",
    "compare": "comparing",
    "judge": "comparing",
    "Ground": "differences",
    "Veto": "differences",
    "LOOKED_AT": "index",
    "Index": "index",
    "Match": "index",
    "matches": "index",
    "vector_of": "index",
    "with_vectors": "index",
    "Mark": "marks",
    "Marks": "marks",
    "Standing": "marks",
    "compare_words": "marks",
    "Entry": "ranking",
    "Hit": "ranking",
    "Ranking": "ranking",
    "plain": "terms",
    "MODEL": "vectors",
    "encoded": "vectors",
    "packed": "vectors",
    "unpacked": "vectors",
}


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
