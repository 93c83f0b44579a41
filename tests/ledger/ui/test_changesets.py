"""Changes by spreadsheet without scripts: a file is sent, each cell looked at, what is ticked applied and undone."""

import csv
import io
from datetime import timedelta

import pytest

from ledger import clock
from ledger.models import ChangeSet
from ledger.services import claims
from ledger.ui import changesets as ui
from tests.conftest import one_database
from tests.factories import make_claim, make_verdict
from tests.ledger.services.desk import do, kinds, now


def taken(desk, q="status:unchecked"):
    answer = desk.client.get("/claims.csv", query_string={"q": q})
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def send(desk, rows, name="mine.csv"):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    file = (io.BytesIO(text.getvalue().encode("utf-16")), name)
    return desk.open("/changes").press("See what changes", file=file)


def boxes(desk):
    """The cells to tick, and whether they are ticked, by column."""
    return {
        box.get("value").split(":")[1]: box.get("checked") is not None
        for box in desk.page.xpath("//input[@name='cell']")
    }


@pytest.fixture
def desk(signed_in, people):
    return signed_in(people.reviewer)


def test_what_is_ticked_is_applied_and_undone(desk, people, database):
    claim = make_claim(database, people.reviewer)
    (row,) = taken(desk)
    send(desk, [row | {"statement": "Only 12 builders signed.", "claimant": "=cmd", "tags": "a, b"}])
    assert desk.status == 200 and "UTF-16, cells between semicolons" in desk.text
    assert boxes(desk) == {"statement": True, "claimant": True, "tags": True}
    assert now(database, claim).version == 1
    desk.press("Apply what is ticked", cell=["2:statement:1", "2:tags:1"])
    assert "2 cells of 1 claim changed." in desk.text
    assert kinds(database, claim) == ["claim.added", "claim.reworded", "claim.tagged"]
    # What was left is shown as it stands with the claim now.
    assert boxes(desk) == {"claimant": False} and "It is so already." in desk.text
    desk.press("Undo")
    assert now(database, claim).tags is None and desk.path().startswith("/changes/")


def test_both_sides_of_a_conflict_are_seen_before_it_is_ticked(desk, people, database):
    claim = make_claim(database, people.reviewer)
    rows = taken(desk)
    do(
        database,
        claims.reword,
        claim.id,
        by=people.editor,
        version=1,
        details={"statement": "Said by the editor."},
    )
    send(desk, [row | {"statement": "Said by the file.", "tags": "x"} for row in rows])
    assert boxes(desk) == {"statement": False, "tags": False}
    for words in ("In the file", "Others wrote meanwhile", "Said by the editor.", "the file is of version 1"):
        assert words in desk.text
    desk.press("Apply what is ticked")
    assert "Tick at least one cell." in desk.text
    # Somebody was faster once more: nothing is lost.
    do(database, claims.reword, claim.id, by=people.editor, version=2, details={"claimant": "The mayor"})
    desk.press("Apply what is ticked", cell="2:statement:2")
    assert "since you looked" in desk.text and now(database, claim).statement == "Said by the editor."
    desk.press("Apply what is ticked", cell="2:statement:3")
    assert now(database, claim).statement == "Said by the file."


@one_database
def test_what_can_t_be_taken_says_why(desk, people, database):
    make_verdict(database, people.reviewer, people.editor)
    (row,) = taken(desk, "status:supported")
    send(
        desk,
        [
            row
            | {"statement": "Other words.", "status": "refuted", "verdict_label": "False", "kind": "#NAME?"}
        ],
    )
    for words in ("makes it stale", "follows from the facts", "proposed and signed", "left an error here"):
        assert words in desk.text
    assert boxes(desk) == {"statement": True}


@one_database
def test_all_that_can_be_is_applied_over_many_pages(desk, people, database, monkeypatch):
    for n in range(3):
        make_claim(database, people.reviewer, text=f"No {n}: 242 builders came.")
    monkeypatch.setattr(ui, "PAGE", 1)
    monkeypatch.setattr(ui.changesets, "MOST", 2)
    send(desk, [row | {"tags": "many"} for row in taken(desk)])
    assert len(boxes(desk)) == 1 and "1 of 3" in desk.text
    desk.follow("Further")
    assert "2 of 3" in desk.text
    desk.press("Apply all that can be: 2 claims first", all="1")
    assert "2 cells of 2 claims changed. 1 more claims wait" in desk.text
    desk.open(desk.path() + "?show=ready")
    assert boxes(desk) == {"tags": True}
    assert len(desk.open(desk.path() + "?show=done&page=9").page.xpath("//li[@class='change-row']")) == 1


@one_database
def test_an_untouched_file_and_a_wrong_one(desk, people, database):
    make_claim(database, people.reviewer)
    send(desk, taken(desk))
    assert "Nothing is changed" in desk.text
    send(desk, [{"a": "1"}])
    assert desk.status == 422 and "claim_id" in desk.text
    desk.open("/changes").press("See what changes", file=(io.BytesIO(b""), ""))
    assert desk.status == 422 and "Choose the file." in desk.text


def test_sets_are_listed_for_a_week(desk, people, database):
    make_claim(database, people.reviewer)
    rows = [row | {"tags": "x"} for row in taken(desk)]
    place = send(desk, rows, name="<b>évil\x00🙂.csv").path()
    desk.open("/changes")
    assert "1 row of 1" in desk.text and "<b>évil" not in desk.html and "évil🙂.csv" in desk.text
    with database.write() as session:
        session.get_one(ChangeSet, place.rpartition("/")[2]).created_at = clock.now() - timedelta(days=8)
    send(desk, rows)
    assert desk.open(place).status == 404


@one_database
@pytest.mark.parametrize(
    "cell", ["x", "2:statement:x", "9:statement:1", "2:version:1", "2:statement:9999999999"]
)
def test_a_form_that_was_not_sent_whole(desk, people, database, cell):
    make_claim(database, people.reviewer)
    send(desk, [row | {"tags": "x"} for row in taken(desk)])
    desk.press("Apply what is ticked", cell=cell)
    assert "Reload the page" in desk.text


@one_database
def test_readers_are_not_led_there(signed_in, people):
    desk = signed_in(people.reader).open("/export")
    assert "changes by spreadsheet" not in desk.text.lower() and desk.open("/changes").status == 403
    assert signed_in(people.reviewer).open("/export").follow("changes by spreadsheet").path() == "/changes"
