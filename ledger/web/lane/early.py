"""Pages while the API is still being made, which takes longer than the pages do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# A stream goes on for minutes, and is for the application that stays to end.
_LATER = "live.stream"


class Pages:
    """Answers what an application without the API has a page for; for all else one waits.

    Probes are told only when all is there. So is that there is no such page: the API may know it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", _began: float, /
    ) -> Iterable[bytes] | None:
        return self._app.wsgi_app(environ, start_response) if self.knows(environ) else None

    def knows(self, environ: "WSGIEnvironment") -> bool:
        """Whether it is a page that is asked for."""
        try:
            endpoint, _ = self._app.url_map.bind_to_environ(environ).match()
        except RequestRedirect:
            return True
        except HTTPException:
            return False
        return endpoint == "static" or ("." in endpoint and endpoint != _LATER)
