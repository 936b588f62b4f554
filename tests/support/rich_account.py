"""Who is in the rich account (`rich_history.py`), and how people sign up in it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from unittest import mock

from sqlalchemy import select

from core.domain.form_fields import read_form
from core.services import redemption
from core.services.confirmations import Addressee
from core.services.group_digests import Group
from core.services.link_mails import Sending
from core.storage.tables import Link
from tests.support.account import FAST_HASH
from tests.support.rows import the_form
from tests.support.scene import Scene

OLIVIA, ADAM, MARIA, RITA, LIAM = 1001, 1002, 1003, 1004, 1005  # in Telegram
OWNER, ADMINISTRATOR, MANAGER, RECRUITER, LISTENER = 1, 2, 3, 4, 5  # their numbers as users
NOBODY = 7777
CREW = Group(chat_id=-5005, thread_id=None, title="Crew, night")
SENDING = Sending(most=100, language="en")


@contextmanager
def nothing_random(first: int = 1) -> Iterator[None]:
    """Number what would be random: tokens, codes, references."""
    numbers = count(first)

    def token(length: int = 32) -> str:
        return f"random{next(numbers):0{length}}x"

    with (
        mock.patch.object(secrets, "token_urlsafe", token),
        mock.patch.object(secrets, "token_hex", token),
        mock.patch.object(secrets, "randbelow", lambda below: next(numbers) % below),
    ):
        yield


def signs_up(scene: Scene, name: str, profile: str, at: datetime, *, label: str = "", badge: str = "") -> int:
    """Sign somebody up through a profile's link; return their number."""
    return scene.do(redemption.redeem, token_of(scene, profile, label), a_form(scene, name, badge=badge), at).user_id


def a_form(scene: Scene, name: str, *, badge: str = "", **typed: str) -> redemption.SignUp:
    """Fill in the account's form."""
    email = f"{name.lower()}@example.com"
    values = {"first_name": name, "last_name": "Learner, Jr", "email": email, "login": "", "password": "a long secret"}
    values |= {"custom_1": f"Team {name[0]}", "custom_2": "Late" if badge else "Night, long"}
    values |= {"consent": "yes", "privacy_version": "1"} | typed
    return redemption.SignUp(
        newcomer=read_form(values, the_form(scene.session), region="LV"),
        password_hash=FAST_HASH,
        form_key=f"form of {email}",
        mail_to=Addressee(language="en", pseudonym=email),
    )


def token_of(scene: Scene, profile: str, label: str = "") -> str:
    """Return what a profile's link carries."""
    wanted = select(Link.token).where(Link.profile_id == scene.profile(profile), Link.label == label)
    return scene.session.scalars(wanted).one()
