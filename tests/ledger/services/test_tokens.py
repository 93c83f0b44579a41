"""Tokens: scopes, an end, one's own rights as the limit."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.auth.identity import SYSTEM, Permission
from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from ledger.ids import new_id
from ledger.models import Token, TokenSecret
from ledger.services import accounts, tokens
from ledger.store import accounts as store
from tests.ledger.services.desk import do, kinds

READ = ["ledger:read"]


def _create(database, by, scopes=READ, **more):
    return do(database, tokens.create, by=by, name=more.pop("name", "bot"), scopes=scopes, **more)


def _identify(database, secret):
    with database.read() as session:
        return tokens.identify(session, secret)


def test_a_token_speaks_for_its_owner_within_its_scopes(database, people):
    token, secret = _create(database, people.editor, ["ledger:read", "claims:write", "ledger:read"])
    assert token.scopes == ["claims:write", "ledger:read"]
    who, same, used = _identify(database, secret)
    assert (who.account_id, who.actor, same.id, used) == (
        people.editor.account,
        f"token:{token.id}",
        token.id,
        None,
    )
    assert who.permissions == {Permission.READ, Permission.CLAIMS}
    assert kinds(database, token) == ["token.created"]


def test_only_the_hash_of_a_token_is_kept(database, people):
    token, secret = _create(database, people.editor)
    assert secret.startswith("clt_") and len(secret) > 40
    with database.read() as session:
        kept = session.get_one(TokenSecret, token.id)
    assert kept.sha256 != secret and secret not in str(token.model_dump())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["accounts:manage"]}, "scopes"),
        ({"scopes": ["ledger:read", "claims:withdraw"]}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 3651}, "days"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
    ],
)
def test_a_wrong_token_is_refused_by_field(database, people, more, field):
    with pytest.raises(Invalid) as refused:
        _create(database, people.reviewer, **more)
    assert refused.value.field == field


def test_a_token_makes_no_tokens(database, people):
    _, secret = _create(database, people.admin, ["accounts:manage", "ledger:read"])
    bot, _, _ = _identify(database, secret)
    with pytest.raises(Forbidden, match="can't make tokens"):
        _create(database, bot)
    with pytest.raises(Forbidden):
        _create(database, SYSTEM)


def test_a_demotion_takes_effect_on_tokens_at_once(database, people):
    _, secret = _create(database, people.editor, ["ledger:read", "claims:withdraw"])
    do(
        database,
        accounts.change,
        people.editor.account,
        by=people.admin,
        version=1,
        details={"role": "reader"},
    )
    assert _identify(database, secret)[0].permissions == {Permission.READ}
    do(
        database,
        accounts.change,
        people.editor.account,
        by=people.admin,
        version=2,
        details={"active": False},
    )
    with pytest.raises(Unauthorized):
        _identify(database, secret)


def test_a_scope_that_no_longer_exists_gives_nothing(database, people):
    token, secret = _create(database, people.editor)
    with database.engine.begin() as connection:
        scopes = ["ledger:read", "claims:teleport"]
        connection.execute(sa.update(Token.__table__).where(Token.id == token.id).values(scopes=scopes))
    assert _identify(database, secret)[0].permissions == {Permission.READ}


def test_a_token_ends_with_its_time(database, people, monkeypatch):
    _, secret = _create(database, people.editor, days=1)
    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Unauthorized, match="expired or was revoked"):
        _identify(database, secret)


def test_a_revoked_token_ends_at_once(database, people):
    token, secret = _create(database, people.editor)
    do(database, tokens.revoke, token.id, by=people.editor)
    with pytest.raises(Unauthorized):
        _identify(database, secret)
    with pytest.raises(Conflict, match="already revoked"):
        do(database, tokens.revoke, token.id, by=people.editor)
    assert kinds(database, token) == ["token.created", "token.revoked"]


def test_who_may_revoke_a_token(database, people):
    token, _ = _create(database, people.reviewer)
    other, other_secret = _create(database, people.reviewer)
    with pytest.raises(Forbidden):
        do(database, tokens.revoke, token.id, by=people.editor)
    # One leaked key must not end the others; itself it may.
    with pytest.raises(Forbidden):
        do(database, tokens.revoke, token.id, by=_identify(database, other_secret)[0])
    do(database, tokens.revoke, other.id, by=_identify(database, other_secret)[0])
    assert do(database, tokens.revoke, token.id, by=people.admin).revoked_by == people.admin.account
    with pytest.raises(NotFound):
        do(database, tokens.revoke, new_id(), by=people.admin)


def test_a_token_that_nobody_made_is_unknown(database, people):
    for secret in ("", "clt_x", "\ud800", "a" * 10_000):
        with pytest.raises(Unauthorized):
            _identify(database, secret)


def test_the_last_use_is_noted_now_and_then(database, people):
    token, secret = _create(database, people.editor)
    assert tokens.worth_noting(None)
    do(database, tokens.note_use, token.id)
    used = _identify(database, secret)[2]
    assert not tokens.worth_noting(used)
    assert tokens.worth_noting(used - timedelta(minutes=10))
    with database.read() as session:
        assert [(t.id, at) for t, at in store.tokens(session, people.editor.account)] == [(token.id, used)]
    do(database, tokens.note_use, new_id())
