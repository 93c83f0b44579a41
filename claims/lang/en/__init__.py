"""English: each module is a subject; `from claims.lang import en` has all of their lists."""

from claims.lang.en.abbreviations import *  # noqa: F403
from claims.lang.en.calendar import *  # noqa: F403
from claims.lang.en.furniture import *  # noqa: F403
from claims.lang.en.grammar import *  # noqa: F403
from claims.lang.en.matching import *  # noqa: F403
from claims.lang.en.numbers import *  # noqa: F403
from claims.lang.en.reporting import *  # noqa: F403
from claims.lang.en.revising import *  # noqa: F403
from claims.lang.en.units import *  # noqa: F403
from claims.lang.en.verbs import *  # noqa: F403
from claims.lang.en.words import *  # noqa: F403
