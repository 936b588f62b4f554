"""Refusals: what people asked for and cannot have, as data. Edges own the words and the status codes.

Exceptions are mutable by nature (Python hangs tracebacks on them), so these are dataclasses, but not frozen ones.
"""

from core.errors.account import *  # noqa: F403 - each module declares its own once
from core.errors.base import *  # noqa: F403
from core.errors.departments import *  # noqa: F403
from core.errors.learning import *  # noqa: F403
from core.errors.people import *  # noqa: F403
from core.errors.profiles import *  # noqa: F403
from core.errors.times import *  # noqa: F403
