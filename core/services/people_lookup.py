"""Lookup of several people by what a line names them by, within the acting user's scope."""

import re

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.addresses import LONGEST_ADDRESS, find_address
from core.domain.field_kinds import normal_login
from core.domain.text import is_oversized
from core.errors import UserNotFound, WaitsForApproval
from core.services.authorisation import authorise
from core.services.people import CARD_NUMBER
from core.storage import pending_sign_ups, people
from core.storage.tables import User

BETWEEN = re.compile(r"[,;\n]")


def named(session: Session, actor_id: int, text: str) -> list[int]:
    """Return whom a text names, as `find_several` does. Needs the permission to manage people."""
    return find_several(session, authorise(session, actor_id, Permission.MANAGE_PEOPLE), text)


def find_several(session: Session, actor: Actor, text: str) -> list[int]:
    """Return the numbers of users within scope, named by e-mail addresses, logins or card numbers between commas.

    Each once, in the order of the text. Raises UserNotFound with all that name nobody, WaitsForApproval.
    """
    typed = list(dict.fromkeys(part.strip() for part in BETWEEN.split(text) if part.strip()))
    read = {part: _read(part) for part in typed}
    wanted = {kind: [value for each, value in read.values() if each == kind] for kind in ("number", "email", "login")}
    found = people.named(
        session,
        actor.scope,
        numbers=[int(number) for number in wanted["number"]],
        addresses=wanted["email"],
        logins=wanted["login"],
    )
    known = {key: user.id for user in found for key in _keys(user)}
    unknown = [part for part in typed if read[part] not in known]
    if unknown or not typed:
        raise _not_found(session, actor, unknown, text)
    return list(dict.fromkeys(known[read[part]] for part in typed))


def _read(part: str) -> tuple[str, str]:
    """Return which column a part of a line names a user by, and the value there."""
    if numbered := CARD_NUMBER.fullmatch(part):
        return "number", str(int(numbered[1]))
    if is_oversized(part, LONGEST_ADDRESS):
        return "login", ""
    address = find_address(part)
    return ("email", address) if address else ("login", normal_login(part))


def _keys(user: User) -> list[tuple[str, str]]:
    named = ("number", str(user.id)), ("email", user.email), ("login", user.login)
    return [(kind, value) for kind, value in named if value]


def _not_found(session: Session, actor: Actor, unknown: list[str], text: str) -> UserNotFound | WaitsForApproval:
    for part in unknown[:1]:
        kind, value = _read(part)
        user = session.get(User, int(value)) if kind == "number" else people.by_identifier(session, part)
        if user is not None and people.is_waiting(session, actor.scope, user.id):
            unconfirmed = user.id in pending_sign_ups.unconfirmed(session, [user.id])
            return WaitsForApproval(user.full_name, unconfirmed=unconfirmed)
    return UserNotFound(", ".join(unknown) or text.strip())
