"""Blobs in a store that speaks S3: Amazon's, MinIO, Ceph, Garage and others.

They lie there as in a folder, `aa/bb/aabb…`, so that either can be copied into the other as it is. What
comes back is checked against its name: neither the store nor the way to it needs to be trusted.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ledger.adapters.blobs import damaged, place, unknown
from ledger.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import S3Config

_IN_MEMORY = 8 * 2**20
_PIECE = 2**20


class S3Blobs:
    """Blobs in a bucket that exists, under the prefix of an address `s3://BUCKET/PREFIX`.

    `endpoint` is where the store is, empty for Amazon's; `keys` are the access key and its secret, None to
    find them as Amazon's own tools do. An answer is waited for `seconds` long, and tried for no longer.
    """

    def __init__(
        self, address: str, *, endpoint: str, region: str, keys: tuple[str, str] | None, seconds: float
    ) -> None:
        bucket, _, prefix = address.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        wait = timedelta(seconds=seconds)
        config: S3Config = {"region": region}
        if endpoint:
            config["endpoint"] = endpoint
        if keys:
            config["access_key_id"], config["secret_access_key"] = keys
        self._store = S3Store(
            bucket,
            config=config,
            client_options={"timeout": wait, "allow_http": endpoint.startswith("http://")},
            retry_config={"max_retries": 3, "retry_timeout": wait},
        )

    def put(self, body: bytes) -> str:
        """Keep `body`; a store that has it gets it again, which mends a damaged one."""
        name = hashlib.sha256(body).hexdigest()
        with _available():
            # In one request: all of it is there, or nothing.
            obstore.put(self._store, self._prefix + place(name), body, use_multipart=False)
        return name

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name."""
        with self.open(sha256) as file:
            return file.read()

    def open(self, sha256: str) -> BinaryIO:
        """The bytes as a file, large ones on disk, checked against their name."""
        path = self._prefix + place(sha256)
        digest = hashlib.sha256()
        file = cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115  (handed out)
        try:
            with _available(unknown(sha256)):
                for piece in obstore.get(self._store, path).stream(_PIECE):
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != sha256:
                raise damaged(sha256)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def has(self, sha256: str) -> bool:
        """Whether there is a blob of this name."""
        path = self._prefix + place(sha256)
        try:
            with _available(unknown(sha256)):
                obstore.head(self._store, path)
        except NotFound:
            return False
        return True

    def check(self) -> None:
        """Raise Unavailable unless something can be written now."""
        with _available():
            obstore.put(self._store, f"{self._prefix}check", b"can this be written?", use_multipart=False)


@contextmanager
def _available(missing: NotFound | None = None) -> Iterator[None]:
    """Tell a fault of the store as ours, and that it has nothing of this name as `missing`."""
    try:
        yield
    except FileNotFoundError as error:
        raise missing or Unavailable("The store of files does not work: there is no such bucket.") from error
    except (BaseError, OSError) as error:
        # What the store said, with its address, stays in the cause.
        raise Unavailable(f"The store of files does not work ({type(error).__name__}).") from error
