"""Identities, passwords and random secrets."""

import time

import pytest

from ledger.auth import passwords, secrets
from ledger.auth.identity import ROLES, SYSTEM, Identity, Permission
from ledger.errors import Forbidden, Invalid
from ledger.models import Role


def test_every_role_may_do_what_the_one_below_may_and_more():
    assert list(ROLES) == [str(role) for role in Role]
    for below, above in zip(ROLES.values(), list(ROLES.values())[1:], strict=False):
        assert below < above
    assert ROLES["admin"] == frozenset(Permission)


def test_an_identity_without_a_permission_is_told_which_one():
    who = Identity("a", "A", frozenset({Permission.READ}), "account:a")
    who.require(Permission.READ)
    with pytest.raises(Forbidden, match="verdicts:sign"):
        who.require(Permission.SIGN)


def test_the_ledger_itself_is_no_person():
    with pytest.raises(Forbidden, match="by a person"):
        _ = SYSTEM.account


def test_a_password_matches_its_hash_and_no_other():
    stored = passwords.hashed("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "correct horse battery")
    assert not passwords.matches(stored, "correct horse batterz")
    assert not passwords.matches(stored, "")


def test_a_password_is_the_same_from_every_keyboard():
    stored = passwords.hashed("caf\u00e9 au lait")
    assert passwords.matches(stored, "cafe\u0301 au lait")


def test_half_a_character_in_a_password_breaks_nothing():
    assert not passwords.matches(passwords.hashed("\ud800 and nine more"), "\udc00 and nine more")


@pytest.mark.parametrize("wrong", ["", "ninechars", "x" * 1001])
def test_a_password_too_short_or_too_long_is_refused_by_field(wrong):
    with pytest.raises(Invalid) as refused:
        passwords.hashed(wrong)
    assert refused.value.field == "password"


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$broken"])
def test_without_a_usable_hash_nothing_matches(stored):
    assert not passwords.matches(stored, "correct horse battery")


def test_no_account_takes_as_long_as_a_wrong_password():
    stored = passwords.hashed("correct horse battery")
    passwords.matches(None, "warm up")

    def took(hash):
        times = []
        for _ in range(5):
            began = time.process_time()
            passwords.matches(hash, "wrong horse battery")
            times.append(time.process_time() - began)
        return min(times)

    assert took(None) > took(stored) / 3


def test_secrets_are_long_and_never_the_same():
    for make in (secrets.new_token, secrets.new_link, secrets.new_session_key):
        made = {make() for _ in range(100)}
        assert len(made) == 100 and all(len(secret) >= 32 for secret in made)


def test_a_fingerprint_is_a_sha_256():
    assert secrets.fingerprint("abc").startswith("ba7816bf") and len(secrets.fingerprint("\ud800")) == 64
