"""What the style sheets' colours come to: contrast (WCAG 2.2) and what colour-blind eyes make of them.

The roles are read from `static/css/tokens.css`, which alone says them; nothing here is a second list.
"""

import math
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from claims.values import dataclass

Rgb = tuple[float, float, float]
"""Red, green and blue, each 0 to 1, as written in a style sheet (sRGB)."""

THEMES = ("light", "dark")
GROUNDS = ("paper", "surface", "sunk")
TINT = 0.12
"""The strongest tint that text of a colour stands on: that of a message."""

_ROLE = re.compile(r"--([a-z-]+):\s*light-dark\((#[0-9a-f]{3,6}),\s*(#[0-9a-f]{3,6})\)")

# Machado, Oliveira and Fernandes 2009, severity 1, on linear light; the last is the luminance of WCAG.
EYES: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
    "no colour": ((0.2126, 0.7152, 0.0722),) * 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """A colour by what it is for, in both themes."""

    name: str
    light: Rgb
    dark: Rgb

    def worst(self, theme: str, *, tinted: bool = False) -> float:
        """Its lowest contrast on any ground of that theme, and with `tinted` on its own tint too."""
        return min(contrast(self.of(theme), ground) for ground in self._grounds(theme, tinted))

    def of(self, theme: str) -> Rgb:
        """Its value in a theme."""
        return self.light if theme == "light" else self.dark

    def _grounds(self, theme: str, tinted: bool) -> Iterable[Rgb]:
        for name in GROUNDS:
            yield roles()[name].of(theme)
        if tinted:
            yield mixed(self.of(theme), roles()["surface"].of(theme), TINT)


@cache
def roles() -> dict[str, Role]:
    """All colour roles, in the order of the style sheet."""
    css = (resources.files("ledger.ui") / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    return {name: Role(name, parsed(light), parsed(dark)) for name, light, dark in _ROLE.findall(css)}


def parsed(text: str) -> Rgb:
    """`#rgb` or `#rrggbb`."""
    digits = text.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def written(colour: Rgb) -> str:
    """`#rrggbb`."""
    return "#" + "".join(f"{round(255 * min(1, max(0, part))):02x}" for part in colour)


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 to 21, as WCAG 2.2 defines it."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1."""
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True))


def as_seen_by(eye: str, colour: Rgb) -> Rgb:
    """A colour as an eye of that kind (a key of `EYES`) sees it."""
    light = _linear(colour)
    seen = (sum(a * b for a, b in zip(row, light, strict=True)) for row in EYES[eye])
    red, green, blue = (_encoded(min(1.0, max(0.0, part))) for part in seen)
    return red, green, blue


def mixed(colour: Rgb, ground: Rgb, share: float) -> Rgb:
    """What `color-mix(in oklab, colour share, ground)` gives."""
    one, other = _oklab(colour), _oklab(ground)
    between = [share * a + (1 - share) * b for a, b in zip(one, other, strict=True)]
    red, green, blue = (_encoded(min(1.0, max(0.0, part))) for part in _from_oklab(*between))
    return red, green, blue


def distance(one: Rgb, other: Rgb) -> float:
    """How different two colours look: their distance in OKLab, where 0.02 is just to be seen."""
    return math.dist(_oklab(one), _oklab(other))


def _linear(colour: Rgb) -> list[float]:
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _oklab(colour: Rgb) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
