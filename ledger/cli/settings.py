"""ledger settings: what is set, and what could be."""

import click

from ledger.settings import Settings, as_markdown, load


@click.command()
@click.option("--markdown", is_flag=True, help="Print docs/settings.md instead.")
@click.option("--check", is_flag=True, help="Only say whether all are good: every fault, and exit code 2.")
def settings(markdown: bool, check: bool) -> None:
    """Show every setting with its value and its meaning.

    \b
    Example:
      LEDGER_PORT=9000 ledger settings --check
    """
    if markdown:
        click.echo(as_markdown(), nl=False)
        return
    found = load()
    if check:
        click.echo("All settings are good.")
        return
    for name, field in Settings.model_fields.items():
        mark = " " if getattr(found, name) == field.default else "*"
        click.echo(f"{mark} LEDGER_{name.upper()} = {_shown(name, getattr(found, name))}")
        click.echo(click.wrap_text(field.description or "", 96, "      ", "      "))
    click.echo("* differs from its default")


def _shown(name: str, value: object) -> str:
    if name == "database_url":
        # Without the password that may stand in it.
        head, at, tail = str(value).rpartition("@")
        return f"{head.rsplit(':', 1)[0]}:…@{tail}" if at and ":" in head.split("//", 1)[-1] else str(value)
    if value is None or value == () or value == "":
        return "(unset)"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
