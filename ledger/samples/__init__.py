"""Sample articles of our own writing, for an empty ledger."""

from importlib.resources import files


def samples() -> list[str]:
    """Their texts, in order."""
    found = sorted(files(__package__).iterdir(), key=lambda file: file.name)
    return [file.read_text(encoding="utf-8") for file in found if file.name.endswith(".txt")]
