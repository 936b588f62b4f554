"""Settings of the learners' pages: language, contact, colour, welcome line, and the built-in fields of the form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.challenges import Challenge
from core.domain.page_settings import (
    LONGEST_CONTACT,
    LONGEST_WELCOME,
    Asked,
    read_asked,
    read_challenge,
    read_colour,
    read_language,
    read_line,
)
from core.services import audit_log
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account


class PageSetting(StrEnum):
    """A setting of the pages; the value is the name of its column."""

    LANGUAGE = "language"
    CONTACT = "contact"
    ACCENT = "accent"
    WELCOME = "welcome"
    LOGIN = "login_field"
    PHONE = "phone_field"
    JOB_TITLE = "job_title_field"
    CHALLENGE = "challenge"


@dataclass(frozen=True, kw_only=True)
class PageSettings:
    """How the pages look, which built-in fields the form asks for, and when for a proof of work; None: not set.

    `language` is that of visitors whose browsers ask for none of ours, `accent` a colour such as `#1f5fbf`.
    """

    language: str | None
    contact: str | None
    accent: str | None
    welcome: str | None
    login_field: Asked
    phone_field: Asked
    job_title_field: Asked
    challenge: Challenge


READERS: Mapping[PageSetting, Callable[[str], str | None]] = {
    PageSetting.LANGUAGE: read_language,
    PageSetting.CONTACT: partial(read_line, longest=LONGEST_CONTACT),
    PageSetting.ACCENT: read_colour,
    PageSetting.WELCOME: partial(read_line, longest=LONGEST_WELCOME),
    PageSetting.LOGIN: partial(read_asked, may_require=False),
    PageSetting.PHONE: partial(read_asked, may_require=True),
    PageSetting.JOB_TITLE: partial(read_asked, may_require=True),
    PageSetting.CHALLENGE: read_challenge,
}


def page_settings(session: Session, actor_id: int) -> PageSettings:
    """Return the settings of the pages. Like `change`, this needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.load(session)
    return PageSettings(
        language=row.language,
        contact=row.contact,
        accent=row.accent,
        welcome=row.welcome,
        login_field=Asked(row.login_field),
        phone_field=Asked(row.phone_field),
        job_title_field=Asked(row.job_title_field),
        challenge=Challenge(row.challenge),
    )


def change(session: Session, actor_id: int, setting: PageSetting, text: str, now: datetime) -> None:
    """Change a setting to what was typed; a word for none clears it.

    Raises WordNotUnderstood, InvalidColour, PageTextTooLong, KeywordInstead.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    value = READERS[setting](text)
    row = account.lock(session)
    before = getattr(row, setting)
    setattr(row, setting, value)
    audit_log.record(
        session,
        actor_id,
        Action.POLICY_CHANGED,
        WHOLE_ACCOUNT,
        now,
        before={setting.value: before},
        after={setting.value: value},
    )
