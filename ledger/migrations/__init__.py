"""The schema, step by step; run by `ledger db upgrade`."""
