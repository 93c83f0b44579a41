"""The command `ledger`: its list of commands, and how each fault ends.

A command's file is imported when that command is called, so `ledger --help` pays for none of them.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from ledger.errors import FetchFailed, LedgerError, Unavailable

OK, FAULTS, USAGE, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 130

# name: module, object in it, what it does
_COMMANDS = {
    "up": ("up", "up", "Start service and worker, ready to use: what `make run` does."),
    "serve": ("serve", "serve", "Start the service alone."),
    "worker": ("worker", "worker", "Start a worker, which does the later work."),
    "ingest": ("ingest", "ingest", "Bring articles in: files, folders, addresses."),
    "revise": ("revise", "revise", "Give an article a new text; tell what becomes of its claims."),
    "revisions": ("revisions", "revisions", "An article's texts, and what became of claims between two."),
    "import": ("imports", "import_", "Bring others' claims in: reviews, feeds, tables, annotations."),
    "watch": ("watches", "watch", "Fetch articles again on a schedule: list, set, look."),
    "evidence": ("evidence", "evidence", "Sources: look at them again, list those that changed."),
    "detect": ("detect", "detect", "Look for articles' claims again."),
    "show": ("show", "show", "Show a claim as it stands, or as it stood on a date."),
    "claim": ("claims", "claim", "Claims: whom one reaches, what waits; renew, withdraw, split, merge."),
    "corrections": ("corrections", "corrections", "What readers were told and are told no more."),
    "export": ("export", "export", "Write the claims into a file."),
    "verify": ("log", "verify", "Replay the log and compare it with the tables."),
    "checkpoint": ("log", "checkpoint", "Print a signed checkpoint of the log."),
    "events": ("log", "events", "Write the log, one event a line."),
    "backup": ("backup", "backup", "Write everything to one file, while others go on writing."),
    "restore": ("backup", "restore", "Fill an empty ledger from a backup."),
    "account": ("accounts", "account", "People: create, list, link, password."),
    "token": ("tokens", "token", "Keys for programs."),
    "scale": ("retirements", "scale", "Scales: list, retire a version, use it again."),
    "jobs": ("jobs", "jobs", "Show later work, and try failed jobs again."),
    "db": ("db", "db", "The schema: upgrade, downgrade, check, new."),
    "settings": ("settings", "settings", "Show every setting, or check them."),
    "mcp": ("mcp", "mcp", "Let assistants read the ledger, by the Model Context Protocol."),
    "openapi": ("openapi", "openapi", "Print the API's OpenAPI document."),
}


class _Commands(click.Group):
    """A group that knows its commands by name and imports each when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"ledger.cli.{module}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"Did you mean “{close[0]}”?" if close else "`ledger --help` lists them."
            raise click.UsageError(f"There is no command “{args[0]}”. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in _COMMANDS.items()])


@click.command(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done · 1 faults found, or something was refused · 2 wrong usage or settings · "
    "3 something needed (database, folder, port, address) is not available · 130 interrupted.",
)
@click.version_option(package_name="claim-ledger", message="%(version)s")
def cli() -> None:
    """The claim ledger: articles in, claims with spans, statuses and evidence out.

    Settings come from the environment (`ledger settings` lists them). To begin: ledger up
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code. Every fault is one message on standard error."""
    try:
        code: Any = cli.main(args=arguments, prog_name="ledger", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return OK
    except click.UsageError as error:
        command = f" `{error.ctx.command_path} --help` tells more." if error.ctx else ""
        _complain(error.format_message() + command)
        return USAGE
    except click.ClickException as error:
        _complain(error.format_message())
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _complain("stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has enough; without this Python would complain when it leaves.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except LedgerError as error:
        _complain(error.message)
        return _code_of(error)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror or error}")
        return UNAVAILABLE
    except Exception as error:
        if not _is_database_fault(error):
            raise
        from ledger.cli.opening import unreachable

        _complain(unreachable(error))
        return UNAVAILABLE


def _code_of(error: LedgerError) -> int:
    if isinstance(error, Unavailable | FetchFailed):
        return UNAVAILABLE
    return USAGE if type(error).__name__ == "SettingsError" else FAULTS


def _is_database_fault(error: Exception) -> bool:
    # Where SQLAlchemy was never imported, it can't have raised anything.
    faults = sys.modules.get("sqlalchemy.exc")
    return faults is not None and isinstance(error, faults.OperationalError | faults.DatabaseError)


def _complain(message: str) -> None:
    click.echo(f"ledger: {message}", err=True)
