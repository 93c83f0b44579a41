"""How long it takes and how much memory it needs, in processes of their own.

Our own annotated articles, again and again until there are a hundred. Other work on the machine makes it
worse, never better. *import* is the least of seven; *peak* is the most memory that the process held at once,
Python, models and all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.bench_claims.figures import Figure

CASES = Path(__file__).resolve().parents[2] / "tests" / "claims" / "cases"
ARTICLES = 100
IMPORT = "import time; began = time.perf_counter(); import claims; print(time.perf_counter() - began)"
BULK = """
import json, sys, time
from pathlib import Path
from claims import read
from claims.detectors import detector
finder = detector(sys.argv[1])
texts = [p.read_bytes() for p in sorted(Path(sys.argv[2]).glob("*.txt"))]
finder.find(read(texts[0]))  # the model is loaded once
began = time.perf_counter()
for i in range(int(sys.argv[3])):
    finder.find(read(texts[i % len(texts)]))
spent = time.perf_counter() - began
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
peak = int(status["VmHWM"].split()[0]) / 1024  # getrusage counts what the process that started us held
print(json.dumps({"a minute": int(sys.argv[3]) / spent * 60, "peak": peak}))
"""


def measure(data: Path) -> Iterator[Figure]:
    imports = min(float(_run(IMPORT)) for _ in range(7))
    yield Figure("speed", "import claims", "ours", "ms", imports * 1000, aim=100, share=False)
    for name in ("rules", "encoder"):
        got = json.loads(_run(BULK, name, str(CASES), str(ARTICLES)))
        about = "100 articles, one after another"
        yield Figure("speed", about, name, "articles a minute", got["a minute"], aim=100, share=False)
        yield Figure("speed", about, name, "peak MB", got["peak"], aim=300, share=False)


def _run(program: str, *arguments: str) -> str:
    # As anybody's Python runs: with the byte code that it wrote the first time.
    around = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=around).stdout
