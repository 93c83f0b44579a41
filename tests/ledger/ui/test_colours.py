"""The colours reach their contrasts in both themes, for every eye, and nothing rests on colour alone."""

import re
from importlib import resources

import pytest

from ledger.ui import colours
from ledger.ui.words import STATUSES

CSS = resources.files("ledger.ui") / "static" / "css"
# Words are read on these too.
MARKED = ("current", "current-hover", "selection")
TEXT = ("ink", "quiet", "link", *(f"s-{code}" for code in STATUSES))


def test_contrast_is_what_wcag_says():
    black, white = colours.parsed("#000"), colours.parsed("#ffffff")
    assert colours.contrast(black, white) == pytest.approx(21)
    assert colours.contrast(colours.parsed("#767676"), white) == pytest.approx(4.54, abs=0.01)
    assert colours.contrast(white, white) == 1


def test_a_colour_mixed_with_itself_stays_and_a_grey_looks_the_same_to_all():
    red = colours.parsed("#a11a29")
    assert colours.written(colours.mixed(red, red, 0.3)) == "#a11a29"
    for eye in colours.EYES:
        assert colours.written(colours.as_seen_by(eye, colours.parsed("#808080"))) == "#808080"


def test_who_sees_no_red_confuses_red_and_green_more_than_others():
    red, green = colours.parsed("#d00000"), colours.parsed("#5a7a00")
    apart = colours.distance(red, green)
    assert colours.distance(*(colours.as_seen_by("deuteranopia", one) for one in (red, green))) < apart / 2


@pytest.mark.parametrize("theme", colours.THEMES)
@pytest.mark.parametrize("name", TEXT)
def test_text_is_readable_on_every_ground(name, theme):
    assert colours.roles()[name].worst(theme, tinted=True) >= 4.5


@pytest.mark.parametrize("theme", colours.THEMES)
@pytest.mark.parametrize("name", ["edge", "focus", "accent"])
def test_edges_and_the_focus_stand_out(name, theme):
    assert colours.roles()[name].worst(theme) >= 3


@pytest.mark.parametrize("theme", colours.THEMES)
def test_marked_words_are_readable(theme):
    ink = colours.roles()["ink"].of(theme)
    for ground in MARKED:
        assert colours.contrast(ink, colours.roles()[ground].of(theme)) >= 4.5


@pytest.mark.parametrize("eye", colours.EYES)
@pytest.mark.parametrize("theme", colours.THEMES)
def test_statuses_stay_readable_to_every_eye(eye, theme):
    paper = colours.as_seen_by(eye, colours.roles()["paper"].of(theme))
    for code in STATUSES:
        seen = colours.as_seen_by(eye, colours.roles()[f"s-{code}"].of(theme))
        assert colours.contrast(seen, paper) >= 4.5, code


def test_each_status_has_a_sign_of_its_own():
    signs = [word.icon for word in STATUSES.values()]
    assert len(set(signs)) == len(signs)


def test_every_colour_in_the_sheets_is_a_token():
    for sheet in CSS.iterdir():
        if not sheet.name.endswith(".css") or sheet.name == "tokens.css":
            continue
        bare = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        printed = re.sub(r"@media print \{.*?\n\}", "", bare, flags=re.DOTALL)
        found = [one for one in re.findall(r"#[0-9a-fA-F]{3,8}\b", printed) if not one.startswith("#eye")]
        assert not found, (sheet.name, found)


def test_the_style_guide_is_there_in_development_only(client):
    assert client.get("/styleguide").status_code == 404
