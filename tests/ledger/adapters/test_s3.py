"""What is particular to a store that speaks S3; that it is a store at all, test_blobs.py asks too."""

import hashlib

import pytest

from ledger.adapters import blobs as stores
from ledger.adapters.blobs import FolderBlobs
from ledger.adapters.s3 import S3Blobs
from ledger.errors import Invalid, NotFound, Unavailable
from ledger.settings import Settings, SettingsError, load

BODY = b"The minister said so."
NAME = hashlib.sha256(BODY).hexdigest()
KEY = f"ledger/{NAME[:2]}/{NAME[2:4]}/{NAME}"


def test_a_blob_lies_where_it_would_lie_in_a_folder(bucket, tmp_path):
    FolderBlobs(tmp_path).put(BODY)
    (file,) = (p for p in tmp_path.rglob("*") if p.is_file())
    bucket.blobs().put(BODY)
    assert bucket.request("GET", KEY) == BODY
    assert f"ledger/{file.relative_to(tmp_path).as_posix()}" == KEY
    bucket.blobs(prefix="").put(BODY)
    assert bucket.request("GET", KEY.removeprefix("ledger/")) == BODY


def test_a_blob_that_was_changed_there_is_not_given_out_and_is_mended_by_putting_it_again(bucket):
    store = bucket.blobs()
    store.put(BODY)
    bucket.request("PUT", KEY, b"The minister never said so.")
    for read in (store.get, store.open):
        with pytest.raises(Unavailable, match="damaged"):
            read(NAME)
    store.put(BODY)
    assert store.get(NAME) == BODY


def test_large_bodies_come_back_whole(bucket):
    body = bytes(range(256)) * 4096 * 12
    with bucket.blobs().open(bucket.blobs().put(body)) as file:
        assert file.read() == body
        file.seek(3)
        assert file.read(2) == b"\x03\x04"


def test_that_it_does_not_work_is_said_without_its_address(bucket):
    gone = bucket.blobs(endpoint="http://127.0.0.1:9", seconds=0.2)
    for act in (gone.check, lambda: gone.put(BODY), lambda: gone.get(NAME), lambda: gone.has(NAME)):
        with pytest.raises(Unavailable) as caught:
            act()
        assert "127.0.0.1" not in caught.value.message


def test_a_bucket_that_is_not_there_is_named_as_the_fault(s3):
    store = S3Blobs("s3://no-such-bucket", endpoint=s3, region="us-east-1", keys=("a", "b"), seconds=5)
    for act in (store.check, lambda: store.put(BODY)):
        with pytest.raises(Unavailable, match="no such bucket"):
            act()


def test_no_blob_is_not_found_and_no_name_is_refused(bucket):
    store = bucket.blobs()
    assert not store.has(NAME)
    with pytest.raises(NotFound):
        store.get(NAME)
    for bad in ("../check", NAME.upper(), ""):
        with pytest.raises(Invalid):
            store.get(bad)


# --- the settings


def test_the_settings_choose_the_store(bucket, tmp_path):
    assert isinstance(stores.chosen(Settings(data_dir=tmp_path)), FolderBlobs)
    store = stores.chosen(
        load(
            data_dir=tmp_path, captures=f"s3://{bucket.name}/kept", s3_endpoint=bucket.endpoint,
            s3_access_key="key", s3_secret_key="secret",
        )
    )  # fmt: skip
    store.check()
    assert store.get(store.put(BODY)) == BODY
    assert bucket.request("GET", KEY.replace("ledger/", "kept/")) == BODY


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"captures": "s3:/bucket"}, "LEDGER_CAPTURES"),
        ({"captures": "/var/captures"}, "LEDGER_CAPTURES"),
        ({"captures": "s3://UPPER"}, "LEDGER_CAPTURES"),
        ({"s3_endpoint": "minio:9000"}, "LEDGER_S3_ENDPOINT"),
        ({"s3_access_key": "only"}, "LEDGER_S3_SECRET_KEY"),
        ({"s3_secret_key": "not-shown"}, "LEDGER_S3_SECRET_KEY"),
    ],
)
def test_a_wrong_setting_is_named_and_no_secret_shown(wrong, named):
    with pytest.raises(SettingsError, match=named) as caught:
        load(**wrong)
    assert "not-shown" not in str(caught.value)


def test_without_the_package_the_remedy_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "ledger.adapters.s3", None)
    with pytest.raises(SettingsError, match=r"claim-ledger\[s3]"):
        stores.chosen(Settings(data_dir=tmp_path, captures="s3://bucket"))
