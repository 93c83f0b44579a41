"""Routes whose addresses are worked out when somebody first asks for one.

Werkzeug writes and compiles two functions for each route when it is added, which made up a twentieth of the
start; most processes never write an address of most routes.
"""

from collections.abc import Callable
from typing import Any

import werkzeug.routing


class Rule(werkzeug.routing.Rule):
    """A route that makes what writes its address at the first use."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        make = super()._compile_builder
        name = "_build_unknown" if append_unknown else "_build"

        def build(self: "Rule", **values: Any) -> tuple[str, str]:
            made: Callable[..., tuple[str, str]] = make(append_unknown).__get__(self, None)
            setattr(self, name, made)
            return made(**values)

        return build
