"""How likely a sentence is to state a fact worth checking, learned from ClaimBuster's debates.

    worth(["Unemployment fell to 3.9% in 2019.", "Thank you very much."])  # [0.9…, 0.0…]

Two models, blended: all-MiniLM-L6-v2 fine-tuned (meaning), and a linear one over n-grams and signs (words). A
sentence is judged alone, without its neighbours. The models, how they were made and what they are good for:
claims/models/worth/README.md.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from claims.encoder import MODELS, check, network
from claims.features import bags, plain, signs
from claims.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

MODEL = "worth"


def worth(texts: Sequence[str]) -> list[float]:
    """The probability, 0 to 1, that a reader of political debate would call each text worth checking.

    Any text will do. Safe to call from several threads. Raises ModelDamaged.
    """
    import numpy as np

    odds = linear().blend(by_meaning(texts), by_words(texts))
    chances: list[float] = (1 / (1 + np.exp(-odds))).tolist()
    return chances


def by_meaning(texts: Sequence[str]) -> NDArray[np.float32]:
    """The log-odds by the fine-tuned encoder alone, float32 [n]."""
    return log_odds(network(MODEL).run([plain(text) for text in texts]))


def by_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """The log-odds by the linear model alone, float32 [n]."""
    import numpy as np

    model = linear()
    return np.array([model.log_odds(text) for text in texts], np.float32)


def log_odds(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the last class against the others, from the network's scores, float32 [n, classes] → [n]."""
    import numpy as np

    last: NDArray[np.float32] = scores[:, -1] - np.logaddexp.reduce(scores[:, :-1], axis=1)
    return last


@dataclass(frozen=True, slots=True)
class Linear:
    """The linear model, and the blend of it with the encoder. The arrays are those of linear.npz."""

    words: NDArray[np.float32]
    runs: NDArray[np.float32]
    signs: NDArray[np.float32]
    """A weight for each bucket of `features.bags` and each number of `features.signs`, and then the bias."""
    blending: NDArray[np.float32]
    """Logistic regression over (encoder, linear): two weights and a bias. It calibrates as it blends."""

    @classmethod
    def load(cls, folder: Path) -> Linear:
        import numpy as np

        check(folder)
        with np.load(folder / "linear.npz") as arrays:
            return cls(*(arrays[name].astype(np.float32) for name in ("words", "runs", "signs", "blending")))

    def log_odds(self, text: str) -> float:
        words, runs = bags(text)
        *weights, total = self.signs.tolist()
        total += sum(weight * sign for weight, sign in zip(weights, signs(text), strict=True))
        total += sum(self.words.item(bucket) * weight for bucket, weight in words.items())
        total += sum(self.runs.item(bucket) * weight for bucket, weight in runs.items())
        return float(total)

    def blend(self, meaning: NDArray[np.float32], words: NDArray[np.float32]) -> NDArray[np.float32]:
        """The calibrated log-odds, float32 [n]."""
        by_meaning, by_words, bias = self.blending
        odds: NDArray[np.float32] = by_meaning * meaning + by_words * words + bias
        return odds


def linear() -> Linear:
    """The linear model, loaded once."""
    with _lock:
        if not _loaded:
            _loaded.append(Linear.load(MODELS / MODEL))
        return _loaded[0]


_lock = threading.Lock()
_loaded: list[Linear] = []
