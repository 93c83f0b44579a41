"""Libraries that load when they are first used: those that speak to other sites, a twentieth of a start."""

from importlib import import_module
from typing import Any


class Late:
    """Stands for a module until something of it is asked for.

    A service that was just started loads them all in the background, by `Late.load`, before anybody asks.
    """

    _known: "list[Late]" = []

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: Any = None
        self._known.append(self)

    def __getattr__(self, name: str) -> Any:
        # Set only when it is loaded to its end: another thread may be at it.
        if self._module is None:
            self._module = import_module(self._name)
        return getattr(self._module, name)

    @classmethod
    def load(cls) -> None:
        """Load what any of them stands for."""
        for one in cls._known:
            import_module(one._name)
