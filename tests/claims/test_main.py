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
    assert claim["file"] == str(path)
    assert set(claim) == {
        "file",
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


def test_a_folder_gives_the_articles_in_it_by_name(tmp_path, capsys):
    (tmp_path / "more").mkdir()
    for name in ("b.txt", "more/a.md", "notes.xyz"):
        (tmp_path / name).write_text(TEXT)
    assert command.main([str(tmp_path)]) == 0
    files = [json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()]
    assert list(dict.fromkeys(files)) == [str(tmp_path / "b.txt"), str(tmp_path / "more" / "a.md")]


def test_a_detector_is_chosen_by_name(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text(TEXT)
    assert command.main(["--detector", "rules", str(path)]) == 0
    assert "18,000" in capsys.readouterr().out


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_many_files_are_told_off_on_the_terminal_while_the_claims_go_elsewhere(tmp_path, monkeypatch, capsys):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(TEXT)
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    assert command.main([str(tmp_path)]) == 0
    assert "2 of 3 articles" in shown.getvalue()
    assert shown.getvalue().endswith("minute\n")


def test_the_bar_says_how_much_is_done_and_how_long_the_rest_takes():
    assert command.progress(5, 20, 2.0) == "[#####---------------] 5 of 20 articles, 120 a minute, 8 s left"
    assert command.progress(20, 20, 2.0) == "[####################] 20 of 20 articles, 120 a minute"


@pytest.mark.parametrize(
    "arguments",
    [[], ["--floor", "2", "a"], ["--floor", "x", "a"], ["--wrong", "a"], ["--detector", "none", "a"]],
    ids=str,
)
def test_wrong_use_ends_with_status_two(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT * 800)
    run = subprocess.run(
        f"{sys.executable} -m claims {path} | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.count("\n") == 1
    assert run.stderr == ""
