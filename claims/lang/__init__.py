"""What differs by language: words, hedges, abbreviations. English so far."""


def words(text: str) -> frozenset[str]:
    """The words of a list that is written out between spaces and line ends."""
    return frozenset(text.split())
