"""ledger openapi: the API in a form for programs."""

import secrets

import click


@click.command()
def openapi() -> None:
    """Print the API's OpenAPI document; no database is needed.

    \b
    Example:
      ledger openapi > openapi.json
    """
    from ledger.app import create_app
    from ledger.cli.opening import quiet_logs
    from ledger.settings import load

    quiet_logs()
    # A key of its own, so that printing a document leaves none behind in the data folder.
    app = create_app(load(secret_key=secrets.token_hex(16)))
    with app.test_client() as client:
        click.echo(client.get("/api/v1/openapi.json").get_data(as_text=True))
