"""What differs by language: words, hedges, abbreviations. English so far."""


def words(text: str) -> frozenset[str]:
    """The words of a list that is written out between spaces and line ends."""
    return frozenset(text.split())


COMMA_DECIMALS = words(
    "be bg ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk lt lv mk nb nl nn no pl pt ro ru sk sl sq sr sv tr uk vi"
)
"""The languages (BCP 47) that write "1.234,5": a comma before decimals, a point or a space between thousands."""
