"""ledger mcp: the ledger for assistants, by the Model Context Protocol."""

from typing import Any

import click


@click.command()
@click.option(
    "--url",
    metavar="ADDRESS",
    help="A ledger elsewhere, such as https://ledger.example; else the one that the settings name.",
)
@click.option(
    "--token",
    metavar="TOKEN",
    envvar="LEDGER_TOKEN",
    show_envvar=True,
    help="With --url: a token with the scope ledger:read. Others on this machine can read what stands in a "
    "command, so better set the variable.",
)
def mcp(url: str | None, token: str | None) -> None:
    """Let assistants read the ledger: a server of the Model Context Protocol on standard input and output.

    Its tools only read: look_up, search, claim, gate. A program for assistants starts it by itself; its
    settings say so.

    \b
    Examples, of such settings:
      {"mcpServers": {"ledger": {"command": "ledger", "args": ["mcp"]}}}
      {"mcpServers": {"ledger": {"command": "ledger", "args": ["mcp", "--url", "https://ledger.example"],
                                 "env": {"LEDGER_TOKEN": "clt_…"}}}}
    """
    from ledger.cli.opening import quiet_logs

    quiet_logs()
    server = _server_of(url, token)
    # On standard output goes the protocol alone.
    server.run("stdio")


def _server_of(url: str | None, token: str | None) -> Any:
    from ledger.errors import Unavailable

    try:
        from ledger.cli.assistants import local, remote, server
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] in ("mcp", "mcp_types"):
            raise Unavailable(
                "The package for assistants is not installed: pip install 'mcp>=2.3,<3'"
            ) from None
        raise
    if url is None:
        return server(local())
    if not token:
        raise click.UsageError("With --url, set LEDGER_TOKEN or --token: a token with the scope ledger:read.")
    return server(remote(url, token))
