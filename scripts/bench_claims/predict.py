"""python -m scripts.bench_claims.predict TASK IN OUT: what the claim finder says, for a scorer to judge.

    articles      IN an article (text)        OUT {"sentences": [[start, end]], "claims": [{start, end, …}]}
    classify      IN a CSV with id and text   OUT a CSV with id, score (0..1), pred (0 or 1)
    segment       IN JSON lines with text     OUT JSON lines with id, spans
    quantities    IN JSON lines with text     OUT JSON lines with id, quantities
    attribution   IN JSON lines with text     OUT JSON lines with id, attributions {source, cue, content}
    retrieve      IN JSON lines with text     OUT JSON lines with id, ranked (--corpus: id, claim, title)

A set of one's own, or a hidden one, is measured so without our measuring it. The formats are those of the
scorer that lies beside the public sets (`../shared/data/score.py`). Types are in the annotators' words.
"""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from claims import Document, Span, blocks, read, sentences
from claims.detectors import DEFAULT, detector
from claims.quantities import quantities
from claims.reports import reports
from claims.segmentation import sentences_in
from scripts.bench_claims.articles import type_of

FLOOR = 0.5
RANKED = 20


def articles(source: Path, out: Path, asked: argparse.Namespace) -> None:
    document = read(source.read_bytes(), filename=source.name)
    found = [c for c in detector(asked.detector).find(document) if c.score >= FLOOR]
    told = {
        "sentences": [[s.start, s.end] for s in _sentences(document)],
        "claims": [
            {
                "start": c.span.start,
                "end": c.span.end,
                "type": type_of(c),
                "score": c.score,
                "attributed_to": c.claimant.name if c.claimant else "article",
                "statement": c.statement,
            }
            for c in found
        ],
    }
    out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def classify(source: Path, out: Path, asked: argparse.Namespace) -> None:
    from claims.worth import worth

    csv.field_size_limit(2**31 - 1)
    with source.open(encoding="utf-8", newline="") as file:
        rows = [(row["id"], row["text"]) for row in csv.DictReader(file)]
    scores = worth([text for _, text in rows])
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "score", "pred"])
        writer.writerows((row[0], f"{s:.6f}", int(s >= FLOOR)) for row, s in zip(rows, scores, strict=True))


def segment(source: Path, out: Path, asked: argparse.Namespace) -> None:
    _each(source, out, lambda row: {"spans": [[s.start, s.end] for s in sentences(row["text"])]})


def numbers(source: Path, out: Path, asked: argparse.Namespace) -> None:
    def found(row: dict[str, Any]) -> dict[str, Any]:
        text = row["text"]
        return {"quantities": [asdict(q) for q in quantities(text, Span(0, len(text)))] if text else []}

    _each(source, out, found)


def attribution(source: Path, out: Path, asked: argparse.Namespace) -> None:
    def pair(span: Span | None) -> list[list[int]]:
        return [[span.start, span.end]] if span else []

    def found(row: dict[str, Any]) -> dict[str, Any]:
        return {
            "attributions": [
                {
                    "source": pair(r.source),
                    "cue": pair(r.cue),
                    "content": [p for s in r.contents for p in pair(s)],
                }
                for r in reports(row["text"])
            ]
        }

    _each(source, out, found)


def retrieve(source: Path, out: Path, asked: argparse.Namespace) -> None:
    from claims.matching import Entry, Index

    if asked.corpus is None:
        raise SystemExit("predict: retrieve needs --corpus")
    index = Index()
    index.extend(Entry(row["id"], row["claim"], row.get("title") or "") for row in _rows(asked.corpus))
    _each(source, out, lambda row: {"ranked": [hit.id for hit in index.rank(row["text"], k=RANKED)]})


TASKS: dict[str, Callable[[Path, Path, argparse.Namespace], None]] = {
    "articles": articles,
    "classify": classify,
    "segment": segment,
    "quantities": numbers,
    "attribution": attribution,
    "retrieve": retrieve,
}


def main(arguments: list[str] | None = None) -> int:
    """Write what is asked. 0: written, 2: wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.bench_claims.predict",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("source", type=Path, metavar="IN")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--corpus", type=Path, help="the claims to look among")
    parser.add_argument("--detector", default=DEFAULT)
    asked = parser.parse_args(arguments)
    TASKS[asked.task](asked.source, asked.out, asked)
    return 0


def _sentences(document: Document) -> Iterator[Span]:
    """Block by block, so that the mark of a list item and the bars of a table belong to none."""
    for block in document.blocks:
        for passage in blocks.passages(document.text, block):
            yield from sentences_in(document.text, passage.start, passage.end, document.language)


def _each(source: Path, out: Path, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    with out.open("w", encoding="utf-8") as file:
        for row in _rows(source):
            file.write(json.dumps({"id": row.get("id"), **answer(row)}, ensure_ascii=False) + "\n")


def _rows(source: Path) -> Iterator[dict[str, Any]]:
    with source.open(encoding="utf-8") as file:
        lines: Iterable[str] = file
        for line in lines:
            if line.strip():
                yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main())
