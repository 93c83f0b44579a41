"""MiniLM in torch under a layer that tells kinds of sentence apart, and its fine-tuning."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from claims.training.graph import HEADS

SIZE, LAYERS, INNER, VOCABULARY, POSITIONS = 384, 6, 1536, 30_522, 512
_DROPOUT = 0.1
_POOL = 16  # batches whose sentences are sorted by length together

Ids = Sequence[int]
Weights = Mapping[str, NDArray[np.float32]]
"""A model's parameters by their names in BERT's files."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to fine-tune."""

    epochs: int
    seed: int
    rate: float
    batch: int = 32
    head_rate: float = 5e-4
    decay: float = 0.01
    warm_up: float = 0.1


class Classifier(nn.Module):
    """ids int64 [n, length], 0 as padding → scores float32 [n, classes]. Named as in BERT's files."""

    def __init__(self, weights: Weights, classes: int) -> None:
        super().__init__()
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(VOCABULARY, SIZE),
            "position_embeddings": nn.Embedding(POSITIONS, SIZE),
            "token_type_embeddings": nn.Embedding(2, SIZE),
            "LayerNorm": _norm(),
        })  # fmt: skip
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(_Layer() for _ in range(LAYERS))})
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(SIZE, classes)
        body = {name for name in self.state_dict() if not name.startswith("head.")}
        if missing := body - set(weights):
            raise ValueError(f"no BERT weights: {min(missing)} is missing")
        self.load_state_dict({name: torch.tensor(weights[name]) for name in body}, strict=False)

    def forward(self, ids: Tensor) -> Tensor:
        live = ids != 0
        part = self.embeddings
        places = torch.arange(ids.shape[1])
        x = part["word_embeddings"](ids) + part["position_embeddings"](places)
        x = self.dropout(part["LayerNorm"](x + part["token_type_embeddings"].weight[0]))
        for layer in self.encoder["layer"]:
            x = layer(x, live)
        weight = live.to(x.dtype).unsqueeze(-1)
        mean: Tensor = (x * weight).sum(1) / weight.sum(1)
        scores: Tensor = self.head(self.dropout(mean))
        return scores

    def weights(self) -> dict[str, NDArray[np.float32]]:
        return {name: tensor.float().numpy() for name, tensor in self.state_dict().items()}


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        heads = nn.ModuleDict({name: nn.Linear(SIZE, SIZE) for name in ("query", "key", "value")})
        self.attention = nn.ModuleDict({"self": heads, "output": _closing(SIZE)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(SIZE, INNER)})
        self.output = _closing(INNER)
        self.dropout = nn.Dropout(_DROPOUT)

    def forward(self, x: Tensor, live: Tensor) -> Tensor:
        x = self.close(self.attention["output"], self.attend(x, live), x)
        return self.close(self.output, functional.gelu(self.intermediate["dense"](x)), x)

    def attend(self, x: Tensor, live: Tensor) -> Tensor:
        n, length, _ = x.shape
        query, key, value = (
            self.attention["self"][name](x).view(n, length, HEADS, -1).transpose(1, 2)
            for name in ("query", "key", "value")
        )
        dropout = _DROPOUT if self.training else 0.0
        joined = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=live[:, None, None, :], dropout_p=dropout
        )
        return joined.transpose(1, 2).reshape(n, length, SIZE)

    def close(self, part: nn.ModuleDict, new: Tensor, old: Tensor) -> Tensor:
        normed: Tensor = part["LayerNorm"](old + self.dropout(part["dense"](new)))
        return normed


def _closing(width: int) -> nn.ModuleDict:
    return nn.ModuleDict({"dense": nn.Linear(width, SIZE), "LayerNorm": _norm()})


def _norm() -> nn.LayerNorm:
    return nn.LayerNorm(SIZE, eps=1e-12)


def seed(number: int) -> None:
    """Before a model is made: its new layer begins at random."""
    torch.set_num_threads(1)
    torch.manual_seed(number)


def fine_tune(model: Classifier, sentences: Sequence[Ids], targets: NDArray[np.float32], plan: Plan) -> None:
    """Train in place, on one core: `targets` are shares of each class, float [n, classes]."""
    chance = random.Random(plan.seed)
    wanted = torch.from_numpy(targets)
    total = plan.epochs * -(-len(sentences) // plan.batch)
    optimiser, schedule = _optimiser(model, plan, total)
    model.train()
    begun, done, summed = time.monotonic(), 0, 0.0
    for _ in range(plan.epochs):
        for batch in _batches(sentences, plan.batch, chance):
            # Twice as fast as float32 where the processor knows bfloat16; the weights stay in float32.
            with torch.autocast("cpu", torch.bfloat16):
                scores = model(padded([sentences[i] for i in batch])).float()
            loss = functional.cross_entropy(scores, wanted[batch])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            done, summed = done + 1, summed + loss.item()
            if done % 20 == 0 or done == total:
                spent = time.monotonic() - begun
                told = f"  step {done} of {total}, loss {summed / done:.4f}, {spent:.0f} s"
                print(f"\r{told}", end="", file=sys.stderr)
    print(file=sys.stderr)
    model.eval()


def predict(model: Classifier, sentences: Sequence[Ids]) -> NDArray[np.float32]:
    """The share of each class, float32 [n, classes]."""
    shares = np.zeros((len(sentences), model.head.out_features), np.float32)
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            shares[batch] = model(padded([sentences[i] for i in batch])).float().softmax(1).numpy()
    return shares


def padded(sentences: Sequence[Ids]) -> Tensor:
    ids = torch.zeros(len(sentences), max(map(len, sentences)), dtype=torch.long)
    for row, sentence in zip(ids, sentences, strict=True):
        row[: len(sentence)] = torch.tensor(sentence)
    return ids


def _batches(sentences: Sequence[Ids], size: int, chance: random.Random) -> Iterator[list[int]]:
    """All sentences once, at random, yet with others of about their length, so that little is padding."""
    order = list(range(len(sentences)))
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), size * _POOL):
        pool = sorted(order[start : start + size * _POOL], key=lambda i: len(sentences[i]))
        batches += [pool[i : i + size] for i in range(0, len(pool), size)]
    chance.shuffle(batches)
    return iter(batches)


def _optimiser(
    model: Classifier, plan: Plan, total: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW whose rate rises over the first tenth and then falls to nothing."""
    body = [parameter for name, parameter in model.named_parameters() if not name.startswith("head.")]
    optimiser = torch.optim.AdamW([
        {"params": [p for p in body if p.ndim > 1], "lr": plan.rate, "weight_decay": plan.decay},
        {"params": [p for p in body if p.ndim == 1], "lr": plan.rate, "weight_decay": 0.0},
        {"params": list(model.head.parameters()), "lr": plan.head_rate, "weight_decay": 0.0},
    ])  # fmt: skip
    warm = plan.warm_up * total
    rate = lambda step: min((step + 1) / warm, (total - step) / (total - warm))  # noqa: E731
    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
