"""Which kind a claim is of."""

import pytest

from claims import extract

KINDS = [
    ("Wexmoor has flooded four times since 2012.", "quantity"),
    ("The pump failed because its generator was broken.", "cause"),
    ("The Senate passed a law on sewage.", "law_or_policy"),
    ("Members of Congress met in Rome.", "event"),
    ("Odile Farrant was the first to arrive at the bakery.", "event"),
    ("Roscoe called the vote “a triumph for common sense”.", "attribution"),
    ("Two rivals met in Rome.", "event"),
    ("The harbour is deeper than any other in Norrland.", "comparison"),
]


@pytest.mark.parametrize(("sentence", "kind"), KINDS)
def test_a_claim_has_the_kind_that_a_reader_would_give_it(sentence, kind):
    assert extract(sentence)[0].kind == kind
