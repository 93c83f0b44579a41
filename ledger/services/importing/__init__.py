"""Imports in bulk: entries become claims with their places, sources, events and words.

Hot: whole rows and their events are made as plain values and put into the tables at once, past the session;
they are what the session would have written, which tests compare. Each batch is one transaction and one
deed. What is there already is left alone, so that the same file can be taken twice, or gone on with.

`engine` leads a file through; `batch` decides what becomes of its entries; `writing` makes the rows; `ahead`
has a second process write them, where there are many and all are new.

An address that has no article gets one of the words quoted from it, whose first line says so. Another
publisher's rating is a source; the claim is unchecked. docs/decisions/0029 tells why.
"""

from ledger.services.importing.batch import Counts
from ledger.services.importing.engine import BATCH, Importing

__all__ = ["BATCH", "Counts", "Importing"]
