"""python -m claims FILE"""

import io
import json
import subprocess
import sys

import pytest

from claims import __main__ as command

TEXT = "The council of Eastmere cut 18,000 jobs on Monday, Ada Finch said.\n"


def test_each_claim_is_a_line_of_json_with_its_offsets(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    assert command.main([str(path)]) == 0
    claim = json.loads(capsys.readouterr().out.splitlines()[0])
    assert TEXT[claim["start"] : claim["end"]] == claim["text"]
    assert set(claim) == {
        "start",
        "end",
        "text",
        "statement",
        "kind",
        "score",
        "reasons",
        "claimant",
        "quantities",
    }
    assert claim["claimant"]["name"] == "Ada Finch"


def test_a_floor_of_one_shows_next_to_nothing(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text("The bridge closed in Eastmere.")
    assert command.main(["--floor", "1", str(path)]) == 0
    assert capsys.readouterr().out == ""


def test_a_dash_reads_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", type("In", (), {"buffer": io.BytesIO(TEXT.encode())}))
    assert command.main(["-"]) == 0
    assert "18,000" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_gives_one_line_and_the_others_are_read(tmp_path, capsys):
    good, empty = tmp_path / "a.txt", tmp_path / "b.txt"
    good.write_text(TEXT)
    empty.write_text("")
    assert command.main([str(tmp_path / "none.txt"), str(empty), str(good)]) == 1
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 2
    assert "No such file" in err
    assert "18,000" in out


@pytest.mark.parametrize("arguments", [[], ["--floor", "2", "a"], ["--floor", "x", "a"], ["--wrong", "a"]])
def test_wrong_use_ends_with_status_two(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT * 3000)
    run = subprocess.run(
        f"{sys.executable} -m claims {path} | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.count("\n") == 1
    assert run.stderr == ""
