"""Ids sort by time, on every thread, whatever the clock does."""

import threading
import time
import uuid

import pytest

from ledger import ids
from ledger.ids import is_id, new_id, new_ids


def test_an_id_is_a_uuid_of_version_7_that_tells_its_time(monkeypatch):
    # Another test of this process may have been in the future.
    monkeypatch.setattr(ids, "_last", 0)
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_ids_made_later_sort_later():
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_many_at_once_are_as_those_made_one_by_one():
    before, many, after = new_id(), new_ids(5_000), new_id()
    made = [before, *many, after]
    assert made == sorted(set(made))
    assert all(is_id(id) and uuid.UUID(id).version == 7 for id in many)
    assert {id[19] for id in many} == set("89ab")


def test_ids_of_many_threads_are_all_different_and_each_threads_are_in_order():
    made: dict[int, list[str]] = {}

    def make(number: int) -> None:
        made[number] = [new_id() for _ in range(3_000)]

    threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(own == sorted(own) for own in made.values())
    assert len({id for own in made.values() for id in own}) == 24_000


def test_a_clock_set_back_gives_no_id_out_of_order(monkeypatch):
    monkeypatch.setattr(ids, "_last", ids._last)
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert first < new_id() < new_id()


# Written out: what a test is called must not differ from run to run.
ID = "01a20633-c2f5-7c62-a3e9-84a0ff23f482"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        ID.upper(),
        ID + "\n",
        " " + ID,
        "9b15e313-86be-4eb1-9728-0e4136b80115",
        f"{{{ID}}}",
        ID[:-1],
    ],
)
def test_what_is_no_id_is_told_apart(text):
    assert not is_id(text)


def test_our_own_ids_are_ids():
    assert is_id(new_id())
