"""What is article and what only stands around it."""

import pytest

from claims import BlockKind, blocks
from claims.furniture import is_caption, is_furniture

BODY = (
    "Councillors in Wexmoor voted 23 to 9 on Monday night to build a £14.6m flood wall along the River Tarn."
)


def kinds(*parts: str) -> list[str]:
    return [str(block.kind) for block in blocks.split("\n\n".join(parts))]


@pytest.mark.parametrize("words", [
    "(Reporting by Ann Lee; Editing by Bo Cox)", "Additional reporting by Jo Cho.", "With files from the Wexmoor Press",
    "The Wexmoor Press contributed to this report.", "This article was updated on 3 May 2026 to add a comment.",
    "Photograph: A. Person/Agency", "Photo by Ann Lee on Unsplash", "© 2026 Wexmoor Gazette",
    "Sign up for our newsletter", "Subscribe to our newsletter for the latest news.", "Read more: Wall gets go-ahead",
    "READ MORE", "Related: Council tax to rise", "Follow Ann Lee on Twitter @annlee", "Advertisement", "Share", "Tweet",
    "Facebook Twitter Email", "12 comments", "Comments (12)", "1.2k shares", "Most read", "Source: Statistics Office",
    "Contact Ann Lee at ann@gazette.example", "Home > News > Politics", "What do you think? Let us know.",
])  # fmt: skip
def test_furniture_is_told(words):
    assert is_furniture(words)
    assert kinds("Council backs flood wall", BODY, words, BODY)[2] in ("credit", "byline")


@pytest.mark.parametrize("words", [
    "Share prices fell by 4% on Monday.", "Advertisement spending fell by 4%.", "Comments by the mayor drew 340 replies.",
    "Read more books, the minister said.", "Follow the money, he said, and 40 people did.", "Print sales rose 3%.",
    "Related crimes fell by a tenth in 2025.", "Support for the wall rose to 60%.", "Contact was lost at 9 a.m.",
    "This article of the treaty was signed by 40 states.", "The report was published by the ministry in 2019 and named 40 towns.",
    "Correction: An earlier version of this article said the wall cost £41m. It cost £14.6m.",
    "This article was amended on 4 May 2026. An earlier version said that the wall cost £41m.",
    "What do you think they will do with 340 homes?", "Subscribers rose to 4m.", "Sources said 40 people were hurt.",
    "Photographs by police show that 340 homes stood under water on Monday.",
])  # fmt: skip
def test_prose_is_never_thrown_away(words):
    assert kinds("Council backs flood wall", BODY, words, BODY) == ["headline", *["paragraph"] * 3]


def test_a_list_of_buttons_is_furniture_and_a_list_of_facts_is_not():
    assert kinds(BODY, "- Facebook\n- Twitter\n- Email", BODY)[1] == BlockKind.CREDIT
    assert kinds(BODY, "- 340 homes\n- 12 roads", BODY)[1] == BlockKind.LIST


@pytest.mark.parametrize("words", ["FILE - The wall in May 2026.", "The wall in May. (AP Photo/Jo Cho)"])
def test_a_caption_is_told_by_its_credit(words):
    assert is_caption(words)
    assert kinds("Council backs flood wall", BODY, words, BODY)[2] == BlockKind.CAPTION


@pytest.mark.parametrize(
    "words", ["May 3, 2026", "Tuesday, 3 March 2026", "3 May 2026, 10:30 BST", "Updated 2 hours ago"]
)
def test_the_date_line_belongs_to_the_byline(words):
    assert kinds("Council backs flood wall", words, BODY)[1] == BlockKind.BYLINE
