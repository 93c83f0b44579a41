"""Compiled templates are kept: each would otherwise be compiled at its first view after a start."""

import os
import stat
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from ledger import __version__

FOLDER = "pages"


class Compiled(FileSystemBytecodeCache):
    """A folder of the data folder for them, made for the first; it may be removed at any time.

    A changed text, another version of ours, of Jinja or of Python has its template compiled anew. Where
    nothing can be read or written, all are compiled, as they always were.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        super().__init__(str(self._folder))

    def get_source_checksum(self, source: str) -> str:
        return super().get_source_checksum(f"{__version__}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            if self._is_ours():
                super().load_bytecode(bucket)
        except OSError:
            bucket.reset()

    def _is_ours(self) -> bool:
        """Whether nobody else may write there: what is read is run."""
        told = self._folder.lstat()
        return stat.S_ISDIR(told.st_mode) and told.st_uid == os.geteuid() and not told.st_mode & 0o022

    def dump_bytecode(self, bucket: Bucket) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
        except OSError:
            return
