"""Refresh the front-end files that we ship: python scripts/vendor.py [NAME=VERSION …]

They are committed, so that neither an install nor a page needs npm or another site; this script is
for the maintainer. Without an argument it fetches what vendor.json names and refuses a package
whose sha512 differs. With NAME=VERSION it moves that package to another version and writes down
the new sums. A new file: add it to "files" with any sha256, then run with NAME=VERSION.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parent.parent / "ledger" / "ui" / "static" / "vendor"


def main(arguments: list[str]) -> None:
    manifest = VENDOR / "vendor.json"
    packages = json.loads(manifest.read_text())["packages"]
    moved = dict(argument.split("=", 1) for argument in arguments)
    if unknown := moved.keys() - packages.keys():
        sys.exit(f"vendor.json names no package {', '.join(sorted(unknown))}")
    for name, package in packages.items():
        refresh(name, package, version=moved.get(name))
        print(f"{name} {package['version']}: {len(package['files'])} files")
    manifest.write_text(json.dumps({"packages": packages}, indent=2) + "\n")


def refresh(name: str, package: dict[str, Any], *, version: str | None) -> None:
    """Copy the package's files here and bring its entry up to date."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _pack(name, version or package["version"], Path(folder))
        digest = hashlib.sha512(archive.read_bytes()).digest()
        integrity = "sha512-" + base64.b64encode(digest).decode()
        if version is None and integrity != package["integrity"]:
            sys.exit(f"{name} {package['version']} is not the archive that vendor.json describes.")
        package.update(version=version or package["version"], integrity=integrity)
        with tarfile.open(archive) as files:
            for target, entry in package["files"].items():
                member = files.extractfile(f"package/{entry['from']}")
                if member is None:
                    sys.exit(f"{name} {package['version']} has no file {entry['from']}")
                content = member.read()
                entry["sha256"] = hashlib.sha256(content).hexdigest()
                (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
                (VENDOR / target).write_bytes(content)


def _pack(name: str, version: str, folder: Path) -> Path:
    """Download the archive, and check it against the sum that the registry states."""
    command = ["npm", "pack", f"{name}@{version}", "--json", "--pack-destination", str(folder)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    # npm 10 prints a list; later versions may print an object keyed by package.
    entry = (answer if isinstance(answer, list) else list(answer.values()))[0]
    archive = folder / str(entry["filename"])
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if entry["integrity"] != f"sha512-{digest}":
        sys.exit(f"{name} {version} does not match the sha512 that npm states.")
    return archive


if __name__ == "__main__":
    main(sys.argv[1:])
