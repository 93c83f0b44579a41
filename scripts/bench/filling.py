"""A ledger to measure: twenty claims to an article, two sources to a claim, brought in by a bulk import."""

import time

from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.services.importing import Importing
from scripts.bench.imports import entries


def fill(database: Database, by: Identity, wanted: int) -> float:
    """Bring `wanted` claims in, with events, leaves and full text; gives claims a second."""
    began = time.perf_counter()
    importing = Importing(database, by=by, name="bench.jsonl")
    refused = list(importing.take(entries(wanted)))
    if refused or importing.counts.claims != wanted:
        raise SystemExit(f"the import took {importing.counts}, and refused {refused[:1]}")
    return wanted / (time.perf_counter() - began)
