"""The database itself refuses wrong rows, whoever writes them: each CHECK, UNIQUE and reference by raw SQL."""

from typing import Any

import pytest
import sqlalchemy as sa

from ledger import clock
from ledger.auth.identity import SYSTEM
from ledger.db import Database
from ledger.ids import new_id
from ledger.migrations import guards
from ledger.models import RECORDS, Attempt, metadata
from ledger.services import (
    accounts,
    changesets,
    comments,
    evidence,
    gates,
    retirements,
    tokens,
    views,
    webhooks,
)
from ledger.services.returned import Found
from tests.factories import make_claim, make_desk, make_verdict
from tests.ledger.services.desk import do

NOWHERE = "019ab0d5-0000-7000-8000-00000000dead"

# For each table: the constraint, and the change of a good row that it refuses.
BAD: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "account": [
        ("ck_account_role_known", {"role": "root"}),
        ("ck_account_email_lower", {"email": "Jo@example.org"}),
        ("ck_account_version_positive", {"version": 0}),
        ("fk_account_created_by", {"created_by": NOWHERE}),
    ],
    "token": [
        ("ck_token_version_positive", {"version": 0}),
        ("fk_token_account_id", {"account_id": NOWHERE}),
        ("fk_token_revoked_by", {"revoked_by": NOWHERE}),
    ],
    "article": [
        ("ck_article_source_known", {"source": "dream"}),
        ("ck_article_watch_minutes_known", {"watch_minutes": 7}),
        ("ck_article_direction_known", {"direction": "up"}),
        ("ck_article_version_positive", {"version": 0}),
        ("ck_article_sha256_length", {"first_sha256": "abc"}),
        ("fk_article_revision", {"revision_id": NOWHERE}),
        ("fk_article_created_by", {"created_by": NOWHERE}),
        ("fk_article_desk_id", {"desk_id": NOWHERE}),
    ],
    "desk": [
        ("ck_desk_threshold_range", {"threshold": 1.1}),
        ("ck_desk_version_positive", {"version": 0}),
        ("ck_desk_signatures_known", {"signatures": "six"}),
        ("ck_desk_min_evidence_range", {"min_evidence": 6}),
    ],
    "scale_retirement": [
        ("ck_scale_retirement_version_positive", {"version": 0}),
        ("ck_scale_retirement_reinstated_by_somebody", {"reinstated_at": "2026-11-23 12:00:00"}),
        ("fk_scale_retirement_retired_by", {"retired_by": NOWHERE}),
        ("fk_scale_retirement_reinstated_by", {"reinstated_by": NOWHERE, "reinstated_at": "2026-11-23"}),
    ],
    "revision": [
        ("ck_revision_number_positive", {"number": 0}),
        ("ck_revision_sha256_length", {"sha256": "abc"}),
        ("ck_revision_length_true", {"length": 3}),
        ("fk_revision_created_by", {"created_by": NOWHERE}),
    ],
    "claim": [
        ("ck_claim_kind_known", {"kind": "rumour"}),
        ("ck_claim_triage_known", {"triage": "maybe", "verdict_id": None}),
        ("ck_claim_status_known", {"status": "true"}),
        ("ck_claim_origin_known", {"origin": "oracle"}),
        ("ck_claim_version_positive", {"version": 0}),
        ("ck_claim_score_range", {"score": 1.5}),
        ("ck_claim_guess_has_no_verdict", {"triage": "candidate"}),
        ("ck_claim_withdrawn_with_note", {"withdrawn_note": "Why?"}),
        ("ck_claim_stale_with_reasons", {"stale_reasons": "[]"}),
        ("fk_claim_verdict", {"verdict_id": NOWHERE}),
        ("fk_claim_assignee_id", {"assignee_id": NOWHERE}),
        ("fk_claim_created_by", {"created_by": NOWHERE}),
        ("fk_claim_withdrawn_by", {"withdrawn_by": NOWHERE}),
        ("ck_claim_merged_is_put_aside", {"merged_into": NOWHERE}),
        ("fk_claim_split_from", {"split_from": NOWHERE}),
    ],
    "comment": [
        ("ck_comment_version_positive", {"version": 0}),
        ("ck_comment_resolved_by_somebody", {"resolved_by": None}),
        ("fk_comment_claim_id", {"claim_id": NOWHERE}),
        ("fk_comment_added_by", {"added_by": NOWHERE}),
        ("fk_comment_resolved_by", {"resolved_by": NOWHERE}),
    ],
    "saved_view": [
        ("ck_saved_view_version_positive", {"version": 0}),
        ("ck_saved_view_lists_known", {"lists": "people"}),
        ("fk_saved_view_created_by", {"created_by": NOWHERE}),
    ],
    "appearance": [
        ("ck_appearance_fate_known", {"fate": "lost"}),
        ("ck_appearance_version_positive", {"version": 0}),
        ("ck_appearance_span_forward", {"start": -1, "end": 0, "exact": "x"}),
        ("ck_appearance_span_length", {"exact": "x"}),
        ("fk_appearance_claim_id", {"claim_id": NOWHERE}),
        ("fk_appearance_revision", {"revision_id": NOWHERE}),
        ("ck_appearance_cut_stands_nowhere", {"cut_at": "2026-11-23 12:00:00"}),
        ("fk_appearance_placed_by", {"placed_by": NOWHERE}),
        ("fk_appearance_cut_by", {"cut_by": NOWHERE}),
    ],
    "quantity": [("fk_quantity_claim_id", {"claim_id": NOWHERE})],
    "evidence": [
        ("ck_evidence_stance_known", {"stance": "maybe"}),
        ("ck_evidence_version_positive", {"version": 0}),
        ("ck_evidence_withdrawn_with_reason", {"withdrawn_reason": "Why?"}),
        ("ck_evidence_quote_span", {"quote_start": 5, "quote_end": 5}),
        ("fk_evidence_claim_id", {"claim_id": NOWHERE}),
        ("fk_evidence_capture_id", {"capture_id": NOWHERE}),
        ("fk_evidence_added_by", {"added_by": NOWHERE}),
        ("fk_evidence_withdrawn_by", {"withdrawn_by": NOWHERE}),
        ("ck_evidence_condition_known", {"condition": "odd", "condition_at": "2026-01-01"}),
        ("ck_evidence_condition_has_time", {"condition": "dead"}),
        ("ck_evidence_seen_is_a_condition", {"seen_at": "2026-01-01"}),
        ("fk_evidence_found_id", {"found_id": NOWHERE}),
        ("fk_evidence_seen_by", {"seen_by": NOWHERE}),
    ],
    "verdict": [
        ("ck_verdict_state_known", {"state": "perhaps"}),
        ("ck_verdict_status_word_known", {"status_word": "true"}),
        ("ck_verdict_version_positive", {"version": 0}),
        ("ck_verdict_digest_length", {"digest": "abc"}),
        ("ck_verdict_settled_has_time", {"settled_at": None}),
        ("ck_verdict_sent_back_has_reason", {"state": "sent_back"}),
        ("fk_verdict_sent_back_by", {"sent_back_by": NOWHERE}),
        ("fk_verdict_renews", {"renews": NOWHERE}),
        ("ck_verdict_settled_is_open", {"status_word": "sealed"}),
        ("fk_verdict_second_by", {"second_by": NOWHERE}),
    ],
    "signature": [
        ("ck_signature_capacity_known", {"capacity": "friend"}),
        ("ck_signature_digest_length", {"digest": "abc"}),
        ("ck_signature_override_has_note", {"capacity": "override"}),
        ("fk_signature_account_id", {"account_id": NOWHERE}),
        ("fk_signature_verdict", {"proposer_id": NOWHERE}),
    ],
    "event": [
        ("ck_event_seq_from_zero", {"seq": -1}),
        ("ck_event_version_positive", {"version": 0}),
        ("ck_event_leaf_hash_length", {"leaf_hash": "abc"}),
        ("ck_event_redacted_wholly", {"salt": None}),
    ],
    "capture": [
        ("ck_capture_state_known", {"state": "lost"}),
        ("ck_capture_version_positive", {"version": 0}),
        ("ck_capture_done_has_bytes", {"state": "done"}),
    ],
    "job": [("ck_job_state_known", {"state": "lost"}), ("ck_job_attempts_counted", {"attempts": -1})],
    "webhook": [
        ("ck_webhook_version_positive", {"version": 0}),
        ("fk_webhook_created_by", {"created_by": NOWHERE}),
    ],
    "webhook_delivery": [
        ("ck_webhook_delivery_state_known", {"state": "lost"}),
        ("ck_webhook_delivery_attempts_counted", {"attempts": -1}),
        ("fk_webhook_delivery_webhook_id", {"webhook_id": NOWHERE}),
    ],
    "webhook_attempt": [("fk_webhook_attempt_delivery_id", {"delivery_id": NOWHERE})],
    "gate_policy": [
        ("ck_gate_policy_version_positive", {"version": 0}),
        ("ck_gate_policy_share", {"candidates_from": 1.5}),
        ("ck_gate_policy_signatures_range", {"signatures": 11}),
        ("ck_gate_policy_age_range", {"max_age_days": 0}),
    ],
    "change_set": [("fk_change_set_account_id", {"account_id": NOWHERE})],
    "sign_in_link": [("fk_sign_in_link_account_id", {"account_id": NOWHERE})],
}
# A second row that is a copy of the first but for a new id, with these columns changed.
COPIES: list[tuple[str, str, dict[str, Any]]] = [
    ("uq_account_email", "account", {}),
    ("uq_article_first_sha256", "article", {}),
    ("uq_desk_name", "desk", {}),
    ("uq_gate_policy_name", "gate_policy", {}),
    ("uq_revision_article_id_number", "revision", {}),
    ("uq_quantity_claim_id_position", "quantity", {}),
    ("uq_appearance_claim_id_revision_id_start_end", "appearance", {}),
    ("uq_verdict_settled", "verdict", {}),
    ("uq_signature_verdict_id_account_id", "signature", {}),
    ("uq_event_stream_version", "event", {"seq": 10_000}),
    ("pk_event", "event", {"version": 10_000}),
]


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def ledger(database, people):
    """A ledger with a row in every table, without its guards: they would refuse before the constraint."""
    _full(database, people)
    with database.engine.begin() as connection:
        guards.remove(connection)
    return database


def _full(database, people):
    make_verdict(database, people.reviewer, people.editor)
    make_desk(database, people.editor)
    claim = make_claim(database, people.reviewer, "12 towns")
    details = {"url": "https://example.org/copied", "stance": "context"}
    do(database, evidence.add, claim.id, by=people.reviewer, details=details)
    do(database, tokens.create, by=people.reviewer, name="bot", scopes=["ledger:read"])
    said = do(database, comments.add, claim.id, by=people.reviewer, text="Is this so?")
    do(database, comments.resolve, said.id, by=people.reviewer, version=said.version)
    do(database, views.add, by=people.reviewer, name="Mine", lists="claims", query="by:me")
    do(database, accounts.new_link, people.reviewer.account, by=SYSTEM, hours=1)
    do(database, gates.add, by=people.admin, details={"name": "front-page"})
    hook, _ = do(
        database, webhooks.add, by=people.admin, name="CMS", url="https://cms.example/hook", kinds=["*"]
    )
    told = do(database, webhooks.test, hook.id, by=people.admin)
    tried = Attempt(id=new_id(), delivery_id=told.id, at=clock.now(), milliseconds=7)
    do(database, lambda session: session.add(tried))
    do(database, retirements.retire, "snopes", 1, by=people.admin, reason="Nobody uses it.")
    do(database, changesets.keep, Found("UTF-8", "comma"), by=people.reviewer, name="claims.csv")


def _changed(database: Database, table: str, values: dict[str, Any]) -> None:
    of_verdict = "verdict_id IS NOT NULL" if table == "claim" else "1 = 1"
    given = ", ".join(f'"{name}" = :{name}' for name in values)
    with database.engine.begin() as connection:
        key = "seq" if table == "event" else "id"
        row = connection.execute(
            sa.text(f"SELECT {key} FROM {table} WHERE {of_verdict} ORDER BY {key} DESC")
        ).first()
        assert row is not None
        # CAST: a literal text is no JSON to PostgreSQL.
        given = (
            given.replace(":stale_reasons", "CAST(:stale_reasons AS json)")
            if not database.is_sqlite
            else given
        )
        connection.execute(
            sa.text(f"UPDATE {table} SET {given} WHERE {key} = :key"), {**values, "key": row[0]}
        )


CASES = [(table, name, values) for table, cases in BAD.items() for name, values in cases]


def test_the_database_refuses_each_wrong_row(ledger, subtests):
    for table, name, values in CASES:
        with subtests.test(name):
            with pytest.raises(sa.exc.IntegrityError) as refused:
                _changed(ledger, table, values)
            # SQLite does not say which reference it was.
            if name.startswith("ck_") or not ledger.is_sqlite:
                assert name in str(refused.value)


def _copied(database: Database, table: str, values: dict[str, Any], times: int = 1) -> None:
    model = metadata.tables[table]
    with database.engine.begin() as connection:
        row = connection.execute(sa.select(model).limit(1)).one()._mapping
        for _ in range(times):
            connection.execute(sa.insert(model), {**row, "id": new_id(), **values})


def test_the_database_refuses_each_second_row_of_which_there_is_one(ledger, subtests):
    for name, table, values in COPIES:
        with subtests.test(name):
            with pytest.raises(sa.exc.IntegrityError) as refused:
                _copied(ledger, table, values)
            if not ledger.is_sqlite:
                assert name in str(refused.value)


def test_a_claim_has_one_proposal_that_waits(ledger):
    _copied(ledger, "verdict", {"state": "proposed"})
    with pytest.raises(sa.exc.IntegrityError):
        _copied(ledger, "verdict", {"state": "proposed"})


def test_a_guess_has_nobody_and_no_staleness_without_a_verdict(ledger):
    for name, values in (
        (
            "ck_claim_guess_has_no_assignee",
            "assignee_id = created_by, triage = 'dismissed', verdict_id = NULL",
        ),
        ("ck_claim_stale_has_verdict", "verdict_id = NULL, stale_since = created_at, stale_reasons = '[]'"),
    ):
        with pytest.raises(sa.exc.IntegrityError, match=name), ledger.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE claim SET {values} WHERE verdict_id IS NOT NULL")


def test_every_check_and_reference_has_a_case():
    tried = {name for _, name, _ in CASES} | {name for name, _, _ in COPIES}
    elsewhere = {
        "ck_claim_guess_has_no_assignee",
        "ck_claim_stale_has_verdict",
        "ck_signature_second_is_another",  # tests/ledger/services/test_verdicts.py
        "uq_verdict_proposed",
    }
    # These back a reference or an id, and can't be broken without breaking the key first.
    keys = {"uq_revision_article_id_id", "uq_verdict_claim_id_id", "uq_verdict_id_proposed_by", "uq_event_id"}
    keys |= {
        "uq_token_secret_sha256",
        "uq_sign_in_link_sha256",
        "fk_token_secret_token_id",
        "fk_credential_account_id",
        "fk_claim_vector_claim_id",
        "fk_claim_words_claim_id",
        "uq_claim_words_claim_id",
        "fk_presence_account_id",
        "fk_preference_account_id",
        "fk_claim_merged_into",
        "fk_webhook_state_webhook_id",
        "fk_sealed_rating_verdict_id",
    }
    # What the ledger is at, which it may forget: docs/decisions/0033.
    keys |= {
        *("fk_watch_article_id", "fk_watch_revision_id", "ck_watch_outcome_known", "uq_look_url"),
        *("ck_look_outcome_known", "ck_look_strikes_counted"),
        *("fk_archiving_capture_id", "ck_archiving_state_known"),
    }
    keys |= {
        "fk_change_set_row_set_id",
        "fk_revision_article_id",
        "fk_verdict_claim_id",
        "fk_verdict_proposed_by",
        "fk_appearance_article_id",
    }
    names = set()
    for table in metadata.tables.values():
        kinds = (sa.CheckConstraint, sa.UniqueConstraint, sa.ForeignKeyConstraint)
        for constraint in table.constraints:
            if isinstance(constraint, kinds):
                names.add(str(constraint.name or ""))
    # The naming convention completes a name only when it is written; compare what is sure.
    known = tried | elsewhere | keys
    unknown = {name for name in names if name.startswith(("ck_", "fk_", "uq_")) and name not in known}
    assert unknown == set()


@pytest.mark.parametrize("table", [*RECORDS, "event"])
def test_the_guards_refuse_to_delete(database, people, table):
    _full(database, people)
    statements = [f"DELETE FROM {table}"] + ([] if database.is_sqlite else [f"TRUNCATE {table} CASCADE"])
    for statement in statements:
        with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_the_guards_let_an_event_be_redacted_and_nothing_else(database, people):
    make_verdict(database, people.reviewer, people.editor)
    refused = [
        "UPDATE event SET kind = 'claim.conjured' WHERE seq = 0",
        "UPDATE event SET actor = 'account:x', patch = NULL, salt = NULL WHERE seq = 1",
        "UPDATE event SET patch = '{}' WHERE seq = 0",
        "UPDATE event SET seq = 999 WHERE seq = 0",
        "INSERT INTO event SELECT * FROM event WHERE seq = 0",
    ]
    for statement in refused:
        with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event SET patch = NULL, salt = NULL WHERE seq = 0")
    with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event SET patch = '{}', salt = 'x' WHERE seq = 0")


def test_who_owns_the_database_can_take_the_guards_away_and_put_them_back(database, people):
    make_verdict(database, people.reviewer, people.editor)
    with database.engine.begin() as connection:
        guards.remove(connection)
        connection.exec_driver_sql("UPDATE event SET kind = 'claim.conjured' WHERE seq = 0")
        guards.install(connection)
        guards.install(connection)
    with pytest.raises(sa.exc.IntegrityError), database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE event SET kind = 'claim.conjured' WHERE seq = 1")
