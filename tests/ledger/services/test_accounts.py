"""People: accounts, roles, passwords, one-time links, and the end of sessions."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.auth.identity import ROLES, SYSTEM
from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated, Unauthorized, VersionMissing
from ledger.ids import new_id
from ledger.models import Account, Event, SignInLink
from ledger.services import accounts, tokens
from ledger.store import accounts as store
from tests.ledger.services.desk import do, kinds, now


def _create(database, by, email="jo@example.org", name="Jo", role="reviewer"):
    return do(database, accounts.create, by=by, email=email, name=name, role=role)


def _key(database, who):
    return do(database, accounts.session_key, who)


def _link(database, who, by=SYSTEM, hours=1):
    return do(database, accounts.new_link, who, by=by, hours=hours)


# -------------------------------------------------------------------------------------- accounts


def test_an_account_is_made_by_an_administrator(database, people):
    account = _create(database, people.admin, email="  Jo@Example.ORG ", name=" Jo Cafe\u0301 ")
    assert (account.email, account.name, account.role) == ("jo@example.org", "Jo Café", "reviewer")
    assert (account.active, account.created_by) == (True, people.admin.account)
    assert kinds(database, account) == ["account.created"]
    for role in ("reader", "reviewer", "editor"):
        with pytest.raises(Forbidden):
            _create(database, getattr(people, role))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "jo"}, "email"),
        ({"email": "jo@"}, "email"),
        ({"email": "a b@example.org"}, "email"),
        ({"email": "x" * 65 + "@example.org"}, "email"),
        ({"email": "a@" + "x" * 253}, "email"),
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"role": "root"}, "role"),
    ],
)
def test_a_wrong_account_is_refused_by_field(database, people, wrong, field):
    with pytest.raises(Invalid) as refused:
        _create(database, people.admin, **wrong)
    assert refused.value.field == field


def test_an_address_belongs_to_one_account_in_whatever_case(database, people):
    _create(database, people.admin, email="Émile@example.org")
    with pytest.raises(Conflict) as refused:
        _create(database, people.admin, email="E\u0301MILE@Example.org")
    assert refused.value.field == "email"
    with database.read() as session:
        assert store.with_email(session, "e\u0301mile@EXAMPLE.org").name == "Jo"
        assert store.with_email(session, "emile\x00@example.org") is None


def test_role_and_right_to_sign_in_change_at_once(database, people):
    account = _create(database, people.admin)
    changed = do(
        database,
        accounts.change,
        account.id,
        by=people.admin,
        version=1,
        details={"role": "editor", "active": False},
    )
    assert (changed.role, changed.active, changed.version) == ("editor", False, 2)
    assert accounts.identity_of(changed).permissions == ROLES["editor"]


def test_people_change_their_own_name_and_nothing_more(database, people):
    me = people.reviewer
    assert do(database, accounts.change, me.account, by=me, version=1, details={"name": "Jo"}).name == "Jo"
    for details in ({"role": "admin"}, {"name": "Jo", "role": "admin"}, {"active": False}):
        with pytest.raises(Forbidden):
            do(database, accounts.change, me.account, by=me, version=2, details=details)
    with pytest.raises(Forbidden):
        do(database, accounts.change, people.reader.account, by=me, version=1, details={"name": "Jo"})


def test_a_token_that_may_only_read_does_not_rename_its_owner(database, people):
    _, secret = do(database, tokens.create, by=people.reviewer, name="bot", scopes=["ledger:read"])
    with database.read() as session:
        bot, _, _ = tokens.identify(session, secret)
    with pytest.raises(Forbidden):
        do(database, accounts.change, people.reviewer.account, by=bot, version=1, details={"name": "Pwned"})


def test_there_is_always_an_administrator_who_can_sign_in(database, people):
    only = people.admin
    for details in ({"role": "editor"}, {"active": False}):
        with pytest.raises(Conflict, match="one administrator"):
            do(database, accounts.change, only.account, by=only, version=1, details=details)
    other = people.admin2
    do(database, accounts.change, only.account, by=other, version=1, details={"role": "editor"})
    with pytest.raises(Conflict):
        do(database, accounts.change, other.account, by=other, version=1, details={"active": False})


def test_a_change_of_an_account_names_its_version(database, people):
    who = people.reader.account
    with pytest.raises(VersionMissing):
        do(database, accounts.change, who, by=people.admin, version=None, details={"name": "x"})
    with pytest.raises(Outdated):
        do(database, accounts.change, who, by=people.admin, version=3, details={"name": "x"})
    with pytest.raises(NotFound):
        do(database, accounts.change, new_id(), by=people.admin, version=1, details={"name": "x"})
    with pytest.raises(Invalid) as refused:
        do(database, accounts.change, who, by=people.admin, version=1, details={"role": "root"})
    assert refused.value.field == "role"


def test_the_first_administrator_is_made_once(database):
    first = do(database, accounts.first_administrator)
    assert (first.role, do(database, accounts.first_administrator).id) == ("admin", first.id)


# ------------------------------------------------------------------------------------- sessions


def test_a_new_password_and_signing_out_end_all_sessions_and_links(database, people):
    who, admin = people.reviewer.account, people.admin
    for end in (
        lambda session: accounts.sign_out_everywhere(session, who),
        lambda session: accounts.set_password(session, who, "argon2-hash"),
        lambda session: accounts.change(session, who, by=admin, version=1, details={"active": False}),
    ):
        key, secret = _key(database, who), _link(database, who)
        with database.read() as session:
            assert store.with_session_key(session, who, key) is not None
        do(database, end)
        with database.read() as session:
            assert store.with_session_key(session, who, key) is None
        with pytest.raises(Unauthorized):
            do(database, accounts.use_link, secret)


def test_somebody_who_may_not_sign_in_has_no_session_even_with_the_right_key(database, people):
    who = people.reviewer.account
    do(database, accounts.change, who, by=people.admin, version=1, details={"active": False})
    with database.read() as session:
        assert store.with_session_key(session, who, store.credential(session, who).session_key) is None


def test_an_account_without_its_secrets_gets_new_ones(database, people):
    who = people.reviewer.account
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM credential")
    assert len(_key(database, who)) == 32


def test_no_secret_is_ever_in_the_log(database, people):
    who = people.reviewer.account
    do(database, accounts.set_password, who, "argon2-hash")
    secrets = ["argon2-hash", _key(database, who), _link(database, who)]
    secrets.append(do(database, tokens.create, by=people.reviewer, name="bot", scopes=["ledger:read"])[1])
    with database.read() as session:
        logged = "".join(str(event.patch) for event in session.scalars(sa.select(Event)))
    assert "reviewer@example.org" in logged
    assert not [secret for secret in secrets if secret in logged]


# ---------------------------------------------------------------------------------------- links


def test_a_link_signs_in_once(database, people):
    secret = _link(database, people.reviewer.account, by=people.admin)
    assert do(database, accounts.use_link, secret).id == people.reviewer.account
    with pytest.raises(Unauthorized, match="used already, or is too old"):
        do(database, accounts.use_link, secret)


def test_of_two_who_use_a_link_at_once_one_signs_in(database, people):
    secret, outcomes, barrier = _link(database, people.reviewer.account), [], threading.Barrier(4)

    def use():
        barrier.wait()
        try:
            outcomes.append(do(database, accounts.use_link, secret).name)
        except Unauthorized:
            outcomes.append(None)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [None, None, None, "Reviewer"]


def test_a_link_ends_with_its_time(database, people, monkeypatch):
    secret = _link(database, people.reviewer.account, hours=1)
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Unauthorized):
        do(database, accounts.use_link, secret)


def test_a_link_that_nobody_gave_out_is_none(database, people):
    for secret in ("", "x", "\ud800", "a" * 10_000):
        with pytest.raises(Unauthorized):
            do(database, accounts.use_link, secret)


def test_a_link_is_for_somebody_who_may_sign_in(database, people):
    who = people.reviewer.account
    with pytest.raises(Forbidden):
        _link(database, who, by=people.editor)
    with pytest.raises(NotFound):
        _link(database, new_id())
    do(database, accounts.change, who, by=people.admin, version=1, details={"active": False})
    with pytest.raises(Conflict, match="may not sign in"):
        _link(database, who)


def test_a_link_made_before_its_owner_was_shut_out_is_refused(database, people):
    who, secret = people.reviewer.account, _link(database, people.reviewer.account)
    with database.engine.begin() as connection:
        connection.execute(sa.update(Account.__table__).where(Account.id == who).values(active=False))
    with pytest.raises(Forbidden):
        do(database, accounts.use_link, secret)


def test_only_the_hash_of_a_link_is_kept(database, people):
    secret = _link(database, people.reviewer.account)
    with database.read() as session:
        (kept,) = session.scalars(sa.select(SignInLink))
    assert secret not in str(kept.model_dump())
    assert now(database, Account(id=people.reviewer.account)).version == 1
