"""Signing the log's state. Whoever keeps a checkpoint can show later that nothing under it changed."""

import os
from pathlib import Path

from sqlmodel import Session

from ledger.errors import Conflict, Unavailable
from ledger.eventlog.checkpoint import Checkpoint, Signer, Verifier, open_checkpoint, sign_checkpoint
from ledger.eventlog.note import BadNote
from ledger.eventlog.tree import Frontier
from ledger.settings import Settings, keep_secret
from ledger.store import events as store

KEY, NEWEST = "log.key", "log.checkpoint"


def signer(settings: Settings) -> Signer:
    """The log's key, made once and kept in the data folder."""
    path = settings.data_dir / KEY
    try:
        secret = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        secret = keep_secret(path, Signer.generate(settings.log_origin).secret)
    try:
        found = Signer.from_secret(secret)
    except BadNote as error:
        raise Unavailable(f"{path} holds no signing key: {error}.") from None
    if found.name != settings.log_origin:
        raise Conflict(
            f"{path} is the key of {found.name}, but LEDGER_LOG_ORIGIN is {settings.log_origin}. "
            "A log keeps its name: set it back, or move the key away to begin a new one."
        )
    return found


def sign(session: Session, settings: Settings) -> str:
    """A signed checkpoint of the log as it stands.

    Refused if the log no longer begins as the checkpoint before it said: a log must never sign two
    histories, and a ledger restored from too old a backup would.
    """
    key = signer(settings)
    path = settings.data_dir / NEWEST
    former = _former(path, key.verifier)
    frontier = Frontier()
    for leaf in store.leaf_hashes(session):
        if former is not None and frontier.size == former.size:
            _check(former, frontier, path)
        frontier.append(leaf)
    if former is not None and frontier.size <= former.size:
        _check(former, frontier, path)
    note = sign_checkpoint(Checkpoint(key.name, frontier.size, frontier.root()), key)
    _keep(path, note)
    return note


def _former(path: Path, key: Verifier) -> Checkpoint | None:
    try:
        return open_checkpoint(path.read_bytes(), key)
    except FileNotFoundError:
        return None
    except BadNote as error:
        raise Conflict(f"{path}, the last checkpoint that was signed, is not good: {error}.") from None


def _check(former: Checkpoint, frontier: Frontier, path: Path) -> None:
    if frontier.size != former.size or frontier.root() != former.root:
        raise Conflict(
            f"This log does not go on from what was signed last ({former.size:,} events, in {path}): it was "
            "rewritten or comes from an older backup. `ledger verify` tells more. Nothing was signed."
        )


def _keep(path: Path, note: str) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    part.write_text(note, encoding="utf-8")
    part.replace(path)


def opened(note: bytes, settings: Settings, vkey: str | None = None) -> Checkpoint:
    """What a checkpoint says, its signature checked by `vkey`, or by this log's own key."""
    try:
        return open_checkpoint(note, Verifier.from_vkey(vkey) if vkey else signer(settings).verifier)
    except BadNote as error:
        raise Conflict(f"The checkpoint is not good: {error}.") from None
