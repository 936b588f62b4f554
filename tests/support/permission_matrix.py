"""An organisation full of secrets: who is in it, what of it each role may know, and all that its database holds.

Every name is a bird's, so that none occurs in a sentence by chance.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import FOR_CUSTOM_ROLES
from core.engine import Engine
from core.storage.tables import Base


class Role(IntEnum):
    """Everybody who may write to the bot, by their numbers in Telegram."""

    OWNER = 1001
    ADMINISTRATOR = 1002
    SALES = 1003  # the department administrator of the branch that the secrets are of
    SUPPORT = 1004  # the one of another branch
    FOWLER = 1005  # a custom role with all that custom roles may have, in the branch of the secrets
    LISTENER = 1006  # a custom role that permits digests alone, there too
    LEARNER = 1007  # once a department administrator
    STRANGER = 1008


STAFF = {  # their user numbers follow from the order
    Role.ADMINISTRATOR: ("Albatross", "administrator"),
    Role.SALES: ("Bittern", "department administrator | Nightjar"),
    Role.SUPPORT: ("Cormorant", "department administrator | Heron"),
    Role.FOWLER: ("Dunnock", "Fowler | Nightjar"),
    Role.LISTENER: ("Fieldfare", "Listener | Nightjar"),
    Role.LEARNER: ("Goshawk", "department administrator | Nightjar"),
}
ADMINISTRATOR_NUMBER, LEARNER_NUMBER = 2, 7
WREN, ROOK, STORK, FINCH, GULL = 8, 9, 10, 11, 12  # the learners' user numbers
DUNLIN = 13  # a department administrator who is not in the chat
OSPREY, EGRET, DOTTEREL, CURLEW = 1, 2, 3, 4  # the profiles' numbers
OSPREY_TOKEN, PUFFIN_TOKEN, EGRET_TOKEN = "OspreyToken00000", "PuffinToken00000", "EgretToken000000"
INVITATION_CODE = "GyrfalconInvitation"

ACCOUNT = frozenset({Role.OWNER, Role.ADMINISTRATOR})
MANAGING = ACCOUNT | {Role.FOWLER}
BRANCH = MANAGING | {Role.SALES}
DIGESTS = BRANCH | {Role.SUPPORT, Role.LISTENER}
KNOWN = frozenset(Role) - {Role.STRANGER}

SECRETS: Mapping[str, frozenset[Role]] = {  # with who may read them
    **dict.fromkeys(("Kestrel", "Ibis"), BRANCH),  # departments
    **dict.fromkeys(("Osprey", "Dotterel", "Curlew", "Puffin"), BRANCH),  # profiles and a label
    **dict.fromkeys((OSPREY_TOKEN, PUFFIN_TOKEN), BRANCH),
    **dict.fromkeys(("Wren", "Rook", "Finch", "Gull"), BRANCH),  # learners, and so their addresses
    "Plover": BRANCH,  # who asks for access
    "Nightjar": BRANCH | {Role.LISTENER},  # who manages it is told so
    "Heron": ACCOUNT | {Role.SUPPORT},
    **dict.fromkeys(("Egret", EGRET_TOKEN, "Stork"), ACCOUNT | {Role.SUPPORT}),
    "Loon": BRANCH,  # the course, which learners' cards show
    "Fowler": MANAGING,  # roles of the account's own
    "Listener": ACCOUNT | {Role.LISTENER},
    "Jacana": BRANCH | {Role.SUPPORT},
    "Magpie": BRANCH | {Role.SUPPORT},  # a field of the form, which whoever adds people fills in
    "Aviary": KNOWN,  # the organisation's name, which its pages show too
    **dict.fromkeys(("Petrel", INVITATION_CODE), ACCOUNT),  # the privacy policy
    **{name: ACCOUNT | {role} for role, (name, _) in STAFF.items()},
    "Dunlin": ACCOUNT,
    "Bittern": MANAGING | {Role.SALES},  # who deleted a profile, says the record
}
SET_UP = (
    "/signup on",
    "/timezone Europe/Riga",
    "/settings name Aviary",
    "/adddepartment Nightjar / Kestrel",
    "/adddepartment Nightjar / Ibis",
    "/adddepartment Heron",
    "/addcourse Loon | https://example.com/loon",
    "/addrule Nightjar | Loon",
    "/addcourse Teal | https://example.com/teal",
    "/addfield Magpie | text",
    "/addfield Jacana | choice | choices Crake, Rail",
    f"/addrole Fowler | {', '.join(sorted(FOR_CUSTOM_ROLES))}",
    "/addrole Listener | receive digests",
    "/addrole Spare | receive digests",
    "/newprofile Osprey | Nightjar / Kestrel | now - +4 weeks | 50",
    "/newprofile Egret | Heron | now - +4 weeks | 50",
    "/newprofile Dotterel | Nightjar | now - +4 weeks | 50",
    "/newprofile Curlew | Nightjar | now - +4 weeks | 50",
    "/pause 3",
    "/addlink 1 | Puffin",
    "/invite department administrator | Nightjar / Kestrel",
    "/duplicate 3 | Smew",
)

QUESTIONS = {
    "end!:": f"/deleteprofile {OSPREY} {DOTTEREL}",
    "pasted:": "Ruff ruff@example.org, Knot knot@example.org",
    "save:": f"/editprofile {OSPREY} department Nightjar / Ibis",
    "zone:": "/timezone Europe/Paris",
    "people-list:": "/people",
    "people-change!:": "/transfer #8, #9 | Nightjar / Ibis",
    "departments-add!:": "/adddepartment Nightjar / Merlin\nNightjar / Siskin",
    "department-move!:": "/movedepartment Nightjar / Ibis | Nightjar / Kestrel",
    "department-end!:": "/deletedepartment Nightjar / Ibis",
    "role-end!:": "/removerole Spare",
    "field-end!:": "/removefield Magpie",
    "newprofile-again!:": "/newprofile Dotterel | Nightjar | now - +4 weeks | 50",
    "duplicate-again!:": "/duplicate 3 | Smew",
    "invite-again!:": "/invite department administrator | Nightjar / Kestrel",
    "role-give!:": f"/assign #{LEARNER_NUMBER} | administrator",
    "role-change!:": "/changerole Listener | read the log",
    "course-save!:": "/editcourse Loon | title | Diver",
    "course-archive!:": "/archivecourse Loon",
    "time-meant:": "/newprofile Merlin | Nightjar / Kestrel | now - 5/6 | 5",
}

NO_CONTENTS = frozenset({"incoming", "outgoing", "lease", "heartbeat", "repetition", "question", "search", "dialogue"})


async def contents(engine: Engine) -> dict[str, list[Any]]:
    """Give all that the database holds, but for updates, messages on their way, questions, drafts, and beats."""

    def read(session: Session) -> dict[str, list[Any]]:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
            if table.name not in NO_CONTENTS
        }

    return await engine.read(read)


def betrayed(heard: str, role: Role, asked: str) -> list[str]:
    """Give the secrets that were told to a role that may not know them, and that the question did not name."""
    return [
        secret
        for secret, readers in SECRETS.items()
        if role not in readers and secret.casefold() in heard.casefold() and secret.casefold() not in asked.casefold()
    ]
