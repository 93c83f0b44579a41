"""ledger account and token, and what signs in with them."""

import io
import sys

import pytest

from ledger.auth import passwords
from ledger.store import accounts as store


def test_an_account_is_made_with_its_one_time_link(ledger, client) -> None:
    done = ledger("account", "create", "Jo@Example.org", "--name", "Jo Writer", "--role", "editor")

    assert done.code == 0
    assert done.out.startswith("http://127.0.0.1:8000/sign-in/")
    assert "Jo Writer (editor)" in done.err
    assert client.get(done.out.strip().removeprefix("http://127.0.0.1:8000")).status_code in (200, 302, 303)
    listed = ledger("account", "list").out
    assert "editor    jo@example.org  Jo Writer  (no password yet)" in listed


def test_a_second_account_with_the_same_address_is_refused(ledger, people) -> None:
    assert people.editor
    done = ledger("account", "create", "editor@example.org")

    assert done.code == 1 and "already an account" in done.err


def test_a_link_is_for_the_first_administrator_unless_somebody_is_named(ledger, people) -> None:
    assert "no administrator yet" in ledger("account", "link").err
    assert people.admin and people.editor

    assert "Admin (admin)" in ledger("account", "link").err
    assert "Editor (editor)" in ledger("account", "link", "editor@example.org").err


def test_a_password_is_read_from_standard_input(ledger, people, database, monkeypatch) -> None:
    editor = people.editor
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse battery\n"))

    assert ledger("account", "password", "editor@example.org").code == 0
    with database.read() as session:
        assert passwords.matches(
            store.credential(session, editor.account).password_hash, "correct horse battery"
        )


def test_a_short_password_is_refused(ledger, people, monkeypatch) -> None:
    assert people.editor
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))

    done = ledger("account", "password", "editor@example.org")

    assert done.code == 1 and "at least" in done.err


def test_a_token_is_printed_alone_and_works(ledger, people, client) -> None:
    assert people.admin
    done = ledger("token", "create", "--name", "Our site", "--scope", "ledger:read", "--days", "7")

    assert done.code == 0
    secret = done.out.strip()
    assert client.get("/api/v1/claims", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


@pytest.mark.parametrize("scope", ["accounts:manage", "nonsense"])
def test_nobody_gives_what_they_do_not_have(ledger, people, scope) -> None:
    assert people.reviewer
    done = ledger("token", "create", "--name", "x", "--scope", scope, "--as", "reviewer@example.org")

    assert done.code in (1, 2) and not done.out


def test_claims_are_exported_by_person_and_day(ledger, people, database, tmp_path) -> None:
    from ledger.services import claims
    from tests.factories import make_claim

    claim = make_claim(database, people.reviewer)
    with database.write() as session:
        claims.assign(session, claim.id, by=people.reviewer, version=1, to=people.reviewer.account)

    done = ledger(
        "export",
        "--assignee",
        "reviewer@example.org",
        "--updated-since",
        "2020-01-01",
        "--status",
        "checking",
    )
    assert done.code == 0 and claim.id in done.out
    assert claim.id not in ledger("export", "--updated-since", "2999-01-01").out
    ledger("export", "-o", tmp_path / "claims.csv", "--bom")
    assert (tmp_path / "claims.csv").read_bytes().startswith(b"\xef\xbb\xbfclaim_id,")


def test_jobs_are_listed_and_tried_again(ledger, database) -> None:
    from ledger.store import jobs

    assert "No jobs." in ledger("jobs").out
    with database.write() as session:
        job = jobs.add(session, "note")
        job.state, job.error = "failed", "it never worked"
        session.flush()

    listed = ledger("jobs", "--failed").out
    assert "1 failed" in listed and "it never worked" in listed
    assert ledger("jobs", "--retry", job.id).code == 0
    assert "1 queued" in ledger("jobs").out
    assert ledger("jobs", "--retry", job.id).code == 1
