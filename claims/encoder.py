"""Sentences as vectors: all-MiniLM-L6-v2 in int8, run by ONNX Runtime.

    vectors = embed(["Unemployment fell.", "Fewer people were out of work."])
    likeness = vectors @ vectors.T

A text gives the same vector whatever stands beside it in a batch, to the rounding of the last digits: the
network quantises each token by itself (claims/training/graph.py).
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from claims.errors import ClaimsError

if TYPE_CHECKING:  # numpy and the runtime take a while to import: they wait for the first text.
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

MODELS = Path(__file__).with_name("models")
SUMS = "SHA256SUMS"

SIZE = 384
"""The length of a vector."""

MAX_TOKENS = 256
"""What the model was made for; the rest of a longer text is not read."""

threads = 1
"""How many threads one call may use. It counts for models that are loaded after it is set."""

_MAX_CHARACTERS = 8_000  # Far more than 256 tokens of prose, and a megabyte is not tokenised for nothing.
_CHUNK = 1_024  # texts whose tokens are held at once
_BATCH_TOKENS = 256  # in one run of the network, padding included: what bounds its memory


class ModelDamaged(ClaimsError):
    """A model's file is missing, or is not the one whose SHA-256 stands beside it."""


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One vector for each text: float32 [n, 384], each of length 1, so that a dot product is the cosine.

    Any text will do; one without words has a vector too, which means nothing. Safe to call from several
    threads. Raises ModelDamaged.
    """
    return network("minilm").run(texts)


def network(name: str) -> Network:
    """The model in the folder `name` of claims/models, loaded once, whichever thread asks first."""
    with _lock:
        if name not in _loaded:
            _loaded[name] = Network(MODELS / name, tokenizer=MODELS / "minilm" / "tokenizer.json")
        return _loaded[name]


_lock = threading.Lock()
_loaded: dict[str, Network] = {}


class Network:
    """A loaded model: texts in, one row of numbers out for each."""

    def __init__(self, folder: Path, *, tokenizer: Path) -> None:
        import onnxruntime

        check(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # An arena keeps what the largest batch took, for good; asking the system anew costs nothing here.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 3  # errors only: what it would warn of is no concern of a user
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokens = Tokens(tokenizer)

    def run(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The network's output, float32 [n, width], in the order of the texts."""
        import numpy as np

        (output,) = self._session.get_outputs()
        rows = np.zeros((len(texts), output.shape[1]), np.float32)
        for start in range(0, len(texts), _CHUNK):
            tokens = [self._tokens.of(text) for text in texts[start : start + _CHUNK]]
            for batch in _batches(tokens):
                ids = np.zeros((len(batch), len(tokens[batch[-1]])), np.int64)
                for row, i in zip(ids, batch, strict=True):
                    row[: len(tokens[i])] = tokens[i]
                rows[[start + i for i in batch]] = self._session.run(None, {"ids": ids})[0]
        return rows


class Tokens:
    """A tokenizer, set as the models need it."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        # "[PAD]" or "[SEP]" in an article are words like others.
        self._tokenizer.encode_special_tokens = True

    def of(self, text: str) -> list[int]:
        """The ids of a text's tokens, [CLS] and [SEP] among them: 2 to 256, none of them 0, the padding."""
        # A lone surrogate is no Unicode, and the tokenizer refuses it.
        clean = text[:_MAX_CHARACTERS].encode("utf-8", "replace").decode()
        # One by one: a batch would be spread over all cores.
        ids: list[int] = self._tokenizer.encode(clean).ids
        return ids


def check(folder: Path) -> None:
    """Raise ModelDamaged unless each file that SHA256SUMS names is there, with that sum.

    This finds a torn download or an unfetched large file, 15 ms for a model. It is no protection against
    somebody who can write there: they can write the sums as well.
    """
    try:
        for line in (folder / SUMS).read_text().splitlines():
            digest, _, name = line.partition("  ")
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise ModelDamaged(f"{name} of the model {folder.name} is damaged; install it again.")
    except OSError as error:
        raise ModelDamaged(f"The model {folder.name} is not whole: {error}.") from error


def _batches(tokens: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The indices of texts in batches, the shortest first, so that little of a batch is padding."""
    batch: list[int] = []
    for i in sorted(range(len(tokens)), key=lambda i: len(tokens[i])):
        if batch and (len(batch) + 1) * len(tokens[i]) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch
