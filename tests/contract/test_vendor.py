"""The front-end files that we ship are the published ones, unchanged, each with its licence."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "ledger" / "ui" / "static" / "vendor"
PACKAGES: dict[str, dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text())["packages"]
FILES = {target: entry["sha256"] for p in PACKAGES.values() for target, entry in p["files"].items()}


@pytest.mark.parametrize("target", FILES)
def test_a_vendored_file_is_unchanged(target: str) -> None:
    assert hashlib.sha256((VENDOR / target).read_bytes()).hexdigest() == FILES[target]


def test_no_file_is_there_that_vendor_json_does_not_name() -> None:
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert found - {"vendor.json"} == FILES.keys()


@pytest.mark.parametrize("name", PACKAGES)
def test_a_vendored_package_comes_with_its_licence_and_sum(name: str) -> None:
    package = PACKAGES[name]
    algorithm, _, digest = package["integrity"].partition("-")
    assert algorithm == "sha512" and len(base64.b64decode(digest)) == hashlib.sha512().digest_size
    assert package["licence"] and package["version"]
    assert any(entry["from"] == "LICENSE" for entry in package["files"].values())


def test_an_icon_can_be_inlined_in_a_page() -> None:
    icons = sorted(VENDOR.glob("icons/*.svg"))
    assert icons
    for icon in icons:
        text = icon.read_text()
        assert 'stroke="currentColor"' in text and "<script" not in text, icon.name
