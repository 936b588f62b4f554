"""What is kept on a person as a file: JSON for programs, a spreadsheet for people."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.screens.spreadsheets import Cell, Xlsx
from bot.wording.personal_data import FACTS, SECTIONS
from bot.wording.phrases import Words
from core.domain.naming import format_path
from core.services import personal_data
from core.services.personal_data import PersonalData


def as_json(_words: Words, data: PersonalData, now: datetime) -> bytes:
    """Write the file that the pages give learners, too."""
    return personal_data.as_json(data, now)


def as_sheet(words: Words, data: PersonalData, _now: datetime) -> bytes:
    """Write a row for each fact, in the reader's language; moments in the account's zone."""
    header = words.say("What"), words.say("No."), words.say("Fact"), words.say("Value")
    sheet = Xlsx(words.say("Personal data").unescape(), [label.unescape() for label in header])
    sheet.add(_rows(words, data))
    return sheet.close([])


FILES: Mapping[str, Callable[[Words, PersonalData, datetime], bytes]] = {"json": as_json, "xlsx": as_sheet}


def _rows(words: Words, data: PersonalData) -> Iterator[list[Cell]]:
    for section, rows in data.sections.items():
        name = words.say(SECTIONS[section]).unescape()
        for number, row in enumerate(rows, start=1):
            for fact, value in row.items():
                if value not in (None, "", [], {}):
                    yield [name, Decimal(number), words.say(FACTS[fact]).unescape(), _cell(value, data.zone)]


def _cell(value: Any, zone: ZoneInfo) -> Cell:  # noqa: ANN401 - whatever a column holds
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    if isinstance(value, list):
        return format_path(tuple(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
