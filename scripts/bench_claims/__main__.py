"""python -m scripts.bench_claims [--data DIR] [--only TASK …] [--out FILE]"""

import argparse
import importlib
import platform
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from scripts.bench_claims.figures import ROUNDS, SEED, Figure

ROOT = Path(__file__).resolve().parents[2]
TASKS = {
    "worth": "Check-worthiness of sentences",
    "articles": "Claims in news articles",
    "attribution": "Who said what",
    "segmentation": "Sentences",
    "quantities": "Quantities",
    "matching": "The same claim, found again",
    "speed": "Speed and memory",
}
INTRO = """# Benchmarks of the claim finder

Written by `make bench-claims`; do not edit. Every figure is measured by that one command, on the development
parts of public sets and on our own annotated articles. In brackets the 95 % interval by bootstrap
({rounds} samples, seed {seed}) over what was drawn independently (sentences, articles, queries). **Aim** is
what we set out to reach on hidden test parts, which we do not have: a figure above it here is no promise.

Measured on {machine}, Python {python}, one core. What each set is, and under which licence, stands with the
data. Only ClaimBuster (CC BY 4.0), MIT-licensed sets and our own articles have shaped what is shipped;
the other sets measure.
"""


def main(arguments: list[str] | None = None) -> int:
    """Measure, and write the tables. 0: written, 2: no data or wrong use."""
    asked = _parser().parse_args(arguments)
    if not asked.data.is_dir():
        print(f"bench-claims: no benchmarks in {asked.data}; say where they are with --data", file=sys.stderr)
        return 2
    parts = []
    for task in asked.only or TASKS:
        print(f"— {TASKS[task]}", file=sys.stderr, flush=True)
        module = importlib.import_module(f"scripts.bench_claims.{task}")
        figures = list(_told(module.measure(asked.data)))
        parts.append("\n".join(_section(TASKS[task], module.__doc__ or "", figures)))
    page = INTRO.format(rounds=ROUNDS, seed=SEED, machine=_machine(), python=platform.python_version())
    page = page + "\n" + "\n\n".join(parts) + "\n"
    if asked.out:
        asked.out.write_text(page, encoding="utf-8")
    else:
        print(page)
    return 0


def _told(figures: Iterable[Figure]) -> Iterator[Figure]:
    for figure in figures:
        print(f"  {figure.dataset} · {figure.system} · {figure.measure}: {_shown(figure)}",
              file=sys.stderr, flush=True)  # fmt: skip
        yield figure


def _section(title: str, about: str, figures: list[Figure]) -> Iterator[str]:
    yield f"## {title}\n"
    notes = about.strip().partition("\n\n")[2]
    if notes:
        yield notes + "\n"
    if not figures:
        yield "No data for this task was there.\n"
    for dataset, group in groupby(figures, key=lambda f: f.dataset):
        yield from _table(dataset, list(group))


def _table(dataset: str, figures: list[Figure]) -> Iterator[str]:
    measures = list(dict.fromkeys(f.measure for f in figures))
    systems = list(dict.fromkeys(f.system for f in figures))
    aims = {f.measure: f"{f.aim:g}" for f in figures if f.aim is not None}
    size = max(f.n for f in figures)
    yield f"### {dataset}{f' (n = {size:,})' if size else ''}\n"
    yield "| system | " + " | ".join(measures) + " |"
    yield "|---|" + "---|" * len(measures)
    for system in systems:
        cells = {f.measure: _shown(f) for f in figures if f.system == system}
        yield f"| {system} | " + " | ".join(cells.get(m, "") for m in measures) + " |"
    if aims:
        yield "| *aim* | " + " | ".join(aims.get(m, "") for m in measures) + " |"
    yield ""


def _shown(figure: Figure) -> str:
    if not figure.share:
        return f"{figure.value:,.0f}" if figure.value >= 100 else f"{figure.value:.3g}"
    shown = f"{figure.value:.3f}"
    return shown if figure.low is None else f"{shown} [{figure.low:.3f}, {figure.high:.3f}]"


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench_claims", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the benchmarks")
    parser.add_argument("--only", nargs="+", choices=TASKS, help="measure only these tasks, and print them")
    parser.add_argument("--out", type=Path, help="the file to write instead of printing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
