"""An exported log, tampered with in every way we could think of, and the command's exit status."""

import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ledger.eventlog.canonical import patch_hash
from ledger.eventlog.checkpoint import Checkpoint, Signer, sign_checkpoint
from ledger.eventlog.fold import event_leaf
from ledger.eventlog.tree import EMPTY_ROOT, root
from ledger.eventlog.verify import Audit, main

LOG = Signer("example.com/ledger", bytes(range(32)))
VECTORS = Path(__file__).parents[2] / "contract" / "vectors"


def sealed(event):
    """The event with the hashes that belong to it, as a forger would compute them too."""
    if event["patch"] is not None:
        event = event | {"patch_hash": patch_hash(event["patch"], event["salt"])}
    return event | {"leaf_hash": event_leaf(event).hex()}


def make_log(size=12):
    events = []
    for seq in range(size):
        stream, version = seq % 3, seq // 3 + 1
        event = {
            "seq": seq,
            "id": f"019ab0d5-0000-7000-8000-{seq:012x}",
            "stream": f"claim:c{stream}",
            "version": version,
            "kind": "claim.clarified",
            "at": f"2026-11-23T00:00:{seq % 60:02d}.000000Z",
            "actor": "account:a1",
            "patch": {"claim": {f"c{stream}": {"statement": f"Statement {seq}", "version": version}}},
            "salt": f"{seq:064x}",
        }
        events.append(sealed(event))
    return events


def checkpoint_of(events):
    return Checkpoint(LOG.name, len(events), root(bytes.fromhex(event["leaf_hash"]) for event in events))


def faults(events, checkpoint=None):
    audit = Audit(checkpoint)
    found = [fault.field for event in events for fault in audit.add(event)]
    return found + [fault.field for fault in audit.finish()]


@pytest.fixture
def run(tmp_path, capsys):
    """Write the files, run the command, give status and output."""

    def run(events, checkpoint=None, *, vkey=LOG.verifier.vkey):
        export = tmp_path / "export.jsonl"
        lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
        export.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        arguments = [str(export)]
        if checkpoint is not None:
            note = checkpoint if isinstance(checkpoint, str) else sign_checkpoint(checkpoint, LOG)
            (tmp_path / "checkpoint").write_bytes(note.encode())
            arguments += ["--checkpoint", str(tmp_path / "checkpoint"), "--vkey", vkey]
        status = main(arguments)
        out, err = capsys.readouterr()
        return SimpleNamespace(status=status, out=out, err=err)

    return run


def test_a_whole_log_has_no_faults():
    assert faults(make_log(), checkpoint_of(make_log())) == []


@pytest.mark.parametrize("size", range(13))
def test_a_log_may_have_grown_since_its_checkpoint(size):
    assert faults(make_log(), checkpoint_of(make_log()[:size])) == []


def test_an_empty_log_agrees_with_the_empty_checkpoint():
    assert faults([], Checkpoint(LOG.name, 0, EMPTY_ROOT)) == []


def test_a_redacted_event_still_verifies():
    events = make_log()
    events[4] |= {"patch": None, "salt": None}
    assert faults(events, checkpoint_of(make_log())) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"patch": {"claim": {"c1": {"statement": "Another", "version": 2}}}}, "patch"),
        ({"salt": "f" * 64}, "patch"),
        ({"kind": "claim.accepted"}, "leaf_hash"),
        ({"at": "2026-11-24T00:00:04.000000Z"}, "leaf_hash"),
        ({"actor": "system"}, "leaf_hash"),
    ],
)
def test_a_changed_event_is_one_fault_at_its_place(change, field):
    events = make_log()
    events[4] |= change
    assert faults(events) == [field]


def test_the_root_is_that_of_the_events_shown_not_of_the_hashes_stated():
    events = make_log()
    events[4] |= {"kind": "claim.accepted"}
    assert faults(events, checkpoint_of(make_log())) == ["leaf_hash", "checkpoint"]


@pytest.mark.parametrize("leaf_hash", [None, "", "zz" * 32, 7])
def test_an_event_without_a_proper_leaf_hash_is_one_fault(leaf_hash):
    events = make_log()
    events[4] |= {"leaf_hash": leaf_hash}
    assert faults(events, checkpoint_of(make_log())) == ["leaf_hash"]


def test_a_change_with_new_hashes_fails_against_the_checkpoint():
    events = make_log()
    events[4] = sealed(events[4] | {"patch": {"claim": {"c1": {"statement": "Another", "version": 2}}}})
    assert faults(events) == []
    assert faults(events, checkpoint_of(make_log())) == ["checkpoint"]


def test_a_missing_event_shows_in_the_log_and_in_its_stream():
    events = make_log()
    del events[4]
    assert faults(events) == ["seq", "version"]


def test_a_missing_event_covered_up_by_renumbering_fails_against_the_checkpoint():
    original, events = make_log(), make_log()
    del events[11]
    events.append(sealed(events[0] | {"seq": 11, "version": 5}))
    assert faults(events) == []
    assert faults(events, checkpoint_of(original)) == ["checkpoint"]


def test_events_missing_at_the_end_are_noticed_by_the_checkpoint():
    assert faults(make_log()[:-1]) == []
    assert faults(make_log()[:-1], checkpoint_of(make_log())) == ["checkpoint"]


def test_reordered_events_are_noticed():
    events = make_log()
    events[4], events[5] = events[5], events[4]
    assert set(faults(events, checkpoint_of(make_log()))) == {"seq", "checkpoint"}


def test_reordered_and_renumbered_events_fail_against_the_checkpoint():
    events = make_log()
    events[4], events[5] = events[5] | {"seq": 4}, events[4] | {"seq": 5}
    assert faults(events) == []
    assert faults(events, checkpoint_of(make_log())) == ["checkpoint"]


def test_a_repeated_event_is_noticed():
    events = make_log()
    events.insert(5, events[4])
    assert faults(events)[:2] == ["seq", "version"]


def test_a_log_that_begins_late_is_noticed():
    assert faults(make_log()[1:])[0] == "seq"


def test_the_command_says_ok_and_exits_0(run):
    result = run(make_log(), checkpoint_of(make_log()[:10]))
    assert (result.status, result.err) == (0, "")
    assert "12 events, 3 streams, 0 redacted" in result.out
    assert "signed the first 10 events" in result.out
    assert "2 newer than the checkpoint" in result.out
    assert result.out.endswith("OK\n")


def test_the_command_says_what_it_cannot_tell_without_a_checkpoint(run):
    result = run(make_log())
    assert result.status == 0
    assert "no checkpoint" in result.out


def test_the_command_names_the_line_of_a_fault_and_exits_1(run):
    events = make_log()
    events[4] |= {"kind": "claim.accepted"}
    result = run(events)
    assert result.status == 1
    assert "line 5: leaf_hash: is not the hash of this event" in result.out
    assert result.out.endswith("FAILED: 1 fault\n")


@pytest.mark.parametrize("line", ["", "{", "null", "[]", '{"seq":0,"seq":0}', '"\\ud800"'])
def test_a_line_that_is_no_event_is_a_fault(run, line):
    result = run([*make_log(), line])
    assert result.status == 1
    assert "line 13: line: " in result.out


def test_a_checkpoint_of_another_key_exits_1(run):
    other = Signer.generate(LOG.name)
    result = run(make_log(), checkpoint_of(make_log()), vkey=other.verifier.vkey)
    assert result.status == 1
    assert "not signed by the key" in result.out


def test_a_changed_checkpoint_exits_1(run):
    note = sign_checkpoint(checkpoint_of(make_log()), LOG).replace("\n12\n", "\n11\n")
    assert run(make_log(), note).status == 1


def test_many_faults_are_counted_and_the_first_shown(run):
    result = run([event | {"kind": "claim.x"} for event in make_log(80)])
    assert result.out.count("is not the hash") == 50
    assert "FAILED: 80 faults, the first 50 shown" in result.out


def test_a_forged_export_cannot_send_control_codes_to_the_terminal(run):
    result = run([make_log()[0] | {"\x1b[2Jkey": 1, "stream": "claim:\x1b[31m"}])
    assert result.status == 1
    assert "\x1b" not in result.out


def test_a_malformed_key_exits_2(run):
    result = run(make_log(), checkpoint_of(make_log()), vkey="nonsense")
    assert (result.status, result.out) == (2, "")
    assert "--vkey" in result.err


def test_a_missing_file_exits_2(tmp_path, capsys):
    assert main([str(tmp_path / "nothing.jsonl")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_a_checkpoint_without_a_key_exits_2(tmp_path):
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "export.jsonl"), "--checkpoint", "file"])
    assert stopped.value.code == 2


def test_standard_input_can_be_read(monkeypatch, capsys):
    lines = "".join(json.dumps(event) + "\n" for event in make_log()).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(lines)))
    assert main(["-"]) == 0
    assert capsys.readouterr().out.startswith("-: 12 events")


def test_the_module_runs_as_a_command():
    command = [sys.executable, "-m", "ledger.eventlog.verify", str(VECTORS / "example-log.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_needs_neither_flask_nor_a_database():
    code = "import sys, ledger.eventlog.verify; print(*{m.split('.')[0] for m in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=True,
    )
    assert not {"flask", "sqlalchemy", "sqlmodel", "psycopg"} & set(done.stdout.split())
