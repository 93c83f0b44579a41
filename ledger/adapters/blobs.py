"""Bytes kept under their SHA-256: what was fetched or uploaded, exactly as it arrived."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from ledger.errors import Invalid, NotFound, Unavailable
from ledger.settings import Settings, SettingsError

_NAME = re.compile("[0-9a-f]{64}")


class Blobs(Protocol):
    """A store of bytes. A blob's name is its SHA-256: 64 lower-case hexadecimal digits.

    A malformed name raises Invalid (field `sha256`) and an unknown one NotFound. Unavailable means
    that the store does not work, or that a blob is no longer what its name says.
    """

    def put(self, body: bytes) -> str:
        """Keep `body` and return its name; it is safe on disk then. Twice is the same as once."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their name."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The bytes as a file to read, checked against their name; the caller closes it."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether there is a blob of this name; its content is not checked."""
        ...

    def check(self) -> None:
        """Raise Unavailable unless something can be written now."""
        ...


class FolderBlobs:
    """Blobs as files, `aa/bb/aabb…`, under a folder that is made when first needed."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._root = Path(path)

    def put(self, body: bytes) -> str:
        name = hashlib.sha256(body).hexdigest()
        file = self._file(name)
        with self._available():
            # A damaged file is written again; an intact one is left alone.
            if not (file.is_file() and file.read_bytes() == body):
                file.parent.mkdir(parents=True, exist_ok=True)
                self._write(file, body)
        return name

    def get(self, sha256: str) -> bytes:
        with self.open(sha256) as file:
            return file.read()

    def open(self, sha256: str) -> BinaryIO:
        path = self._file(sha256)
        with self._available():
            try:
                file = path.open("rb")
            except FileNotFoundError:
                raise unknown(sha256) from None
            # Checked through the handle that is handed out, so nothing can be swapped in between.
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                file.close()
                raise damaged(sha256)
            file.seek(0)
            return file

    def has(self, sha256: str) -> bool:
        with self._available():
            return self._file(sha256).is_file()

    def check(self) -> None:
        with self._available():
            self._root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._root) as file:
                file.write(b"can this be written?")
                file.flush()

    def _file(self, sha256: str) -> Path:
        return self._root / place(sha256)

    def _write(self, file: Path, body: bytes) -> None:
        """Write so that a crash leaves the whole blob or none of it."""
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                target.write(body)
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        # The name is safe only once the folders that hold it are, each of which may be new.
        for folder in (file.parent, file.parent.parent, self._root):
            _sync_folder(folder)

    @contextmanager
    def _available(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # Which file it was stays in the cause: people who read articles need not see our paths.
            raise Unavailable(f"The store of files does not work: {error.strerror or error}.") from error


class MemoryBlobs:
    """Blobs that live as long as the process, for use without a folder."""

    def __init__(self) -> None:
        self._bodies: dict[str, bytes] = {}

    def put(self, body: bytes) -> str:
        name = hashlib.sha256(body).hexdigest()
        self._bodies[name] = bytes(body)
        return name

    def get(self, sha256: str) -> bytes:
        try:
            return self._bodies[_checked(sha256)]
        except KeyError:
            raise unknown(sha256) from None

    def open(self, sha256: str) -> BinaryIO:
        return BytesIO(self.get(sha256))

    def has(self, sha256: str) -> bool:
        return _checked(sha256) in self._bodies

    def check(self) -> None:
        """Memory can always be written."""


def chosen(settings: Settings) -> Blobs:
    """The store that the settings name. Raises SettingsError where it can't be had."""
    if not settings.captures:
        return FolderBlobs(settings.data_dir / "captures")
    try:
        # Who keeps files in a folder need not have it.
        from ledger.adapters.s3 import S3Blobs
    except ImportError as error:
        raise SettingsError(
            "LEDGER_CAPTURES names a store that speaks S3, which needs one more package: "
            "pip install 'claim-ledger[s3]'."
        ) from error
    return S3Blobs(
        settings.captures,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        keys=settings.s3_keys,
        seconds=settings.s3_timeout_seconds,
    )


def place(sha256: str) -> str:
    """Where a blob lies below its store: `aa/bb/aabb…`. Raises Invalid for what names none."""
    return f"{sha256[:2]}/{sha256[2:4]}/{_checked(sha256)}"


def unknown(sha256: str) -> NotFound:
    """That there is no such blob."""
    return NotFound(f"There is no stored file {sha256}.", sha256=sha256)


def damaged(sha256: str) -> Unavailable:
    """That a blob is no longer what its name says."""
    return Unavailable(f"The stored file {sha256} is damaged. Restore it from a backup.", sha256=sha256)


def _checked(sha256: str) -> str:
    if not _NAME.fullmatch(sha256):
        raise Invalid("A stored file is named by its SHA-256: 64 digits from 0 to f.", field="sha256")
    return sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
