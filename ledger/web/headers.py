"""Security headers: everything comes from here, nothing runs inline."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


# On every answer, pages and API alike, unless a view says otherwise.
ALWAYS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    # The same as frame-ancestors once more, for browsers that know none.
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)

# On every answer of the API: what it says is for the asker, who may keep it and ask whether it still holds.
ASKERS_OWN = (("Cache-Control", "private, no-cache"), ("Vary", "Authorization"))

_LOOK_UPS = frozenset({"/api/v1/claims/<id>/status", "/api/v1/articles/lookup", "/api/v1/articles/<id>/gate"})


def asker_may_keep(route: str, seconds: int) -> str:
    """For how long the asker may go by an answer of a route without asking whether it still holds."""
    return f"private, max-age={seconds}" if seconds and route in _LOOK_UPS else ASKERS_OWN[0][1]


def all_may_keep(seconds: int) -> str:
    """For how long any cache may give out what is public."""
    return f"public, max-age={seconds}" if seconds else "public, no-cache"


def register(app: "Flask") -> None:
    """Set the headers on every answer."""
    # Not above: who answers before there is Flask takes its headers from here.
    from flask import request

    @app.after_request
    def _set(response: "Response") -> "Response":
        headers = response.headers
        for name, value in ALWAYS:
            # Who may frame a page, its own policy says.
            if name != "X-Frame-Options" or "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
                headers.setdefault(name, value)
        if request.endpoint != "static" and not request.path.startswith("/api/"):
            # Pages show what a signed-in person may see; no shared cache may keep them.
            headers.setdefault("Cache-Control", "no-store")
        return response
