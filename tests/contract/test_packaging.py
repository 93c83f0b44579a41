"""What is delivered: the locks, the wheel, the image, compose, and the installer's plain words."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ledger.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
DEPENDENCIES: list[str] = PROJECT["project"]["dependencies"]
ASKED_FOR = {
    "run": DEPENDENCIES,
    "image": [*DEPENDENCIES, *EXTRAS["s3"]],
    "dev": [*DEPENDENCIES, *EXTRAS["test"], *EXTRAS["lint"]],
    "build": PROJECT["build-system"]["requires"],
}


def _lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def _pins(name: str) -> dict[str, str]:
    """The locked version of each package."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==(\S+)", _lock(name), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in pins}


# ------------------------------------------------------------------------------------------ locks


@pytest.mark.parametrize("name", ASKED_FOR)
def test_a_lock_holds_what_the_project_asks_for(name: str) -> None:
    pins = _pins(name)
    for requirement in map(Requirement, ASKED_FOR[name]):
        package = canonicalize_name(requirement.name)
        assert package in pins, f"{package} is not locked: make lock"
        assert requirement.specifier.contains(pins[package], prereleases=True), f"{package}: make lock"


@pytest.mark.parametrize("name", ASKED_FOR)
def test_a_lock_has_a_hash_for_each_package_and_names_no_host(name: str) -> None:
    text = _lock(name)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "//" not in text
    assert "--index" not in text


def test_developers_run_the_versions_that_are_delivered() -> None:
    dev = _pins("dev")
    for name in ("run", "image", "build"):
        assert {package: dev.get(package) for package in _pins(name)} == _pins(name)


# ------------------------------------------------------------------------------------------ wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_packages_whole(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in ("ledger", "claims")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert ours - names == set()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"ledger", "claims", f"claim_ledger-{PROJECT['project']['version']}.dist-info"}


def test_the_wheel_brings_the_command_and_the_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    info = f"claim_ledger-{PROJECT['project']['version']}.dist-info"
    assert b"ledger = ledger.cli.main:main" in archive.read(f"{info}/entry_points.txt")
    assert archive.read(f"{info}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()


# ------------------------------------------------------------------------------ image and compose


def _instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), comments and line breaks taken out."""
    lines = (line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#"))
    text = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in text.splitlines()) if word]


def test_the_image_is_what_operators_expect() -> None:
    instructions = _instructions()
    last_stage = instructions[max(i for i, (word, _) in enumerate(instructions) if word == "FROM") :]
    one = {word: rest for word, rest in last_stage if word not in {"COPY", "RUN"}}
    assert [rest for word, rest in last_stage if word == "VOLUME"] == ["/data"]
    assert one["USER"] not in {"root", "0"}
    assert one["STOPSIGNAL"] == "SIGTERM"
    assert all(rest.startswith("python:3.12-slim") for word, rest in instructions if word == "FROM")
    for word in ("ENTRYPOINT", "CMD"):
        assert all(isinstance(part, str) for part in json.loads(one[word])), f"{word} needs the exec form"
    installs = [rest for word, rest in instructions if word == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)


def test_the_image_asks_itself_with_valid_python() -> None:
    (check,) = (rest for word, rest in _instructions() if word == "HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "HEALTHCHECK", "exec")


def test_the_image_is_given_the_files_it_copies() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    given = {line[1:] for line in ignored if line.startswith("!")}
    assert all((ROOT / name).exists() for name in given)
    for word, rest in _instructions():
        for source in rest.split()[:-1] if word == "COPY" and "--from" not in rest else ():
            assert any(name.startswith(source.rstrip("/")) for name in given), source


def _compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return loaded


def test_compose_follows_its_specification() -> None:
    schema = json.loads((HERE / "compose" / "compose-spec.json").read_text())
    problems = [
        f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(_compose())
    ]
    assert problems == []


def test_compose_waits_for_things_that_can_be_waited_for() -> None:
    services = _compose()["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"], f"{name} waits for {other}"
            else:
                assert services[other]["restart"] == "no", f"{name} waits for {other}"


def test_compose_uses_only_volumes_that_it_declares() -> None:
    compose = _compose()
    used = {volume.split(":")[0] for s in compose["services"].values() for volume in s.get("volumes", ())}
    assert used == compose["volumes"].keys()


def test_no_secret_is_written_down() -> None:
    for service in _compose()["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name or "SECRET" in name:
                assert value.startswith("${") and ":?" in value, name


def test_the_image_and_compose_name_settings_that_exist() -> None:
    text = (ROOT / "Dockerfile").read_text() + (ROOT / "compose.yaml").read_text()
    known = {f"LEDGER_{name.upper()}" for name in Settings.model_fields}
    # Compose's own: where on the host the service is published.
    assert set(re.findall(r"\bLEDGER_[A-Z_]+\b", text)) - known == {"LEDGER_PUBLISH"}


# -------------------------------------------------------------------------------------- installer


def _machine(folder: Path, **commands: str) -> dict[str, str]:
    """A PATH with the usual tools, and otherwise only these commands."""
    tools = folder / "bin"
    tools.mkdir()
    for name in ("sh", "cat", "cksum", "dirname", "head", "rm", "chmod", "mkdir"):
        found = shutil.which(name)
        assert found
        (tools / name).symlink_to(found)
    for name, script in commands.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    (folder / "scripts").mkdir()
    (folder / "requirements").mkdir()
    shutil.copy(ROOT / "scripts" / "install.sh", folder / "scripts")
    (folder / "requirements" / "run.txt").write_text("nothing==1\n")
    return {"PATH": str(tools)}


def _install(folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "scripts/install.sh", "run"], cwd=folder, env=env, capture_output=True, text=True
    )


def test_an_old_python_is_named_with_the_remedy(tmp_path: Path) -> None:
    old = 'case "$1" in --version) echo Python 3.8.19 ;; *) exit 1 ;; esac'
    done = _install(tmp_path, _machine(tmp_path, python3=old))
    assert done.returncode == 1
    assert "Python 3.11 or newer. Found only Python 3.8.19." in done.stderr
    assert "sudo apt install python3" in done.stderr


def test_no_python_at_all_is_said_plainly(tmp_path: Path) -> None:
    done = _install(tmp_path, _machine(tmp_path))
    assert done.returncode == 1
    assert "Found none." in done.stderr
    assert "not found" not in done.stderr


def test_a_python_that_is_asked_for_but_missing_is_named(tmp_path: Path) -> None:
    done = _install(tmp_path, {**_machine(tmp_path, python3="exit 0"), "PYTHON": "python9"})
    assert done.returncode == 1
    assert "Found none at PYTHON=python9." in done.stderr


def test_debians_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    bare = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.11 ;; esac'
    done = _install(tmp_path, _machine(tmp_path, **{"python3.11": bare}))
    assert done.returncode == 1
    assert "sudo apt install python3.11-venv" in done.stderr


def test_a_failed_install_says_so_and_is_not_taken_for_done(tmp_path: Path) -> None:
    # This Python "makes" an environment in which pip fails.
    python = """
case "$*" in
    *"venv .venv") mkdir -p .venv/bin; cat "$0" > .venv/bin/python; chmod +x .venv/bin/python ;;
    *"pip install"*) echo "no route to host" >&2; exit 1 ;;
    *print*) echo 3.11 ;;
esac"""
    env = _machine(tmp_path, **{"python3.11": python})
    for _ in range(2):
        done = _install(tmp_path, env)
        assert done.returncode == 1
        assert "no route to host" in done.stderr
        assert "the network or a proxy" in done.stderr


def test_a_second_install_only_looks_at_a_sum(tmp_path: Path) -> None:
    python = """
echo "$*" >> calls
case "$*" in
    *"venv .venv") mkdir -p .venv/bin; cat "$0" > .venv/bin/python; chmod +x .venv/bin/python ;;
    *print*) echo 3.11 ;;
esac"""
    env = _machine(tmp_path, **{"python3.11": python})
    assert _install(tmp_path, env).returncode == 0
    assert "pip install" in (tmp_path / "calls").read_text()
    (tmp_path / "calls").write_text("")
    second = _install(tmp_path, env)
    assert (second.returncode, second.stderr) == (0, "")
    assert "pip" not in (tmp_path / "calls").read_text()

    (tmp_path / "requirements" / "run.txt").write_text("something==2\n")
    assert _install(tmp_path, env).returncode == 0
    assert "pip install" in (tmp_path / "calls").read_text()


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_images_steps_work_in_a_bare_folder(wheel: Path, tmp_path: Path) -> None:
    """What the Dockerfile runs, without Docker: the lock, then the wheel, then the command."""
    venv.create(tmp_path / "venv", with_pip=True)
    pip = [str(tmp_path / "venv" / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for arguments in (["--help"], ["db", "upgrade"]):
        done = subprocess.run(
            [str(tmp_path / "venv" / "bin" / "ledger"), *arguments],
            cwd=tmp_path,
            env={
                **env,
                "LEDGER_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db",
                "LEDGER_DATA_DIR": str(tmp_path),
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "ledger.db").stat().st_size > 0
