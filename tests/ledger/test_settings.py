"""Settings: all faults at once, none of them with a secret in it; and the key for cookies."""

import os
import re
import threading

import pytest

from ledger import settings as module
from ledger.settings import Settings, SettingsError, keep_secret, load
from ledger.web.budgets import limits_in


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("LEDGER_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_it_runs_on_a_file_here():
    found = load()
    assert (found.database_url, found.is_sqlite) == ("sqlite:///data/ledger.db", True)
    assert found.address == "http://127.0.0.1:8000"


def test_all_faults_are_told_at_once_each_with_its_remedy(monkeypatch):
    for name, value in {
        "LEDGER_DATABASE_URL": "mysql://jo:hunter2@db/ledger",
        "LEDGER_SECRET_KEY": "tooshort",
        "LEDGER_BASE_URL": "ledger.example",
        "LEDGER_PORT": "tcp://10.0.0.1:80",
        "LEDGER_SIGN_IN_RATE": "a lot",
        "LEDGER_SIGNATURES": "three",
        "LEDGER_SCALE": "no-such-scale",
        "LEDGER_FETCH_ALLOW_NETWORKS": "10.1.0.0/99",
        "LEDGER_FETCH_PORTS": "http",
        "LEDGER_LOG_ORIGIN": "has spaces",
        "LEDGER_DATABSE_URL": "sqlite:///x.db",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load()
    told = refused.value.message
    assert told.startswith("11 setting(s) are wrong:")
    for name in (
        "DATABASE_URL", "SECRET_KEY", "BASE_URL", "PORT", "SIGN_IN_RATE", "SIGNATURES", "SCALE",
        "FETCH_ALLOW_NETWORKS", "FETCH_PORTS", "LOG_ORIGIN",
    ):  # fmt: skip
        assert f"  LEDGER_{name}: " in told
    assert "LEDGER_DATABSE_URL: there is no such setting; is LEDGER_DATABASE_URL meant?" in told
    assert "10 per minute; 60 per hour" in told and "choose one of" in told
    assert "hunter2" not in told and "tooshort" not in told


def test_other_peoples_variables_are_left_alone(monkeypatch):
    # Kubernetes makes these for a service that is called "ledger".
    monkeypatch.setenv("LEDGER_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("LEDGER_PORT_80_TCP_ADDR", "10.0.0.1")
    load()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg://u:p@h/d?sslmode=require"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////var/lib/ledger.db", "sqlite:////var/lib/ledger.db"),
    ],
)
def test_a_database_is_named_in_the_usual_ways(given, used):
    assert load(database_url=given).database_url == used


@pytest.mark.parametrize(
    "url", ["", "ledger.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql"]
)
def test_a_database_that_would_keep_nothing_is_refused(url):
    with pytest.raises(SettingsError, match="LEDGER_DATABASE_URL"):
        load(database_url=url)


@pytest.mark.parametrize(
    "rate", ["10 per minute", "1/second", "5 per 10 minutes, 100 per day", "10 per minute; 60 per hour"]
)
def test_a_rate_is_written_as_it_is_read(rate):
    assert len(list(limits_in(load(sign_in_rate=rate).sign_in_rate))) == 1 + len(re.findall("[;,]", rate))


def test_lists_are_written_with_commas(monkeypatch):
    monkeypatch.setenv("LEDGER_FETCH_ALLOW_NETWORKS", "10.1.0.0/16, fd00::/8")
    monkeypatch.setenv("LEDGER_FETCH_PORTS", "80,8080")
    found = load()
    assert (found.fetch_allow_networks, found.fetch_ports) == (("10.1.0.0/16", "fd00::/8"), (80, 8080))


@pytest.mark.parametrize(
    ("more", "address"),
    [
        ({"base_url": "https://ledger.example/"}, "https://ledger.example"),
        ({"host": "::1", "port": 9000}, "http://[::1]:9000"),
    ],
)
def test_the_address_that_people_see(more, address):
    assert load(**more).address == address


def test_a_file_in_the_working_folder_is_read_and_the_environment_wins(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("LEDGER_PORT=9001\nLEDGER_HOST=0.0.0.0\n")
    monkeypatch.setenv("LEDGER_PORT", "9002")
    assert (load().port, load().host) == (9002, "0.0.0.0")


# ------------------------------------------------------------------------- the key for cookies


def _settings(tmp_path, **more) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path / "data", **more)


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    key = _settings(tmp_path).session_secret()
    assert len(key) == 64 and _settings(tmp_path).session_secret() == key
    assert (tmp_path / "data" / "session.key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_set_makes_no_file(tmp_path):
    assert _settings(tmp_path, secret_key="sixteen letters!").session_secret() == "sixteen letters!"
    assert not (tmp_path / "data").exists()
    assert "sixteen" not in repr(_settings(tmp_path, secret_key="sixteen letters!"))


def test_processes_that_start_together_use_one_key(tmp_path):
    found, barrier = [], threading.Barrier(8)

    def start():
        barrier.wait()
        found.append(_settings(tmp_path).session_secret())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["session.key"]


def test_the_first_secret_that_was_kept_wins(tmp_path):
    assert keep_secret(tmp_path / "a.key", "first") == "first"
    assert keep_secret(tmp_path / "a.key", "second") == "first"


def test_an_empty_key_is_never_used(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "session.key").write_text("\n")
    with pytest.raises(SettingsError, match="no usable key"):
        _settings(tmp_path).session_secret()


def test_a_folder_that_can_not_be_written_is_told_in_words(tmp_path):
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(SettingsError, match="LEDGER_DATA_DIR"):
        _settings(tmp_path).session_secret()


def test_the_page_of_settings_names_every_one():
    page = module.as_markdown()
    assert all(f"`LEDGER_{name.upper()}`" in page for name in Settings.model_fields)
