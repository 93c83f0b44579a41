"""What is, and what is not, a claim of its own."""

from claims import extract


def test_what_somebody_is_asked_to_do_is_no_claim():
    text = "Staff at Amazon wrote to Jeff Bezos, asking him to stop selling face recognition to 12 police forces."
    assert [claim for claim in extract(text) if claim.text.startswith("him")] == []
