"""True of any edits: outside all spans they carry every claim along; in a guarded word they carry none."""

from hypothesis import given, settings
from hypothesis import strategies as st

from claims import Outcome, Span, reanchor

KEPT = (Outcome.SAME, Outcome.MOVED)
CLAIMS = (
    "The bridge over the Carrow cost 40 million euros in 2019",
    "Mayor Jane Holt did pay the fine of $1,242 on Monday",
    "All three schools in Aldham rose by 4.2 percent",
    "Most of the 242 developers signed the open letter",
    "The ministry may close twelve wards before May",
    "Otto Brandt said that rents fell in every town",
)
# Of each claim, what must not change unseen.
GUARDED = (
    ("40", "million", "euros", "2019", "Carrow"),
    ("Holt", "did", "1,242", "Monday", "$"),
    ("All", "three", "Aldham", "rose", "4.2", "percent"),
    ("Most", "242"),
    ("may", "twelve", "before", "May"),
    ("Brandt", "fell", "every"),
)
INSTEAD = (
    "14", "billion", "dollars", "2020", "Dunmere", "Haddad", "did not", "2,241", "Tuesday", "€", "Some", "two",
    "fell", "2.4", "points", "Few", "424", "will", "eleven", "after", "June", "rose", "no",
)  # fmt: skip
FILLER = (
    "it rained for most of the day and nobody was pleased others see what comes next as open people talked about "
    "their gardens while music played softly near an old mill where children used to swim in summer long ago"
).split()

fillers = st.lists(st.sampled_from(FILLER), min_size=3, max_size=14)
articles = st.permutations(range(len(CLAIMS))).flatmap(
    lambda order: st.lists(fillers, min_size=len(order) + 1, max_size=len(order) + 1).map(
        lambda between: (list(order), between)
    )
)
edits = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.integers(0, 13),
        st.sampled_from(["drop", "change", "insert", "split"]),
        st.sampled_from(FILLER),
    ),
    max_size=12,
)


def built(order: list[int], between: list[list[str]], claims=CLAIMS) -> tuple[str, list[Span]]:
    """An article of these claims in this order, with other words between them, and where the claims stand."""
    text, spans = "", {}
    for number, filler in zip([*order, None], between, strict=True):
        text += " ".join(filler).capitalize() + (". " if filler else "")
        if number is not None:
            spans[number] = Span(len(text), len(text) + len(claims[number]))
            text += claims[number] + ".\n\n"
    return text, [spans[number] for number in sorted(spans)]


def edited(between: list[list[str]], deeds) -> list[list[str]]:
    """The words between the claims, after some were dropped, changed, put in or cut in two paragraphs."""
    between = [list(filler) for filler in between]
    for place, at, deed, word in deeds:
        filler = between[place]
        at = min(at, len(filler))
        if deed == "insert":
            filler.insert(at, word)
        elif at < len(filler):
            filler[at : at + 1] = {"drop": [], "change": [word], "split": [filler[at] + ".\n\n" + word]}[deed]
    return between


@settings(max_examples=60, deadline=None)
@given(articles, edits)
def test_edits_outside_all_spans_leave_every_claim_the_same(article, deeds):
    order, between = article
    old, spans = built(order, between)
    new, places = built(order, edited(between, deeds))
    for fate, place in zip(reanchor(old, new, spans, language="en"), places, strict=True):
        assert (fate.outcome in KEPT, fate.place) == (True, place), (fate, old, new)


@settings(max_examples=50, deadline=None)
@given(articles, st.permutations(range(len(CLAIMS))))
def test_paragraphs_in_another_order_take_their_claims_along(article, other):
    order, between = article
    old, spans = built(order, between)
    filler = {number: words for number, words in zip(order, between, strict=False)}
    new, places = built(list(other), [*(filler[number] for number in other), between[-1]])
    for fate, place in zip(reanchor(old, new, spans, language="en"), places, strict=True):
        assert (fate.outcome in KEPT, fate.place) == (True, place), (fate, old, new)


@settings(max_examples=80, deadline=None)
@given(articles, edits, st.integers(0, len(CLAIMS) - 1), st.integers(0, 5), st.sampled_from(INSTEAD))
def test_an_edit_of_a_guarded_word_never_carries_its_claim(article, deeds, number, which, instead):
    order, between = article
    old, spans = built(order, between)
    word = GUARDED[number][which % len(GUARDED[number])]
    now = CLAIMS[number].replace(word, instead if instead != word else "none", 1)
    claims = (*CLAIMS[:number], now, *CLAIMS[number + 1 :])
    new, places = built(order, edited(between, deeds), claims)
    for other, (fate, place) in enumerate(zip(reanchor(old, new, spans, language="en"), places, strict=True)):
        if other == number:
            assert not fate.carries(harmless=True), (fate, old, new)
        else:
            assert (fate.outcome in KEPT, fate.place) == (True, place), (fate, old, new)


@settings(max_examples=60, deadline=None)
@given(
    articles,
    st.integers(0, len(CLAIMS) - 1),
    st.integers(0, 60),
    st.sampled_from("0123456789 abcxyzABC€%-“,.n'"),
    st.booleans(),
)
def test_no_single_letter_inside_a_claim_is_carried_silently(article, number, at, letter, inserted):
    order, between = article
    old, spans = built(order, between)
    words = CLAIMS[number]
    at = min(at, len(words) - 1)
    now = words[:at] + letter + words[at + (not inserted) :]
    if now == words or inserted and at == 0:
        return  # before the first letter is outside
    new, _ = built(order, between, (*CLAIMS[:number], now, *CLAIMS[number + 1 :]))
    fate = reanchor(old, new, spans, language="en")[number]
    assert fate.outcome not in KEPT, (fate, old, new)
    assert not (fate.harmless and {c.sort for c in fate.changes} - {"space", "hyphen", "style", "slip"}), fate


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120), st.integers(0, 119), st.integers(1, 60))
def test_what_carries_over_has_the_very_words_whatever_the_texts_are(old, new, start, size):
    if start >= len(old):
        return
    span = Span(start, min(len(old), start + size))
    for text in (new, old[::-1], old + new, new + old, old[: len(old) // 2] + new + old[len(old) // 2 :]):
        fate = reanchor(old, text, [span], language="en")[0]
        if fate.carries():
            assert fate.place.of(text) == span.of(old)
        for place in fate.places:
            assert place.of(text)
        for change in fate.changes:
            assert change.before != change.after
