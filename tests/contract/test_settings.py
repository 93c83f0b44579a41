"""Each setting is documented, and the document says what the code does."""

from pathlib import Path

from ledger.settings import Settings, as_markdown

DOCS = Path(__file__).parents[2] / "docs"


def test_the_settings_page_is_what_the_settings_print():
    assert (DOCS / "settings.md").read_text(encoding="utf-8") == as_markdown(), "run: make docs"


def test_each_setting_says_what_it_means():
    assert [
        name for name, field in Settings.model_fields.items() if not (field.description or "").strip()
    ] == []
