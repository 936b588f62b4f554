"""Refusals: reasons why a request cannot be granted, as data. The edges own the wording and the status codes.

These are dataclasses but not frozen, because Python assigns tracebacks to exceptions.
"""

from core.errors.account import *  # noqa: F403 - each module declares its own once
from core.errors.base import *  # noqa: F403
from core.errors.database import *  # noqa: F403
from core.errors.departments import *  # noqa: F403
from core.errors.learning import *  # noqa: F403
from core.errors.limits import *  # noqa: F403
from core.errors.link_mails import *  # noqa: F403
from core.errors.people import *  # noqa: F403
from core.errors.profiles import *  # noqa: F403
from core.errors.questions import *  # noqa: F403
from core.errors.reminders import *  # noqa: F403
from core.errors.rosters import *  # noqa: F403
from core.errors.telegram import *  # noqa: F403
from core.errors.times import *  # noqa: F403
