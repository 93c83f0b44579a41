"""Upgrading, downgrading and checking the schema, without an ini file."""

import threading
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory


def _config(engine: sa.Engine, *, changing: bool = False) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = engine
    config.attributes["changing"] = changing
    return config


# Alembic keeps what it is doing in module globals.
_one_at_a_time = threading.Lock()


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`, by default the newest."""
    with _one_at_a_time:
        command.upgrade(_config(engine, changing=True), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the schema back to `revision`."""
    with _one_at_a_time:
        command.downgrade(_config(engine, changing=True), revision)


def check(engine: sa.Engine) -> None:
    """Raise where models and schema differ."""
    with _one_at_a_time:
        command.check(_config(engine))


def new(engine: sa.Engine, message: str) -> None:
    """Write a migration for what differs between models and schema."""
    versions = Path(__file__).parent / "versions"
    number = len(list(versions.glob("[0-9]*.py"))) + 1
    command.revision(_config(engine), message, autogenerate=True, rev_id=f"{number:04d}")


def current(engine: sa.Engine) -> str | None:
    """The schema's revision, or None for an empty database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(engine: sa.Engine) -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(_config(engine)).get_current_head()


def is_known(engine: sa.Engine, revision: str) -> bool:
    """Whether this code knows that revision; one that it does not know was made by newer code."""
    return any(
        script.revision == revision
        for script in ScriptDirectory.from_config(_config(engine)).walk_revisions()
    )
