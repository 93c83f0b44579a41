"""Templates that were compiled once."""

import pytest
from jinja2 import DictLoader, Environment, bccache

from ledger.ui import compiled


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What a text says as a template, to a process that has just begun; and how often one was compiled so far."""
    times = []
    compile = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *a, **k: times.append(1) or compile(*a, **k))

    def show(text, folder=tmp_path):
        world = Environment(loader=DictLoader({"page": text}), bytecode_cache=compiled.Compiled(folder))
        return world.get_template("page").render(), len(times)

    return show


def test_a_template_is_compiled_once_and_again_when_anything_changed(shown, monkeypatch):
    assert [shown("{{ 1 + 1 }}"), shown("{{ 1 + 1 }}"), shown("{{ 1 + 2 }}")] == [
        ("2", 1),
        ("2", 1),
        ("3", 2),
    ]
    monkeypatch.setattr(compiled, "__version__", "9.9")
    assert shown("{{ 1 + 2 }}") == ("3", 3)
    monkeypatch.setattr(bccache, "bc_magic", b"another Python")
    assert shown("{{ 1 + 2 }}") == ("3", 4)


def test_a_broken_file_is_compiled_over(shown, tmp_path):
    shown("{{ 1 + 1 }}")
    (file,) = (tmp_path / compiled.FOLDER).iterdir()
    file.write_bytes(file.read_bytes()[:-40])
    assert shown("{{ 1 + 1 }}") == ("2", 2)


def test_pages_are_shown_where_nothing_can_be_kept(shown, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    assert shown("{{ 1 + 1 }}", tmp_path / "taken") == ("2", 1)

    def full(*_args, **_named):
        raise OSError("no space left on device")

    monkeypatch.setattr(bccache.tempfile, "NamedTemporaryFile", full)
    assert shown("{{ 1 + 2 }}") == ("3", 2)


def test_nothing_is_run_from_a_folder_that_others_may_write_to(shown, tmp_path):
    shown("{{ 1 + 1 }}")
    assert shown("{{ 1 + 1 }}") == ("2", 1)
    (tmp_path / compiled.FOLDER).chmod(0o770)
    assert shown("{{ 1 + 1 }}") == ("2", 2)
    (tmp_path / compiled.FOLDER).chmod(0o700)
    assert shown("{{ 1 + 1 }}") == ("2", 2)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / compiled.FOLDER).symlink_to(tmp_path / compiled.FOLDER)
    assert shown("{{ 1 + 1 }}", tmp_path / "other") == ("2", 3)
