"""Pages and exports go out packed; what an edit names by its ETag does not."""

import gzip
import sys

import pytest

from tests.factories import make_claim

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNPACK = {"gzip": gzip.decompress, "zstd": zstd.decompress, None: bytes}
WAYS = {"Accept-Encoding": "zstd, br, gzip"}


@pytest.mark.parametrize("way", ["zstd", "br", "gzip"])
def test_a_page_is_packed_in_the_way_that_the_browser_takes(client, way):
    whole = client.get("/sign-in")
    packed = client.get("/sign-in", headers={"Accept-Encoding": way})
    assert packed.headers["Content-Encoding"] == way
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(whole.data) / 2


def test_a_packed_page_is_the_page(client):
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "<h1" in gzip.decompress(packed.data).decode()


def test_styles_and_scripts_are_packed(client):
    for file in ("css/base.css", "js/selection.js"):
        assert client.get(f"/static/{file}", headers=WAYS).headers["Content-Encoding"] == "br"
        assert "Content-Encoding" not in client.get(f"/static/{file}").headers
        zstd = client.get(f"/static/{file}", headers={"Accept-Encoding": "zstd"})
        assert zstd.headers["Content-Encoding"] == "zstd"


def test_an_api_answer_keeps_the_etag_that_edits_name(client, database, people):
    claim = make_claim(database, people.reviewer)
    token = people.token("reviewer", "ledger:read")
    plain = client.get(f"/api/v1/claims/{claim.id}", headers=token)
    asked = client.get(f"/api/v1/claims/{claim.id}", headers=token | WAYS)
    assert "Content-Encoding" not in asked.headers
    assert asked.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize(
    ("asked", "way"),
    [("zstd, br, gzip", "zstd"), ("gzip", "gzip"), ("gzip, zstd;q=0.5", "gzip"), ("br", None), ("*", None)],
)
def test_an_export_is_packed_while_it_is_made(client, database, people, asked, way):
    make_claim(database, people.reviewer)
    token = people.token("reviewer", "ledger:read")
    plain = client.get("/api/v1/claims.csv", headers=token)
    answer = client.get("/api/v1/claims.csv", headers=token | {"Accept-Encoding": asked})
    assert answer.headers.get("Content-Encoding") == way and "Accept-Encoding" in answer.headers["Vary"]
    assert UNPACK[way](answer.data) == plain.data
    assert (answer.headers["ETag"] == plain.headers["ETag"]) is (way is None)
