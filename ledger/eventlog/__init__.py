"""The append-only Merkle log of events: pure functions, importable alone (this is not logging).

Nothing here knows Flask, a database or the rest of the ledger, so that an outsider can check us
with this package and an export. docs/eventlog.md is the same in words, for other languages.

    canonical    event → exact bytes (RFC 8785), and the hash of a patch
    tree         leaf, node, root, frontier (RFC 6962)
    proofs       inclusion and consistency: make and check (RFC 9162)
    note         the grammar of signed notes and of their keys (C2SP signed-note)
    checkpoint   signed tree head (C2SP tlog-checkpoint): write, parse, sign, verify
    proof_file   one event's proof in one file (C2SP tlog-proof)
    fold         what a patch does to rows, and whether an event is well formed
    verify       check an exported log, offline: python -m ledger.eventlog.verify
"""
