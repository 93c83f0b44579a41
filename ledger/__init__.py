"""The claim ledger's service: articles in, claims with spans, statuses and evidence out."""

__version__ = "0.1.0"
