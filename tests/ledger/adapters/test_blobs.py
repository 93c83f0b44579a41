import hashlib
import os

import pytest

from ledger.adapters import blobs as blobs_module
from ledger.adapters.blobs import FolderBlobs, MemoryBlobs
from ledger.errors import Invalid, NotFound, Unavailable

BODY = b"The minister said so."
NAME = hashlib.sha256(BODY).hexdigest()


@pytest.fixture(params=["folder", "memory", "s3"])
def blobs(request, tmp_path):
    if request.param == "s3":
        return request.getfixturevalue("bucket").blobs()
    return FolderBlobs(tmp_path / "blobs") if request.param == "folder" else MemoryBlobs()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "blobs"


def stored(folder):
    return folder / NAME[:2] / NAME[2:4] / NAME


def test_a_blob_is_named_by_its_sha256_and_comes_back_whole(blobs):
    assert blobs.put(BODY) == NAME
    assert blobs.get(NAME) == BODY


def test_a_blob_can_be_read_as_a_file_from_its_start(blobs):
    blobs.put(BODY)
    with blobs.open(NAME) as file:
        assert file.read(3) == b"The"


def test_an_empty_blob_is_a_blob(blobs):
    assert blobs.get(blobs.put(b"")) == b""


def test_putting_twice_is_the_same_as_once(blobs):
    assert blobs.put(BODY) == blobs.put(BODY)
    assert blobs.get(NAME) == BODY


def test_a_blob_is_there_once_it_was_put(blobs):
    assert not blobs.has(NAME)
    blobs.put(BODY)
    assert blobs.has(NAME)


@pytest.mark.parametrize("read", ["get", "open"])
def test_an_unknown_blob_is_not_found(blobs, read):
    with pytest.raises(NotFound) as caught:
        getattr(blobs, read)(NAME)
    assert caught.value.facts == {"sha256": NAME}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../../etc/passwd",
        NAME.upper(),
        NAME[:-1],
        NAME + "0",
        NAME + "\n",
        NAME[:-1] + "g",
        "٣" * 64,
        "/" * 64,
    ],
    ids=["empty", "path", "capitals", "short", "long", "line break", "not hex", "other digits", "slashes"],
)
@pytest.mark.parametrize("method", ["get", "open", "has"])
def test_a_name_that_is_no_sha256_is_refused(blobs, method, name):
    with pytest.raises(Invalid) as caught:
        getattr(blobs, method)(name)
    assert caught.value.field == "sha256"


def test_a_working_store_passes_its_check_and_keeps_nothing_of_it(blobs, folder):
    blobs.check()
    assert not folder.exists() or list(folder.iterdir()) == []


def test_blobs_outlive_the_object_that_put_them(folder):
    FolderBlobs(folder).put(BODY)
    assert FolderBlobs(str(folder)).get(NAME) == BODY


def test_a_blob_lies_two_folders_deep_with_nothing_beside_it(folder):
    FolderBlobs(folder).put(BODY)
    assert [path for path in folder.rglob("*") if path.is_file()] == [stored(folder)]


@pytest.mark.parametrize(
    "damage", [b"", BODY[:-1], b"Something else."], ids=["empty", "cut short", "changed"]
)
@pytest.mark.parametrize("read", ["get", "open"])
def test_a_damaged_blob_is_not_handed_out(folder, read, damage):
    FolderBlobs(folder).put(BODY)
    stored(folder).write_bytes(damage)
    with pytest.raises(Unavailable, match="damaged"):
        getattr(FolderBlobs(folder), read)(NAME)


def test_putting_a_damaged_blob_again_mends_it(folder):
    FolderBlobs(folder).put(BODY)
    stored(folder).write_bytes(b"damaged")
    FolderBlobs(folder).put(BODY)
    assert FolderBlobs(folder).get(NAME) == BODY


def test_an_intact_blob_is_not_written_again(folder):
    FolderBlobs(folder).put(BODY)
    before = stored(folder).stat().st_ino
    FolderBlobs(folder).put(BODY)
    assert stored(folder).stat().st_ino == before


def test_the_bytes_and_then_their_folders_are_on_disk_before_put_returns(folder, monkeypatch):
    synced = []
    real = os.fsync

    def watched(handle):
        synced.append(os.readlink(f"/proc/self/fd/{handle}") if os.path.exists("/proc/self/fd") else "")
        real(handle)

    monkeypatch.setattr(blobs_module.os, "fsync", watched)
    FolderBlobs(folder).put(BODY)
    if synced[0]:
        assert synced[0].endswith(".part")
        assert synced[1:] == [
            str(path) for path in (stored(folder).parent, stored(folder).parent.parent, folder)
        ]
    assert len(synced) == 4


def test_a_write_that_fails_leaves_no_trace(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(blobs_module.os, "replace", full)
    store = FolderBlobs(folder)
    with pytest.raises(Unavailable, match="No space left on device"):
        store.put(BODY)
    assert not store.has(NAME)
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "act", [lambda store: store.put(BODY), lambda store: store.check()], ids=["put", "check"]
)
def test_a_place_that_cannot_be_a_folder_is_unavailable(tmp_path, act):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable) as caught:
        act(FolderBlobs(tmp_path / "file"))
    assert str(tmp_path) not in caught.value.message


def test_memory_keeps_what_was_put_even_if_the_buffer_changes():
    buffer = bytearray(BODY)
    store = MemoryBlobs()
    store.put(buffer)
    buffer[:3] = b"xxx"
    assert store.get(NAME) == BODY
