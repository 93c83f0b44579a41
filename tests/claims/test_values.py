"""Data classes that are made late are those of the standard library."""

import copy
import dataclasses
import pickle
import sys
from typing import Any, ClassVar

import pytest

from claims.values import dataclass


def _declared(make: Any, *, frozen: bool) -> type:
    @make(frozen=frozen, slots=True)
    class Part:
        """One of many."""

        name: str
        sizes: list[int] = dataclasses.field(default_factory=list, compare=False, repr=False)
        weight: float = 1.5
        kind: ClassVar[str] = "part"

        def __post_init__(self) -> None:
            if not self.name:
                raise ValueError("a part has a name")

        @property
        def loud(self) -> str:
            return self.name.upper()

    return Part


FROZEN, OPEN = _declared(dataclass, frozen=True), _declared(dataclass, frozen=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """One that can be found by its name."""

    number: int
    words: tuple[str, ...] = ()


def _told(work: Any) -> tuple[str, Any]:
    try:
        return "gave", work()
    except Exception as error:  # noqa: BLE001  (whichever it is, both must)
        return type(error).__name__, str(error)


def _set(one: Any, name: str) -> None:
    setattr(one, name, "b")


ASKED = {
    "words": lambda of: repr(of("a", weight=2.0)),
    "equal": lambda of: of("a", [1]) == of("a", [2]),
    "unlike": lambda of: (of("a") == of("b"), of("a") != of("b"), of("a") == 5),
    "hash": lambda of: hash(of("a")) == hash(of("a", [3])),
    "its own list": lambda of: of("a").sizes is of("a").sizes,
    "nothing given": lambda of: of(),
    "too much given": lambda of: of("a", [], 1.0, 2),
    "another name": lambda of: of(named="a"),
    "refused": lambda of: of(""),
    "set": lambda of: _set(of("a"), "name"),
    "set another": lambda of: hasattr(of("a"), "__dict__"),
    "deleted": lambda of: delattr(of("a"), "weight"),
    "fields": lambda of: [(one.name, one.type, one.compare) for one in dataclasses.fields(of)],
    "as a dict": lambda of: dataclasses.asdict(of("a", [1])),
    "replaced": lambda of: repr(dataclasses.replace(of("a"), weight=3.0)),
    "matched": lambda of: of.__match_args__,
    "copied": lambda of: copy.deepcopy(of("a", [1])).sizes,
    "own words": lambda of: (of("a").loud, of.kind, of.__doc__, of.__slots__),
    "is one": lambda of: (dataclasses.is_dataclass(of), of.__dataclass_params__.frozen),
}


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "open"])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_each_does_what_one_of_the_standard_library_does(asked, frozen):
    # Anew each time, as what is asked first makes the rest.
    late, plain = (
        _told(lambda make=make: asked(_declared(make, frozen=frozen)))
        for make in (dataclass, dataclasses.dataclass)
    )
    assert late == plain


def test_nothing_is_written_before_the_first_object():
    of = _declared(dataclass, frozen=True)
    before = of.__init__
    of("a")
    assert of.__init__ is not before
    made = of.__init__
    of("b")
    assert of.__init__ is made


def test_it_can_be_kept_as_bytes():
    one = Kept(5, ("a", "b"))
    assert pickle.loads(pickle.dumps(one)) == one == copy.copy(one)


def test_one_may_derive_from_another():
    @dataclass(frozen=True, slots=True)
    class More(Kept):
        further: str = ""

    one = More(1, further="x")
    assert (one.number, one.further, one == More(1, further="x"), one == Kept(1)) == (1, "x", True, False)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.further = "y"
    assert sys.getsizeof(one) and not hasattr(one, "__dict__")


def test_what_has_methods_of_its_own_keeps_them():
    @dataclass(frozen=True, slots=True)
    class Own:
        number: int

        def __repr__(self) -> str:
            return "mine"

        def __hash__(self) -> int:
            return 7

    assert (repr(Own(1)), hash(Own(1)), Own(1) == Own(1)) == ("mine", 7, True)
