"""Triggers by which the database itself keeps the log append-only and deletes no record.

They stop a slip, a script and an attacker with the service's own rights. Who owns the database can
drop them; what such a person then changes, `ledger verify` and a published checkpoint bring to light.
A migration runs without them, and they are put back in its transaction: see env.py.
"""

import sqlalchemy as sa

from ledger.models import RECORDS, Event

_EVENT = str(Event.__tablename__)
_APPEND_ONLY = "the log is append-only: an event stays as it is, but for its redaction"
_KEPT = "records are never deleted"


def install(connection: sa.Connection) -> None:
    """Guard the tables that are there; twice is the same as once."""
    found = sa.inspect(connection)
    there = set(found.get_table_names())
    remove(connection)
    if _EVENT not in there:
        return
    # All that an event says but its text, which may be redacted: taken out, with its salt, never put in.
    fixed = [
        column["name"] for column in found.get_columns(_EVENT) if column["name"] not in ("patch", "salt")
    ]
    records = [table for table in RECORDS if table in there]
    statements = _sqlite(records, fixed) if connection.dialect.name == "sqlite" else _postgres(records, fixed)
    for statement in statements:
        connection.exec_driver_sql(statement)


def remove(connection: sa.Connection) -> None:
    """Take the guards away, as a migration must before it may change what they guard."""
    if connection.dialect.name == "sqlite":
        names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
        for (name,) in connection.exec_driver_sql(names).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return
    for function in ("guard_event", "guard_record"):
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {function}() CASCADE")


def _sqlite(records: list[str], fixed: list[str]) -> list[str]:
    same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in fixed)
    guards = [(f"{table}_delete BEFORE DELETE ON {table}", _KEPT) for table in records]
    guards.append((f"{_EVENT}_delete BEFORE DELETE ON {_EVENT}", _APPEND_ONLY))
    redacts = f"NEW.patch IS NULL AND NEW.salt IS NULL AND {same}"
    guards.append((f"{_EVENT}_update BEFORE UPDATE ON {_EVENT} WHEN NOT ({redacts})", _APPEND_ONLY))
    return [f"CREATE TRIGGER guard_{what} BEGIN SELECT RAISE(ABORT, '{why}'); END" for what, why in guards]


def _postgres(records: list[str], fixed: list[str]) -> list[str]:
    same = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in fixed)
    statements = [
        f"""CREATE FUNCTION guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.patch IS NULL AND NEW.salt IS NULL AND {same} THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION '{_APPEND_ONLY}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        f"""CREATE FUNCTION guard_record() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    ]
    guarded = [("DELETE", table, "guard_record") for table in records]
    for deeds, table, function in (("UPDATE OR DELETE", _EVENT, "guard_event"), *guarded):
        for name, when in (("", f"{deeds} ON {table} FOR EACH ROW"), ("_all", f"TRUNCATE ON {table}")):
            statements.append(
                f"CREATE TRIGGER guard_{table}{name} BEFORE {when} EXECUTE FUNCTION {function}()"
            )
    return statements
