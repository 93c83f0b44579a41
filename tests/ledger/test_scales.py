"""The rating scales: data files that say what was published, and nothing invented."""

import json
from importlib import resources

import pytest

from ledger.models.verdicts import RATING_STATUSES
from ledger.scales import all_scales

FILES = sorted(
    file.name for file in resources.files("ledger.scales").iterdir() if file.name.endswith(".json")
)


@pytest.mark.parametrize("name", FILES)
def test_a_scales_file_is_named_for_its_id_and_version(name):
    raw = json.loads((resources.files("ledger.scales") / name).read_text(encoding="utf-8"))
    assert name == f"{raw['id']}-{raw['version']}.json"


@pytest.mark.parametrize("scale", all_scales().values(), ids=lambda scale: scale.id)
def test_a_scale_can_be_used(scale):
    codes = [rating.code for rating in scale.ratings]
    assert codes and len(set(codes)) == len(codes)
    assert {rating.status for rating in scale.ratings} <= set(RATING_STATUSES)
    assert scale.own_words or all(rating.label for rating in scale.ratings)
    # What the columns of a verdict hold.
    assert len(scale.id) <= 40 and all(len(code) <= 60 for code in codes)
    assert all(len(rating.label or "") <= 500 for rating in scale.ratings)
    assert scale.rating(codes[0]) is scale.ratings[0] and scale.rating("no such code") is None


def test_the_default_scale_is_the_one_that_was_agreed():
    ratings = {rating.code: rating.number for rating in all_scales()["ledger"].ratings}
    assert ratings == {"supported": 5, "misleading": 3, "refuted": 1, "disputed": None, "unproven": None}


def test_a_desk_may_use_a_sentence_in_place_of_a_scale():
    assert [scale.id for scale in all_scales().values() if scale.own_words] == ["fullfact"]
