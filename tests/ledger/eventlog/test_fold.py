"""What a patch does to rows, and what is wrong with an event."""

import pytest

from ledger.eventlog.canonical import patch_hash
from ledger.eventlog.fold import apply, check_event, event_leaf


def make_event(**changed):
    event = {
        "seq": 0,
        "id": "019ab0d5-0000-7000-8000-000000000001",
        "stream": "claim:c1",
        "version": 1,
        "kind": "claim.found",
        "at": "2026-11-23T00:00:00.123456Z",
        "actor": "detector:rules/1",
        "patch": {"claim": {"c1": {"statement": "The bridge cost €4.5 million.", "version": 1}}},
        "salt": "ab" * 32,
    }
    event["patch_hash"] = patch_hash(event["patch"], event["salt"])
    event["leaf_hash"] = event_leaf(event).hex()
    return event | changed


def fields(event):
    return [fault.field for fault in check_event(event)]


def test_an_unknown_row_is_inserted_and_a_known_one_changed():
    tables = {}
    apply(tables, {"claim": {"c1": {"status": "candidate", "version": 1}}})
    apply(tables, {"claim": {"c1": {"version": 2}, "c2": {"version": 1}}, "article": {"a1": {"title": None}}})
    assert tables == {
        "claim": {"c1": {"status": "candidate", "version": 2}, "c2": {"version": 1}},
        "article": {"a1": {"title": None}},
    }


def test_applying_does_not_change_the_patch():
    tables, patch = {}, {"claim": {"c1": {"version": 1}}}
    apply(tables, patch)
    apply(tables, {"claim": {"c1": {"version": 2}}})
    assert patch == {"claim": {"c1": {"version": 1}}}


def test_a_whole_event_has_no_faults():
    assert check_event(make_event()) == []


def test_a_redacted_event_still_stands():
    assert check_event(make_event(patch=None, salt=None)) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"patch": {"claim": {"c1": {"statement": "The bridge cost €5.4 million.", "version": 1}}}}, "patch"),
        ({"patch": {"claim": {"c1": {"version": 2**60}}}}, "patch"),
        ({"salt": "ab" * 31 + "ac"}, "patch"),
        ({"patch_hash": "sha256:" + "0" * 64, "patch": None, "salt": None}, "leaf_hash"),
        ({"kind": "claim.accepted"}, "leaf_hash"),
        ({"actor": "system"}, "leaf_hash"),
        ({"at": "2026-11-23T00:00:00.123457Z"}, "leaf_hash"),
        ({"stream": "claim:c2"}, "leaf_hash"),
        ({"version": 2}, "leaf_hash"),
        ({"id": "019ab0d5-0000-7000-8000-000000000002"}, "leaf_hash"),
        ({"leaf_hash": "0" * 64}, "leaf_hash"),
    ],
)
def test_a_changed_event_is_found_out(changed, field):
    assert fields(make_event(**changed)) == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"seq": -1}, "seq"),
        ({"seq": True}, "seq"),
        ({"seq": 1.0}, "seq"),
        ({"version": 0}, "version"),
        ({"version": "1"}, "version"),
        ({"id": "019AB0D5-0000-7000-8000-000000000001"}, "id"),
        ({"id": "019ab0d5-0000-4000-8000-000000000001"}, "id"),
        ({"stream": "verdict:v1"}, "stream"),
        ({"stream": "claim:"}, "stream"),
        ({"kind": "accepted"}, "kind"),
        ({"kind": None}, "kind"),
        ({"at": "2026-11-23T00:00:00Z"}, "at"),
        ({"at": "2026-11-23T00:00:00.123456+00:00"}, "at"),
        ({"at": "2026-02-30T00:00:00.123456Z"}, "at"),
        ({"at": "2026-11-23T00:00:00.123456Z\n"}, "at"),
        ({"actor": "Amélie"}, "actor"),
        ({"actor": "detector:rules"}, "actor"),
        ({"patch": []}, "patch"),
        ({"patch": {"claim": []}}, "patch"),
        ({"patch": {"claim": {"c1": 1}}}, "patch"),
        ({"salt": "AB" * 32}, "salt"),
        ({"salt": "ab"}, "salt"),
        ({"salt": None}, "salt"),
        ({"patch": None}, "salt"),
        ({"patch_hash": "0" * 64}, "patch_hash"),
        ({"leaf_hash": "sha256:" + "0" * 64}, "leaf_hash"),
        ({"note": "not covered by the hash"}, "note"),
    ],
)
def test_a_malformed_event_is_refused_by_field(changed, field):
    assert fields(make_event(**changed)) == [field]


@pytest.mark.parametrize("field", sorted(make_event()))
def test_every_field_is_needed(field):
    event = make_event()
    del event[field]
    assert fields(event) == [field]
