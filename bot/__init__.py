"""The chat edge."""

import os

os.environ.setdefault(
    "PTB_TIMEDELTA", "true"
)  # python-telegram-bot: durations as timedelta, as its next version has them
