"""How the check-worthiness model is made: an encoder trained twice, a linear model, a blend, and the card.

The coders of ClaimBuster disagree about many a sentence. So a second encoder learns from targets that are
half the label and half what the first one thinks, and the weights of both are averaged.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load

from claims import worth
from claims.encoder import MODELS, Network, Tokens
from claims.features import plain
from claims.training import linear, network, sentences
from claims.training.base import read, write_sums
from claims.training.card import card
from claims.training.graph import class_scores
from claims.training.network import Classifier, Plan, Weights
from claims.training.sentences import KINDS, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from claims.training.measures import Floats

_TEACHER_RATE, _STUDENT_RATE = 5e-5, 7e-5
_TRUST = 0.5  # in the label, beside the teacher's view


def make(data: Path, base: Path, out: Path, *, epochs: int, seed: int) -> None:
    """Train on data/train.csv, blend on data/dev.csv, and write model, card, licence and sums into `out`.

    ValueError for data without a column, a label or a sentence, and for a base that is not the published one.
    """
    train, dev = (sentences.read(data / f"{part}.csv") for part in ("train", "dev"))
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = out / "tokenizer.json"
    tokenizer.write_bytes(read(base, tokenizer.name))
    weights = load(read(base, "model.safetensors"))
    try:
        tuned = encoder(train, Tokens(tokenizer), weights, epochs=epochs, seed=seed)
        model = class_scores(tuned, head=tuned["head.weight"], bias=tuned["head.bias"])
        (out / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
        write_sums(out, "model.onnx")
        meaning = worth.log_odds(Network(out, tokenizer=tokenizer).run([plain(s.text) for s in dev]))
    finally:
        tokenizer.unlink()  # claims/models/minilm has it
    half = linear.fit([s.text for s in train], [s.is_worth for s in train])
    words = linear.log_odds(half, [s.text for s in dev])
    labels = np.array([s.is_worth for s in dev])
    blending = linear.blend(meaning, words, labels)
    np.savez(
        out / "linear.npz", words=half["words"], runs=half["runs"], signs=half["signs"], blending=blending
    )
    write_sums(out, "model.onnx", "linear.npz")
    shutil.copyfile(MODELS / "minilm" / "LICENSE", out / "LICENSE")
    (out / "README.md").write_text(card(train, dev, meaning, words, epochs=epochs, seed=seed))


def encoder(train: Sequence[Sentence], tokens: Tokens, base: Weights, *, epochs: int, seed: int) -> Weights:
    """The averaged weights of the two, with those of the layer on top: head.weight and head.bias."""
    ids = [tokens.of(plain(sentence.text)) for sentence in train]
    labels = np.eye(len(KINDS), dtype=np.float32)[[sentence.kind for sentence in train]]
    print("teacher", file=sys.stderr)
    teacher = _trained(base, ids, labels, Plan(epochs, seed, _TEACHER_RATE))
    softened = _TRUST * labels + (1 - _TRUST) * network.predict(teacher, ids)
    print("student", file=sys.stderr)
    student = _trained(base, ids, softened, Plan(epochs, seed + 1, _STUDENT_RATE)).weights()
    return {name: np.float32(0.5) * (weight + student[name]) for name, weight in teacher.weights().items()}


def _trained(base: Weights, ids: Sequence[Sequence[int]], targets: Floats, plan: Plan) -> Classifier:
    network.seed(plan.seed)
    model = Classifier(base, len(KINDS))
    network.fine_tune(model, ids, targets, plan)
    return model
