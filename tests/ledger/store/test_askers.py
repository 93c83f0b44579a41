"""Whom a token speaks for, read without the models: the same as with them, in every state."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from ledger import clock
from ledger.auth.identity import Permission
from ledger.auth.secrets import noted_until
from ledger.errors import Unauthorized
from ledger.models import Account
from ledger.services import accounts, tokens
from ledger.store.askers import asker
from tests.conftest import one_database
from tests.ledger.services.desk import do


@pytest.fixture
def asked(database):
    """What both ways make of a secret: the person, the token's id and end, and until when its use is noted."""

    def ask(secret):
        with closing(sqlite3.connect(database.file)) as connection:
            found = asker(connection, secret)
        mine = found and (found.who, found.token, found.ends, found.plain_until)
        try:
            with database.read() as session:
                who, token, used = tokens.identify(session, secret)
                theirs = who, token.id, token.expires_at, min(token.expires_at, noted_until(used))
        except Unauthorized:
            theirs = None
        assert mine == theirs
        return found

    return ask


@one_database
def test_both_ways_tell_the_same_of_every_token(database, people, asked, monkeypatch):
    def change(**details):
        with database.read() as session:
            version = session.get_one(Account, people.editor.account).version
        do(
            database,
            accounts.change,
            people.editor.account,
            by=people.admin,
            version=version,
            details=details,
        )

    scopes = ["ledger:read", "claims:withdraw"]
    token, secret = do(database, tokens.create, by=people.editor, name="bot", scopes=scopes, days=2)
    assert asked("clt_" + "x" * 43) is None and asked("") is None and asked("\udcff") is None
    assert asked(secret).who.permissions == {Permission.READ, Permission.WITHDRAW}
    assert asked(secret).plain_until < clock.now()

    with database.write() as session:
        tokens.note_use(session, token.id)
    assert clock.now() < asked(secret).plain_until < asked(secret).ends

    for role, kept in (("reader", {Permission.READ}), ("admin", set(asked(secret).who.permissions))):
        change(role=role)
        assert asked(secret).who.permissions == kept

    now = clock.now()
    for days, good in ((1, True), (3, False)):
        monkeypatch.setattr(clock, "now", lambda days=days: now + timedelta(days=days))
        assert (asked(secret) is not None) is good
    monkeypatch.undo()

    change(active=False)
    assert asked(secret) is None
    change(active=True)
    assert asked(secret) is not None
    do(database, tokens.revoke, token.id, by=people.editor)
    assert asked(secret) is None
