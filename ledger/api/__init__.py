"""The JSON API."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the API to the application."""
