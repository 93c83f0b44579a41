"""The decisions: each change to the ledger is made here, with its event, in the caller's transaction."""
