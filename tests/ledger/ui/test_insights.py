"""The insights' page: charts that can be read without eyes, tables behind them, CSV, filters."""

import csv
import io
from datetime import date, timedelta

import pytest

from ledger.export.csv import plain
from ledger.services import verdicts
from ledger.ui import charts
from ledger.ui.charts import Part
from ledger.ui.insights import TABLES
from tests.factories import make_article, make_claim, make_desk, make_verdict


@pytest.fixture
def month(database, people):
    """A settled claim, one that waits, one that was sent back, and one that nobody has."""
    text = "Story\n\nThere were 242 builders in 1999. The council paid 12 towns."
    make_article(database, people.reviewer, text, publisher='=HYPERLINK("x")')
    make_verdict(
        database, people.reviewer, people.reviewer2, make_claim(database, people.reviewer, text=text)
    )
    make_verdict(database, people.reviewer, claim=make_claim(database, people.reviewer, "12 towns", text))
    _, sent = make_verdict(database, people.reviewer, claim=make_claim(database, people.reviewer, "40 towns"))
    with database.write() as session:
        verdicts.send_back(session, sent.id, by=people.reviewer2, reason="No.", code="refuted")
    return make_claim(database, people.reviewer)


def test_every_chart_has_a_name_a_description_and_a_table(signed_in, people, month):
    browser = signed_in(people.reader).open("/insights")
    assert browser.status == 200
    pictures = browser.page.xpath("//svg[@role='img']")
    assert len(pictures) == 14  # a wide and a narrow one of each
    for picture in pictures:
        told = [
            browser.page.get_element_by_id(id).text_content() for id in picture.get("aria-labelledby").split()
        ]
        assert all(told) and len(told) == 2
    for chart in ("statuses", "clearing", "ages", "publishers", "kinds", "load"):
        assert browser.page.xpath(f"//details[@id='{chart}-table']//table/caption")
    assert browser.page.xpath("//table[contains(@class, 'matrix')]")
    assert not browser.page.xpath("//main//*[@style]")
    assert "At the end: Supported: 1, Proposed: 1, Checking: 1, Unchecked: 1." in browser.html
    assert "2 pairs are few" in browser.text
    browser.follow("242 builders")
    assert browser.path() == f"/claims/{month.id}"


def test_an_empty_ledger_says_what_is_missing(signed_in, people):
    browser = signed_in(people.reader).open("/insights")
    assert browser.status == 200
    for words in ("No claim was under check", "No claim was cleared", "No verdict that counts", "No claim is open",
                  "No pair of ratings", "Nobody has a claim"):  # fmt: skip
        assert words in browser.text
    assert not browser.page.xpath("//svg[@role='img']")


def test_readers_who_always_agree_on_one_rating_have_no_kappa(signed_in, people, database):
    make_verdict(database, people.reviewer, people.reviewer2)
    browser = signed_in(people.reader).open("/insights")
    assert "Cohen's kappa is not defined here." in browser.text
    assert "chance alone would make them agree always" in browser.text
    assert "1 pair is few" in browser.text


def test_period_desk_and_zone_stand_in_the_address(signed_in, people, database, month):
    desk = make_desk(database, people.editor)
    browser = signed_in(people.reader).open(
        f"/insights?from=2026-01-01&to=2026-02-01&desk={desk.id}&zone=Asia/Tokyo"
    )
    assert "1 Jan 2026 to 1 Feb 2026" in browser.text and "Health" in browser.text
    assert "Days begin at midnight in Asia/Tokyo" in browser.text
    assert (browser.value("from"), browser.value("zone")) == ("2026-01-01", "Asia/Tokyo")
    link = browser.page.xpath("//a[@class='csv']/@href")[0]
    assert link.startswith("/insights/statuses.csv?") and desk.id in link and "Asia" in link
    assert browser.open(link).status == 200
    chip = browser.open("/insights").follow("4 weeks")
    assert chip.page.xpath("//a[@aria-current='true']")[0].text_content() == "4 weeks"


def test_what_can_not_be_asked_is_told_at_its_field(signed_in, people):
    browser = signed_in(people.reader)
    for asked, words in (
        ("from=yesterday", "“yesterday” is no day; write one as 2026-11-23."),
        ("from=2026-02-01&to=2026-01-01", "must not end before it begins"),
        ("zone=Nowhere", "no such time zone"),
        ("desk=%00", "no such desk"),
    ):
        browser.open(f"/insights?{asked}")
        assert browser.status == 422
        assert words in browser.page.xpath("//p[@class='error']")[0].text_content()
        assert browser.open(f"/insights/kinds.csv?{asked}").status == 422
    assert browser.open("/insights/secrets.csv").status == 404


def test_each_table_comes_as_csv_that_no_spreadsheet_runs(signed_in, people, month):
    client = signed_in(people.reader).client
    tables = {}
    for chart in TABLES:
        answer = client.get(f"/insights/{chart}.csv")
        assert answer.status_code == 200 and answer.mimetype == "text/csv"
        assert f'filename="{chart}-' in answer.headers["Content-Disposition"]
        rows = tables[chart] = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert rows and all(None not in row for row in rows)
    first = tables["publishers"][0]
    assert first["publisher"] == '\'=HYPERLINK("x")' and plain(first["publisher"])[0] == "="
    assert first["total"] == "1"
    pairs = {(row["first_reader"], row["second_reader"]): row["pairs"] for row in tables["agreement"]}
    assert pairs["supported", "refuted"] == "1"
    assert [row["supported"] for row in tables["statuses"]] == ["1"]
    oldest = tables["oldest"][0]
    assert oldest["permalink"].endswith(f"/claims/{oldest['claim_id']}")


# ---------------------------------------------------------------------------- the drawing


@pytest.mark.parametrize(
    ("most", "marks"),
    [
        (0, [0, 1]),
        (1, [0, 0.25, 0.5, 0.75, 1.0]),
        (7, [0, 2, 4, 6, 8]),
        (100, [0, 25, 50, 75, 100]),
        (591, [0, 200, 400, 600]),
    ],
)
def test_an_axis_has_round_marks_that_reach_the_top(most, marks):
    assert charts.nice(most) == marks


def test_names_beside_bands_never_cover_each_other():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(40)]
    counts = {code: [1] * 40 for code in charts.SIGNS} | {"supported": [10_000] * 40}
    drawn = charts.bands(days, counts, {code: code for code in counts}, width=330)
    places = sorted(band.name.y for band in drawn.bands)
    assert all(b - a >= 14.9 for a, b in zip(places, places[1:], strict=False))
    assert places[0] > 0 and places[-1] <= drawn.height
    assert all(x2 - x1 >= 40 for (x1, _), (x2, _) in zip(drawn.x.ticks, drawn.x.ticks[1:], strict=False))


def test_one_day_is_drawn_as_a_band():
    drawn = charts.bands([date(2026, 1, 1)], {"stale": [3]}, {"stale": "Stale"}, width=330)
    assert drawn.bands[0].edge.count("L") == 1 and drawn.bands[0].name.text == "Stale 3"


def test_bars_fit_their_width_and_say_how_many_rows_are_left_out():
    rows = [
        (f"Somebody {'with a long name ' * 9}", [[Part("open", "Open", n), Part("waiting", "Waiting", 5)]])
        for n in range(30)
    ]
    drawn = charts.bars(rows, width=330)
    assert (len(drawn.rows), drawn.left_out) == (12, 18)
    assert all(
        piece.x + piece.width < 330 for row in drawn.rows for bar in row.bars for piece in bar.segments
    )
    assert drawn.rows[0].name.text.endswith("…")
    assert charts.bars([("Nobody", [[Part("open", "Open", 0)]])], width=330).rows[0].bars[0].segments == []


@pytest.mark.parametrize(
    ("hours", "words"), [(0.5, "30 min"), (5.24, "5.2 h"), (47, "47.0 h"), (84, "3.5 days")]
)
def test_a_time_is_told_in_the_unit_that_fits(hours, words):
    assert charts.span(hours) == words


@pytest.mark.parametrize("value", [-1.0, -0.2, 0.0, 0.5, 1.0])
def test_kappa_stands_inside_its_scale(value):
    drawn = charts.kappa_scale(value, max(-1, value - 0.3), min(1, value + 0.3), width=330)
    assert 0 <= drawn.low <= drawn.value <= drawn.high <= 330
    assert drawn.ticks[-1][1] == "1.0"
