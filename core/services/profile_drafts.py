"""The form of a sign-up profile: what it begins with, what it shows, what typed words mean on it, and what it makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Permission
from core.domain.keywords import is_none
from core.domain.moments import parse_end, parse_moment, parse_window, this_minute
from core.domain.naming import clean_name
from core.domain.numbers import count_of_more, count_of_people
from core.domain.places import HIGHEST_LIMIT, parse_limit
from core.domain.profile_answers import DEPARTMENT, ENDS, LIMIT, NAME, STARTS, Answers, Filled
from core.domain.windows import Window
from core.errors import DepartmentAmbiguous, DepartmentGone, DepartmentNotFound, EndInPast, TimeNotUnderstood
from core.services import account as accounts
from core.services import department_lookup, department_picker, dialogues, profile_requests, profiles
from core.services.authorisation import authorise
from core.services.dialogues import Dialogue
from core.services.profiles import Card
from core.storage import account, departments
from core.storage import department_picker as tree


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """The answers with which a form begins; `choosable`: there is a department to choose."""

    answers: dict[str, Any]
    choosable: bool


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the form of a profile shows: the answers, with the department's path (None: none is chosen)."""

    filled: Filled
    department: tuple[str, ...] | None
    sign_up_enabled: bool
    may_enable_sign_up: bool


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a typed text changes on the form, and which of its wall-clock times (naive) occur twice.

    `unknown` is what it calls a department that isn't found; `refused` says why if there are others that it may mean.
    """

    answers: Mapping[str, Any]
    repeated: tuple[datetime, ...] = ()
    unknown: str = ""
    refused: DepartmentNotFound | DepartmentAmbiguous | None = None


def begin(session: Session, actor_id: int, now: datetime) -> Beginning:
    """Return the answers with which the form of a new profile begins."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    department_id = department_picker.usual(session, actor_id)
    return Beginning(
        answers=profile_answers.usual(now, account.zone(session), department_id),
        choosable=department_id is not None or bool(tree.first_in(session, actor.scope, at_most=1)),
    )


def facts(session: Session, actor_id: int, answers: Answers) -> Facts:
    """Return what the form of a new profile shows."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    filled = profile_answers.fill(answers)
    chosen = filled.department_id
    known = chosen is not None and departments.exists(session, chosen)
    within = known and chosen in departments.within_scope(session, actor.scope, [chosen or 0])
    return Facts(
        filled=filled,
        department=departments.path(session, chosen) if within and chosen is not None else None,
        sign_up_enabled=account.load(session).sign_up_enabled,
        may_enable_sign_up=actor.may(Permission.MANAGE_ACCOUNT),
    )


def read_start(session: Session, actor_id: int, text: str, now: datetime) -> Understood:
    """Read a typed start. Raises whatever `parse_moment` raises."""
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    typed = parse_moment(text, account.zone(session), now)
    starts_at = None if typed.instant == this_minute(now) else typed.instant
    moment = None if starts_at is None else profile_answers.written(starts_at)
    return Understood(answers={STARTS: moment}, repeated=(typed.repeated,) if typed.repeated else ())


def read_end(session: Session, actor_id: int, text: str, answers: Answers, now: datetime) -> Understood:
    """Read a typed end of the form's window. Raises EndInPast, EndBeforeStart and whatever `parse_end` raises."""
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    starts_at = profile_answers.fill(answers).starts_at
    since = starts_at if starts_at and starts_at > now else None
    typed = parse_end(text, account.zone(session), now, since=since)
    require_window(starts_at, typed.instant, now)
    ends = {ENDS: profile_answers.written(typed.instant)}
    return Understood(answers=ends, repeated=(typed.repeated,) if typed.repeated else ())


def read(session: Session, actor_id: int, text: str, answers: Answers, now: datetime) -> Understood:
    """Read what was typed on the form: places or how many more, an end, a sentence that says several, else a name.

    Raises InvalidName, LimitNotUnderstood, EndInPast, EndBeforeStart, NoSuchDay, TimeSkipped, TimeAmbiguous.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    limit = profile_answers.fill(answers).limit
    if limit is not None and (more := count_of_more(text, HIGHEST_LIMIT)):
        return Understood(answers={LIMIT: parse_limit(str(limit + more))})
    if is_none(text) or text.isdecimal() or count_of_people(text, HIGHEST_LIMIT) is not None:
        return Understood(answers={LIMIT: parse_limit(text)})
    try:
        return read_end(session, actor_id, text, answers, now)
    except TimeNotUnderstood:
        asked = profile_requests.answers_of(session, actor, text, now)
        if asked is None or not (asked.answers or asked.unknown):
            return Understood(answers={NAME: clean_name(text)})
        return Understood(answers=asked.answers, unknown=asked.unknown, refused=asked.refused)


def read_line(session: Session, actor_id: int, parts: tuple[str, ...], now: datetime) -> Understood:
    """Read name, department, window and limit, as typed between bars; empty and missing ones change nothing.

    Raises what `profiles.create` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    name, department, window, limit = (*parts, "", "", "", "")[:4]
    understood: dict[str, Any] = {NAME: clean_name(name)} if name else {}
    repeated: tuple[datetime, ...] = ()
    if department:
        understood[DEPARTMENT] = department_lookup.find(session, actor, department)
    if window:
        typed = parse_window(window, account.zone(session), now)
        require_window(typed.window.starts_at, typed.window.ends_at, now)
        immediately = typed.window.starts_at == this_minute(now)
        understood[STARTS] = None if immediately else profile_answers.written(typed.window.starts_at)
        understood[ENDS], repeated = profile_answers.written(typed.window.ends_at), typed.repeated
    if limit:
        understood[LIMIT] = parse_limit(limit)
    return Understood(answers=understood, repeated=repeated)


def create(session: Session, actor_id: int, chat_id: int, turn: int, name: str, now: datetime, *, enable: bool) -> Card:
    """Create the profile of a form at this turn, once, and perhaps turn sign-up on; return its card.

    `name` is for a form without a typed one. Raises OtherTurn, DepartmentGone, EndInPast, EndBeforeStart, NotAllowed.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)

    def effect(inside: Session, dialogue: Dialogue) -> Card:
        if enable:
            accounts.switch_sign_up(inside, actor_id, now, on=True)
        return _create(inside, actor_id, dialogue, name, now)

    return dialogues.complete(session, actor_id, chat_id, turn, effect, lambda card: card.profile_id, now)


def require_window(starts_at: datetime | None, ends_at: datetime, now: datetime) -> Window:
    """Return the window from a start (None: now) to an end. Raises EndInPast, EndBeforeStart."""
    if ends_at <= now:
        raise EndInPast(ends_at)
    return Window(starts_at=starts_at or this_minute(now), ends_at=ends_at)


def _create(session: Session, actor_id: int, dialogue: Dialogue, name: str, now: datetime) -> Card:
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    filled = profile_answers.fill(dialogue.answers)
    if filled.department_id is None:
        raise DepartmentGone
    department_id = department_lookup.find(session, actor, filled.department_id)
    if not departments.lock(session, department_id):
        raise DepartmentGone
    window = require_window(filled.starts_at, filled.ends_at, now)
    named = clean_name(filled.name or name)
    made = profiles.add(session, actor, named, department_id, window, filled.limit, now, dialogue.draft_id)
    return profiles.card_of(session, actor, made, now)
