"""How Alembic runs our migrations, on an engine that the caller hands over."""

import warnings
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from ledger.errors import Unavailable
from ledger.fulltext import INDEX
from ledger.migrations import guards
from ledger.models import metadata
from ledger.models.base import Moment

# SQLite does not tell of these; a test holds that they are there.
for _missed in ("Skipped unsupported reflection of", "autogenerate skipping metadata-specified"):
    warnings.filterwarnings("ignore", f"{_missed} expression-based index")


def _render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def _ours(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    # The queue's tables, and full text, which each database indexes in a way of its own.
    elsewhere = ("huey_", INDEX)
    return not (kind in ("table", "index") and name is not None and name.startswith(elsewhere))


def _run() -> None:
    engine: sa.Engine = context.config.attributes["engine"]
    changing: bool = context.config.attributes["changing"]
    sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(writing=True).connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        if sqlite:
            # Batch mode drops and re-creates tables; references must not act, or refuse, meanwhile.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            _migrate(connection, changing=changing)
        finally:
            connection.rollback()
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: sa.Connection, *, changing: bool) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            # Lengths and offsets would count bytes, and other scripts could not be kept.
            raise Unavailable(f"This database keeps text as {encoding}. Create one with ENCODING 'UTF8'.")
        connection.rollback()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=sqlite,
        # SQLite can roll a schema back as well, since we begin transactions ourselves (see db.py).
        transactional_ddl=True,
        compare_type=True,
        render_item=_render,
        include_object=_ours,
    )
    with context.begin_transaction():
        if changing:
            guards.remove(connection)
        context.run_migrations()
        if changing:
            guards.install(connection)
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"the migration broke references: {broken[:5]}")
    if connection.in_transaction():
        connection.commit()


_run()
