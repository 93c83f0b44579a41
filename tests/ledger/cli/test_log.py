"""ledger verify, checkpoint, events: what was altered by hand is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.db import Database
from ledger.eventlog import bundles
from ledger.eventlog import verify as offline
from ledger.models import Claim, Event
from tests.conftest import People
from tests.factories import make_claim, make_verdict

Ledger = Callable[..., object]


@pytest.fixture
def claim(database: Database, people: People) -> Claim:
    """A claim with evidence and a settled verdict, so that every table has rows."""
    return make_verdict(database, people.reviewer, people.editor)[0]


def _alter(database: Database, statement: str, **values: object) -> None:
    """What somebody with the database's password could do."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
            connection.exec_driver_sql("BEGIN")
            # Both databases guard the log by triggers; whoever owns the file can take them away.
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in triggers.all():
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        assert connection.execute(sa.text(statement), values).rowcount == 1
        connection.commit()
    database.dispose()


def _event(database: Database, kind: str) -> Event:
    with database.read() as session:
        return (
            session.execute(sa.select(Event).where(Event.kind == kind).order_by(Event.seq)).scalars().first()
        )


def test_an_untouched_ledger_is_sound(ledger, claim) -> None:
    done = ledger("verify")

    assert done.code == 0, done.out
    assert "OK: the tables are what the log says" in done.out


def test_an_empty_ledger_is_sound(ledger) -> None:
    assert ledger("verify").code == 0


def test_an_altered_row_is_named_with_both_values(ledger, database, claim) -> None:
    _alter(database, "UPDATE claim SET statement = 'It was 424 builders' WHERE id = :id", id=claim.id)

    done = ledger("verify")

    assert done.code == 1
    line = next(line for line in done.out.splitlines() if claim.id in line)
    assert "statement is 'It was 424 builders' in the table" in line
    assert "'242 builders' by the log" in line
    assert "1 differences" in done.out


def test_an_altered_time_is_named(ledger, database, claim) -> None:
    _alter(database, "UPDATE claim SET created_at = '2020-01-01 00:00:00.000000' WHERE id = :id", id=claim.id)

    done = ledger("verify")

    assert done.code == 1
    assert f"claim {claim.id}: created_at is '2020-01-01T00:00:00.000000Z' in the table" in done.out


def test_an_altered_patch_is_named(ledger, database, claim) -> None:
    event = _event(database, "verdict.proposed")
    _alter(
        database,
        "UPDATE event SET patch = CAST(replace(CAST(patch AS TEXT), 'It says so.', 'It does not.') AS "
        + ("TEXT" if database.is_sqlite else "JSONB")
        + ") WHERE seq = :seq",
        seq=event.seq,
    )

    done = ledger("verify")

    assert done.code == 1
    assert f"event {event.seq} (verdict.proposed" in done.out
    assert "patch: is not the one whose hash was logged" in done.out
    # And the table now says something else than the log.
    assert "rationale is 'It says so.' in the table, 'It does not.' by the log" in done.out


@pytest.mark.parametrize(
    ("column", "value"), [("actor", "system"), ("kind", "claim.other"), ("at", "2020-01-01 00:00:00.000000")]
)
def test_an_altered_envelope_is_named(ledger, database, claim, column, value) -> None:
    event = _event(database, "verdict.signed")
    _alter(database, f"UPDATE event SET {column} = :value WHERE seq = :seq", value=value, seq=event.seq)

    done = ledger("verify")

    assert done.code == 1
    assert f"event {event.seq} " in done.out and "leaf_hash: is not the hash of this event" in done.out


def test_an_altered_leaf_hash_is_named_and_changes_the_root(ledger, database, claim) -> None:
    before = ledger("verify")
    event = _event(database, "claim.added")
    _alter(database, "UPDATE event SET leaf_hash = :leaf WHERE seq = :seq", leaf="0" * 64, seq=event.seq)

    done = ledger("verify")

    assert done.code == 1
    assert f"event {event.seq} (claim.added" in done.out and "leaf_hash" in done.out
    root = [line for line in before.out.splitlines() if line.startswith("root")]
    assert root[0] not in done.out


def test_a_deleted_event_is_named_by_its_place_and_by_what_it_did(ledger, database, claim) -> None:
    event = _event(database, "evidence.added")
    _alter(database, "DELETE FROM event WHERE seq = :seq", seq=event.seq)

    done = ledger("verify")

    assert done.code == 1
    assert f"seq: should be {event.seq}: 1 event(s) before it are missing" in done.out
    assert "in its stream" in done.out
    assert "evidence" in done.out and "the table has this row, the log does not know it" in done.out


def test_the_last_event_deleted_shows_in_the_tables(ledger, database, claim) -> None:
    event = _event(database, "verdict.signed")
    _alter(database, "DELETE FROM event WHERE seq = :seq", seq=event.seq)

    done = ledger("verify")

    assert done.code == 1
    assert f"claim {claim.id}: status is 'supported' in the table" in done.out
    assert "signature" in done.out


def test_a_foreign_row_is_named(ledger, database, claim) -> None:
    _alter(
        database,
        "INSERT INTO quantity (id, claim_id, position, words) VALUES ('q', :claim, 99, 'a forged number')",
        claim=claim.id,
    )

    done = ledger("verify")

    assert done.code == 1
    assert "quantity q: the table has this row, the log does not know it" in done.out


def test_a_deleted_row_is_named(ledger, database, claim) -> None:
    with database.read() as session:
        id = session.execute(sa.text("SELECT id FROM signature")).scalar_one()
    _alter(database, "DELETE FROM signature WHERE id = :id", id=id)

    done = ledger("verify")

    assert done.code == 1
    assert f"signature {id}: the log has this row, the table does not" in done.out


# PostgreSQL itself keeps such values out.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_can_not_even_be_read_is_named(ledger, database, claim) -> None:
    _alter(database, "UPDATE claim SET created_at = 'long ago' WHERE id = :id", id=claim.id)

    done = ledger("verify")

    assert done.code == 1
    assert "created_at is 'long ago' in the table" in done.out


# PostgreSQL itself keeps such values out.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_value_of_another_type_is_not_taken_for_the_same(ledger, database, claim) -> None:
    event = _event(database, "claim.found")
    _alter(database, "UPDATE event SET patch = '{\"claim\": [NaN]}' WHERE seq = :seq", seq=event.seq)

    done = ledger("verify")

    assert done.code == 1
    assert f"event {event.seq} (claim.found" in done.out


def test_control_codes_of_a_forger_do_not_reach_the_terminal(ledger, database, claim) -> None:
    _alter(database, "UPDATE event SET actor = :actor WHERE seq = 3", actor="\x1b[2J\x07")

    assert "\x1b" not in ledger("verify", "--all").out


def test_a_checkpoint_pins_what_came_before_it(ledger, database, people, claim, tmp_path) -> None:
    (tmp_path / "kept").write_text(ledger("checkpoint").out)
    make_claim(database, people.reviewer, "4.2 million euros")

    done = ledger("verify", "--against", tmp_path / "kept")

    assert done.code == 0, done.out
    assert "signed the first" in done.out


def test_a_log_rewritten_whole_is_found_by_an_old_checkpoint(
    ledger, database, people, claim, tmp_path
) -> None:
    (tmp_path / "kept").write_text(ledger("checkpoint").out)
    event = _event(database, "claim.added")
    # Somebody who recomputes the hash, too: the log agrees with itself, but not with what was signed.
    _alter(database, "UPDATE event SET leaf_hash = :leaf WHERE seq = :seq", leaf="1" * 64, seq=event.seq)

    done = ledger("verify", "--against", tmp_path / "kept")

    assert done.code == 1
    assert "checkpoint: signs another root" in done.out
    assert "does not go on from what was signed last" in ledger("checkpoint").err


def test_a_log_that_lost_its_end_is_found_by_an_old_checkpoint(
    ledger, database, people, claim, tmp_path
) -> None:
    (tmp_path / "kept").write_text(ledger("checkpoint").out)
    with database.read() as session:
        last = session.execute(sa.text("SELECT max(seq) FROM event")).scalar_one()
    _alter(database, "DELETE FROM event WHERE seq = :seq", seq=last)

    assert "the log ends 1 short" in ledger("verify", "--against", tmp_path / "kept").out
    assert ledger("checkpoint").code == 1


def test_a_checkpoint_of_somebody_else_is_refused(ledger, claim, tmp_path) -> None:
    (tmp_path / "forged").write_text(ledger("checkpoint").out.replace("claim-ledger", "other-ledger"))

    done = ledger("verify", "--against", tmp_path / "forged")

    assert done.code == 1
    assert "The checkpoint is not good" in done.err


def test_the_exported_log_is_checked_without_us(ledger, claim, tmp_path) -> None:
    (tmp_path / "kept").write_text(ledger("checkpoint").out)
    key = ledger("checkpoint", "--key").out.strip()
    assert ledger("events", "-o", tmp_path / "log.jsonl").code == 0

    code = offline.main([str(tmp_path / "log.jsonl"), "--checkpoint", str(tmp_path / "kept"), "--vkey", key])

    assert code == 0
    assert ledger("events").out == Path(tmp_path / "log.jsonl").read_text()


def test_the_signing_key_is_the_owners_alone(ledger, settings, claim) -> None:
    ledger("checkpoint")

    assert (settings.data_dir / "log.key").stat().st_mode & 0o077 == 0


def test_signatures_are_taken_out_and_checked_without_a_ledger(ledger, claim, tmp_path) -> None:
    file = tmp_path / "claims.bundle.json"
    assert ledger("export", "-o", str(file)).code == 0
    key = ledger("checkpoint", "--key").out.strip()

    done = ledger("verify", str(file), "--vkey", key)
    assert (done.code, "OK: the signatures fit" in done.out) == (0, True), done.out
    assert "1 claims, 1 signatures" in done.out

    file.write_text(file.read_text().replace("242", "424"))
    done = ledger("verify", str(file), "--vkey", key)
    assert (done.code, "FAILED" in done.out) == (1, True), done.out
    file.write_text("no bundle")
    done = ledger("verify", str(file))
    assert done.code == 1 and "is no bundle" in done.err
    assert bundles.main([str(file)]) == 2
