"""Data classes whose methods are written when one is first used.

`dataclasses` writes, compiles and runs six functions for each class when it is declared: half a millisecond,
for hundreds of classes of which a process uses some. Here that is done for the first object; what comes of it
is the very same.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

_WRITTEN = ("__init__", "__repr__", "__eq__", "__hash__")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, **more: Any) -> Callable[[type], type]:
        """The decorator of the same name, for classes that state what they are in brackets."""

        def make(cls: type) -> type:
            plain = cls.__bases__ == (object,) and not more and not vars(cls).keys() & set(_WRITTEN)
            if slots and plain:
                return _late(cls, frozen=frozen)
            return dataclasses.dataclass(frozen=frozen, slots=slots, **more)(cls)

        return make


def _late(cls: type, *, frozen: bool) -> type:
    """A class with slots that gets its methods by the first call of one."""
    stated = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    # Else it would be told of the methods, which are not there yet.
    cls.__doc__ = cls.__doc__ or cls.__name__
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)

    def late(name: str) -> Callable[..., Any]:
        def first(self: Any, *args: Any, **named: Any) -> Any:
            twin = type(cls.__name__, (), {**stated, "__qualname__": cls.__qualname__})
            twin = dataclasses.dataclass(frozen=frozen)(twin)
            for each in _WRITTEN:
                setattr(made, each, vars(twin)[each])
            return getattr(made, name)(self, *args, **named)

        return first

    for name in _WRITTEN:
        setattr(made, name, late(name))
    if frozen:
        made.__dataclass_params__.frozen = True
        made.__setattr__, made.__delattr__ = _refused("assign to"), _refused("delete")
        made.__getstate__, made.__setstate__ = _state, _restore
    else:
        made.__hash__ = None
    return made  # type: ignore[no-any-return]


def _refused(what: str) -> Callable[..., None]:
    def refused(_self: Any, name: str, *_value: Any) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot {what} field {name!r}")

    return refused


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        # Frozen is it for others.
        object.__setattr__(self, one.name, value)
