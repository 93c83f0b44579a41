"""A person with a browser that runs no scripts: reads pages, fills forms, presses buttons."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient

from ledger.auth.identity import SYSTEM, Identity
from ledger.db import Database
from ledger.services import accounts


class Browser:
    """What a browser does without scripts; `page` is the page that it shows."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.status = 0
        self.place = "/"
        self.page: Any = None

    def open(self, path: str, **more: Any) -> "Browser":
        return self._show(self.client.get(path, **more), path)

    def send(self, path: str, data: dict[str, Any], **more: Any) -> "Browser":
        return self._show(self.client.post(path, data=data, **more), path)

    def _show(self, response: Any, path: str) -> "Browser":
        self.hops = 0
        while response.status_code in (301, 302, 303):
            self.hops += 1
            path = response.headers["Location"]
            response = self.client.get(path)
        self.response, self.status, self.place = response, response.status_code, path
        self.html = response.get_data(as_text=True)
        # Stylesheets and media types apart, every page is one document.
        self.page = lxml.html.document_fromstring(self.html) if self.html.strip() else None
        return self

    @property
    def text(self) -> str:
        """The words that the page shows, without the space between them."""
        return " ".join(self.page.body.text_content().split())

    def form(self, button: str, within: str = "") -> Any:
        """The form whose button says that; `within` narrows it to the element with that id."""
        root = self.page.get_element_by_id(within) if within else self.page
        for form in root.iter("form"):
            for one in form.iter("button"):
                said = one.get("aria-label") or " ".join(one.text_content().split())
                if said == button:
                    return form
        raise AssertionError(f"no button {button!r} on {self.place}: {self.buttons()}")

    def buttons(self) -> list[str]:
        return [" ".join(b.text_content().split()) for b in self.page.iter("button")]

    def press(self, button: str, within: str = "", **fields: Any) -> "Browser":
        form = self.form(button, within)
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        data.update(fields)
        action = form.get("action") or self.place
        if form.method == "GET":
            return self._show(self.client.get(action, query_string=data), action)
        if form.get("enctype") == "multipart/form-data":
            return self.send(action, data, content_type="multipart/form-data")
        return self.send(action, data)

    def follow(self, words: str) -> "Browser":
        for link in self.page.iter("a"):
            if words in " ".join(link.text_content().split()):
                return self.open(link.get("href"))
        raise AssertionError(f"no link {words!r} on {self.place}")

    def value(self, name: str) -> str:
        """What stands in a field, which is known by its name or its id."""
        for element in self.page.xpath(f"//*[@id={name!r}]") or self.page.xpath(f"//*[@name={name!r}]"):
            if element.tag == "textarea":
                # A parser drops the line break right after the tag, as browsers do; lxml keeps it.
                return (element.text or "").removeprefix("\n")
            return element.get("value") or ""
        raise AssertionError(f"no field {name}")

    def path(self) -> str:
        return urlsplit(self.place).path


@pytest.fixture
def anybody(app: Flask) -> Browser:
    """A browser that nobody has signed in with."""
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: Flask, database: Database) -> Callable[[Identity], Browser]:
    """A browser in which that person is signed in."""

    def make(who: Identity) -> Browser:
        with database.write() as session:
            secret = accounts.new_link(session, who.account, by=SYSTEM, hours=1)
        browser = Browser(app.test_client())
        browser.open(f"/sign-in/{secret}").press(f"Sign in as {who.name}")
        assert browser.status == 200
        return browser

    return make
