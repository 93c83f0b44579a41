"""Sentences as vectors: like meanings lie close, any text will do, and a damaged model is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import encoder
from claims.encoder import MODELS, Network, embed

if TYPE_CHECKING:
    from pathlib import Path

MODEL = MODELS / "minilm"
SENTENCES = [
    "Unemployment fell to 3.9% in 2019.",
    "The share of people without work dropped below four per cent that year.",
    "Thank you very much.",
    "The council closed both libraries in March, although more than two thousand people had signed a petition.",
    "",
]


def test_each_text_has_a_vector_of_length_one() -> None:
    vectors = embed(SENTENCES)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embed([]).shape == (0, 384)


def test_what_says_the_same_lies_closer_than_what_does_not() -> None:
    fell, dropped, thanks, libraries, _ = embed(SENTENCES)
    assert fell @ dropped > 0.4
    assert max(fell @ thanks, fell @ libraries) < 0.2


def test_vectors_are_those_of_the_published_model() -> None:
    """The first numbers that all-MiniLM-L6-v2 gives in float32 (torch 2.13), which int8 nearly keeps."""
    published = [0.0176, -0.0068, 0.0517, 0.0364, 0.0733, 0.0414]
    assert np.allclose(embed(SENTENCES[:1])[0, :6], published, atol=0.01)


def test_neighbours_and_order_change_no_vector() -> None:
    alone = np.concatenate([embed([text]) for text in SENTENCES])
    crowd = embed([*reversed(SENTENCES), *["A longer neighbour, so that all others are padded. " * 20] * 40])
    assert np.allclose(crowd[:5][::-1], alone, atol=1e-5)


HOSTILE = [
    "",
    " ",
    "\ud800\udfff",
    "\x00\x00",
    "a" * 1_000_000,
    "word " * 200_000,
    "[PAD] [SEP]",
    "😀" * 5_000,
]


def test_no_text_is_too_strange_or_too_long() -> None:
    vectors = embed(HOSTILE)
    assert np.isfinite(vectors).all()
    assert np.allclose(vectors[HOSTILE.index("word " * 200_000)], embed(["word " * 300])[0], atol=1e-5)


def test_the_models_own_signs_in_an_article_are_plain_words() -> None:
    tokens = encoder.Tokens(MODEL / "tokenizer.json").of("[PAD] or [SEP]")
    assert 0 not in tokens
    assert tokens.count(102) == 1


@settings(max_examples=50)
@given(st.text())
def test_any_text_has_a_vector(text: str) -> None:
    assert np.isclose(np.linalg.norm(embed([text])), 1, atol=1e-5)


def test_threads_share_one_model_and_get_the_same_answers() -> None:
    alone = embed(SENTENCES)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(lambda _: embed(SENTENCES), range(8)):
            assert np.array_equal(vectors, alone)


def test_a_damaged_or_missing_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "copy")
    model = tmp_path / "copy" / "model.onnx"
    Network(model.parent, tokenizer=MODEL / "tokenizer.json")
    with model.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"torn")
    with pytest.raises(encoder.ModelDamaged, match=r"model\.onnx"):
        Network(model.parent, tokenizer=MODEL / "tokenizer.json")
    model.unlink()
    with pytest.raises(encoder.ModelDamaged, match="not whole"):
        Network(model.parent, tokenizer=MODEL / "tokenizer.json")


def test_importing_the_library_loads_neither_numpy_nor_a_runtime() -> None:
    code = "import sys, claims, claims.encoder; print(sorted({'numpy', 'onnxruntime', 'tokenizers'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_licences_and_cards_lie_beside_the_models() -> None:
    for folder in (path.parent for path in MODELS.glob("*/model.onnx")):
        assert "Apache License" in (folder / "LICENSE").read_text()
        assert "Apache-2.0" in (folder / "README.md").read_text()
