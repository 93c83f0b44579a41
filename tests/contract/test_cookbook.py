"""The cookbook's recipes: every block is run against the service, and prints what the page says."""

import base64
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from standardwebhooks import Webhook
from werkzeug.serving import make_server

from ledger.db import Database
from ledger.models import Revision
from tests.conftest import People
from tests.ledger.api.published import PRIVATE, make_world

PAGE = Path(__file__).parents[2] / "docs" / "cookbook.md"
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = ("sh", "python")


def recipes() -> dict[str, list[tuple[str, str]]]:
    """By heading: the blocks, each with its language."""
    first, *others = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    found = {"": _FENCED.findall(first)}
    for part in others:
        title, _, rest = part.partition("\n")
        found[title] = _FENCED.findall(rest)
    return found


def printed(blocks: list[tuple[str, str]], language: str) -> tuple[str, str]:
    """The block in a language, and what it is said to print."""
    (place,) = [number for number, (spoken, _) in enumerate(blocks) if spoken == language]
    spoken, told = blocks[place + 1]
    assert spoken == "text", "a block is followed by what it prints"
    return blocks[place][1], told


def test_there_are_ten_recipes_each_in_both_languages() -> None:
    jobs = [title for title in recipes() if title]
    assert [title.partition(".")[0] for title in jobs] == [str(number) for number in range(1, 11)]
    for title in jobs:
        assert [printed(recipes()[title], language) for language in LANGUAGES], title


@pytest.fixture
def kitchen(app: Flask, database: Database, people: People, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A folder with what the recipes read, and the ledger that they ask, as their surroundings."""
    world = make_world(database, people)
    with database.read() as session:
        revision = session.get_one(Revision, world.article.revision_id)
        (tmp_path / "article.txt").write_bytes(revision.text.encode())
    (tmp_path / "lunches.txt").write_text(PRIVATE.replace("9000", "9500"), "utf-8")
    tokens = {name: people.token(who)["Authorization"] for name, who in (("T", "admin"), ("S", "editor2"))}
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield {
        "PATH": os.environ["PATH"], "LEDGER": f"http://127.0.0.1:{server.server_port}",
        "TOKEN": tokens["T"].removeprefix("Bearer "), "SECOND": tokens["S"].removeprefix("Bearer "),
        "AUTH": f"Authorization: {tokens['T']}", "CLAIM": world.checked.id, "ARTICLE": world.article.id,
    }  # fmt: skip
    server.shutdown()
    thread.join()
    server.server_close()


# One database is enough: what is tested is the page.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_recipe_prints_what_the_page_says(
    kitchen: dict[str, str], tmp_path: Path, language: str
) -> None:
    if language == "sh" and not all(map(shutil.which, ("bash", "curl", "jq"))):
        pytest.skip("curl or jq is not installed")
    (client,) = [text for spoken, text in recipes()[""] if spoken == "python"]
    (tmp_path / "client.py").write_text(client, "utf-8")

    for title, blocks in recipes().items():
        if not title:
            continue
        block, told = printed(blocks, language)
        way = ["bash", "-euo", "pipefail", "-c"] if language == "sh" else [sys.executable, "-c"]
        done = subprocess.run(
            [*way, block], cwd=tmp_path, env=kitchen, capture_output=True, text=True, timeout=60, check=False
        )
        expected = ".*?".join(map(re.escape, told.rstrip().split("…")))
        assert done.returncode == 0 and re.fullmatch(expected, done.stdout.rstrip(), re.DOTALL), (
            f"{title}: {done.stdout}{done.stderr}"
        )


def test_the_webhook_recipe_believes_what_a_library_signed_and_nothing_else() -> None:
    block, _ = printed(next(blocks for title, blocks in recipes().items() if title.startswith("8")), "python")
    imports, _, rest = block.partition("from client import ask\n")
    function = rest[rest.index("def is_ours") : rest.index("forged = ")]
    secret = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
    names = {"secret": secret}
    exec(imports + function, names)
    is_ours: Any = names["is_ours"]

    now = datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", now, '{"type": "test"}')
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    assert is_ours(headers, b'{"type": "test"}') is True
    assert is_ours(headers, b'{"type": "tset"}') is False
    assert is_ours(headers | {"webhook-signature": f"v1,AAAA {signature}"}, b'{"type": "test"}') is True
    old = {"webhook-timestamp": str(int(now.timestamp()) - 600)}
    assert is_ours(headers | old, b'{"type": "test"}') is False
