"""An organisation full of secrets: who is in it, what of it each role may know, and all that its database holds.

Every name is a bird's, so that none occurs in a sentence by chance.
"""

import hashlib
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain import access
from core.domain.access import FOR_CUSTOM_ROLES
from core.domain.fingerprint import fingerprint
from core.domain.form_fields import read_form
from core.domain.logos import Logo
from core.domain.retention import Kept
from core.engine import Engine
from core.services import joint_request_answers, logos, ownership, questions, redemption
from core.services.joint_answers import Answer
from core.services.ownership import Claimant
from core.services.questions import About
from core.services.retention import Change
from core.storage.tables import Base, Invitation, Link, Question
from tests.support.account import FAST_HASH
from tests.support.router_fixture import GROUP, Counter
from tests.support.rows import a_request, a_user


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


OWNER_NUMBER = 1
_A_LOGO = Logo(version="0123456789ab-20x20", content="")
NO_CONTENTS = frozenset({"incoming", "outgoing", "lease", "heartbeat", "repetition", "question", "search", "dialogue"})


async def settle(engine: Engine) -> dict[str, str]:
    """Fill an empty database; give, by verb, what the buttons carry that do what was shown."""
    counter, now = Counter(engine), engine.now()
    owner = Claimant(telegram_id=Role.OWNER, first_name="Olivia", last_name="Ortolan", language="en")
    await engine.write(ownership.claim_as_configured, owner, now)
    for line in SET_UP:
        await counter.line(Role.OWNER, line)
    for role, (name, given) in STAFF.items():
        number = await a_user(engine, access.Role.LEARNER, telegram_id=role, name=name)
        asked = await counter.line(Role.OWNER, f"/assign #{number} | {given}")
        await counter.tap(Role.OWNER, _carried(asked, "role-give!:"))
    await counter.line(Role.OWNER, f"/assign #{LEARNER_NUMBER} | learner")
    await engine.write(_name_the_unguessable)
    await _people_come(counter)
    await a_user(engine, access.Role.DEPARTMENT_ADMINISTRATOR, "Heron", name="Dunlin")
    await counter.line(Role.OWNER, "/settings privacy Petrel")
    taught = await _courses_change(counter)
    week_given = await _given_a_week(counter)
    deleting = await counter.line(Role.SALES, f"/deleteprofile {CURLEW}")
    await counter.tap(Role.SALES, _carried(deleting, "end!:"))
    carried = {verb: _carried(await counter.line(Role.OWNER, line), verb) for verb, line in QUESTIONS.items()}
    card = await counter.line(Role.OWNER, f"/profile {OSPREY}")
    given = await counter.tap(Role.OWNER, _carried(await counter.line(Role.OWNER, f"/profile {DOTTEREL}"), "places:"))
    carried |= {verb: _carried(card, verb) for verb in ("week:", "places:")}
    carried["unextend:"] = _carried(given, "unextend:")
    carried |= taught
    carried |= await _asked_step_by_step(counter)
    carried["list-undo:"] = week_given
    carried |= await _rush_asked_about(engine)
    carried |= await _role_ticked(counter)
    carried["person-end!:"] = _carried(await counter.tap(Role.OWNER, f"person-end:{ROOK}"), "person-end!:")
    shorter = Change(kept=Kept.LISTS, before=90, after=30, ending=0)
    logo = await engine.write(logos.change, OWNER_NUMBER, _A_LOGO, now)
    carried["logo-undo:"] = f"logo-undo:{logo}"
    carried["retention!:"] = f"retention!:lists:30:{shorter.seen}"
    carried["person-erase!:"] = _carried(await counter.tap(Role.OWNER, f"person-erase:{ROOK}"), "person-erase!:")
    await counter.line(Role.SALES, "/newprofile")
    carried["d:"] = _carried(await counter.line(Role.SALES, "Merlin | Nightjar / Kestrel"), "d:")
    await counter.line(Role.SALES, "/digest daily 18:00", chat=GROUP)
    question = await engine.read(_last_question)
    await counter.line(Role.OWNER, f"/card {OSPREY}", chat=GROUP)
    await counter.line(Role.SALES, "/digest now")
    for role, newest in ((Role.OWNER, 0), (Role.OWNER, 2), (Role.SALES, 1), (Role.SALES, 4)):
        await counter.tap(role, f"digest-in:0:0:{newest}")  # adds the next one; profiles have other numbers than sales'
    await counter.tap(Role.SALES, "digest-delete:5")
    await counter.tap(Role.OWNER, _carried(await _list_sent(counter), "rkeep:"))
    second = await _list_sent(counter)  # it can take the place of the first
    carried |= {verb: _carried(second, verb) for verb in ("rlist:", "rkeep:", "rinstead:", "rcancel:")}
    carried |= await _people_ticked(counter)
    await counter.tap(Role.OWNER, _carried(await _link_list_sent(counter, "stilt"), "sendgo:"))
    carried |= _of_list_to_send(await _link_list_sent(counter, "avocet"))
    switching = await counter.tap(Role.OWNER, "expectonly:d3:1")
    carried["expectonly!:d3:"] = _carried(switching, "expectonly!:")
    return carried | {verb: f"{verb}{question}" for verb in ("digest-group!:", "digest-group-no:")}


async def _rush_asked_about(engine: Engine) -> dict[str, str]:
    """Ask whether to take Wren back, to bring her back, and to decline Finch, as if they had come in a rush."""
    body: dict[str, Any] = {"profile": OSPREY, "people": [WREN], "active": [], "enrolments": []}
    undone = await engine.write(questions.ask, OWNER_NUMBER, About.RUSH, body, engine.now())
    back = await engine.write(questions.ask, OWNER_NUMBER, About.RUSH_UNDO, body, engine.now())
    waiting = {"profile": OSPREY, "people": [FINCH]}
    declined = await engine.write(questions.ask, OWNER_NUMBER, About.RUSH_DECLINE, waiting, engine.now())
    every = {"answer": Answer.APPROVE, "people": [(FINCH, None)]}
    answered = await engine.write(questions.ask, OWNER_NUMBER, About.JOINT_ANSWER, every, engine.now())
    asked = await engine.write(joint_request_answers.propose, OWNER_NUMBER, Answer.DECLINE, engine.now())
    assert asked
    return {
        "rush-undone:": f"rush-undone:{undone}",
        "rush-back:": f"rush-back:{back}",
        "waiting-rush-declined:": f"waiting-rush-declined:{declined}",
        "answer-all!:": f"answer-all!:{answered}",
        "answer-requests!:": f"answer-requests!:{asked.question_id}",
    }


async def _courses_change(counter: Counter) -> dict[str, str]:
    """Transfer a person, apply rules, archive a course and change it; give what buttons carry that go on or undo."""
    moved = await counter.line(Role.OWNER, "/transfer gull@example.com | Nightjar")
    several = await counter.line(Role.OWNER, "/transfer gull@example.com, rook@example.com | Nightjar")
    together = await counter.tap(Role.OWNER, _carried(several, "people-change!:"))
    carried = await _rules_applied(counter) | await _courses_given(counter)
    archiving = _carried(await counter.line(Role.OWNER, "/archivecourse Teal"), "course-archive!:")
    await counter.tap(Role.OWNER, archiving)
    edited = await counter.line(Role.OWNER, "/editcourse Teal | days | 7")
    undoing = {"course-undo:": edited, "transfer-undo:": moved, "people-undo:": together}
    return carried | {verb: _carried(heard, verb) for verb, heard in undoing.items()}


async def _rules_applied(counter: Counter) -> dict[str, str]:
    """Let two rules give courses to those who are there: one is applied and can be undone, the other is asked about."""
    carried = {}
    for title in ("Scaup", "Eider"):
        await counter.line(Role.OWNER, f"/addcourse {title} | https://example.com/{title}")
        await counter.line(Role.OWNER, f"/addrule Nightjar | {title}")
        carried["rule-apply!:"] = _carried(
            await counter.line(Role.OWNER, f"/applyrule Nightjar | {title}"), "rule-apply!:"
        )
        if title == "Scaup":
            given = await counter.tap(Role.OWNER, carried["rule-apply!:"])
            carried["rule-undo:"] = _carried(given, "rule-undo:")
    return carried


async def _courses_given(counter: Counter) -> dict[str, str]:
    """Give courses by name, take them back, transfer people; give what the buttons carry that go on or undo that."""
    lines = {
        "enrol!:": "/enrol wren@example.com, gull@example.com | Eider",
        "enrol-undo:": "/enrol stork@example.com | Scaup",
        "unenrol!:": "/unenrol wren@example.com, rook@example.com | Scaup",
        "unenrol-undo:": "/unenrol gull@example.com | Loon",
        "transfer-keep!:": "/transfer rook@example.com | Heron",
        "transfer-take!:": "/transfer rook@example.com | Heron",
        "person-email!:": "/correct gull@example.com | Email | gull@example.org",
    }
    return {verb: _carried(await counter.line(Role.OWNER, line), verb) for verb, line in lines.items()}


async def _given_a_week(counter: Counter) -> str:
    """Give a profile a week more by the list; give what the button carries that takes it back."""
    selecting = _carried(await counter.tap(Role.OWNER, "list:0:select"), "list:")
    number = selecting.split(":")[1]
    marked = _carried(await counter.tap(Role.OWNER, f"list:{number}:mark:{OSPREY}"), "list:")
    given = await counter.tap(Role.OWNER, f"list:{marked.split(':')[1]}:week")
    return _carried(given, "list-undo:")


async def _role_ticked(counter: Counter) -> dict[str, str]:
    """Tick one more permission of a role; give what the buttons carry that tick another one and that save."""
    ticking = _carried(await counter.tap(Role.OWNER, "role-edit:3"), "role-tick:")
    shown = await counter.tap(Role.OWNER, ticking)
    return {verb: _carried(shown, verb) for verb in ("role-tick:", "role-save:")}


async def _list_sent(counter: Counter) -> str:
    """Send a list of whom the owner expects, and read its preview."""
    await counter.line(Role.OWNER, f"/expect {OSPREY}")
    return await counter.line(Role.OWNER, "Stilt stilt@example.com")


async def _people_ticked(counter: Counter) -> dict[str, str]:
    """Choose whom to remind; give what the buttons carry that tick one more and that remind those who were chosen."""
    chosen = await counter.line(Role.OWNER, f"/missing {OSPREY} remind stilt@example.com")
    ticking = await counter.tap(Role.OWNER, f"remind-some:{OSPREY}")
    carried = {"remind-list:": _carried(ticking, "remind-list:"), "remind-some!:": _carried(chosen, "remind-some!:")}
    about, _, _ = carried["remind-some!:"].removeprefix("remind-some!:").rpartition(":")
    return {**carried, "remind-some-add:": f"remind-some-add:{about}:{fingerprint([])}"}


def _of_list_to_send(shown: str) -> dict[str, str]:
    """Return what the buttons of a preview carry, and the one that it has only if a list refuses somebody."""
    carried = {verb: _carried(shown, verb) for verb in ("sendas:", "sendgo:", "sendno:")}
    question_id = carried["sendno:"].partition(":")[2]
    return {**carried, "sendadd:": f"sendadd:{question_id}:0:0:0:{fingerprint([])}"}


async def _link_list_sent(counter: Counter, name: str) -> str:
    """Send a list of whom the owner wants to send a link to, and read its preview."""
    await counter.line(Role.OWNER, f"/send {OSPREY}")
    return await counter.line(Role.OWNER, f"Name;Email\nStilt;{name}@example.com")


async def _asked_step_by_step(counter: Counter) -> dict[str, str]:
    """Begin to pause and to duplicate a profile; give what the buttons carry that go on, look further and go back."""
    pausing = await counter.line(Role.OWNER, "/pause")
    copying = await counter.tap(Role.OWNER, _carried(await counter.line(Role.OWNER, "/duplicate"), "pick:"))
    page = _carried(pausing, "pick:").replace("pick:", "pick-page:")
    return {"pick:": _carried(pausing, "pick:"), "pick-page:": page, "pick-back:": _carried(copying, "pick-back:")}


def _last_question(session: Session) -> int:
    return max(session.scalars(select(Question.id)))


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


def _carried(shown: str, verb: str) -> str:
    return verb + shown.partition(f"'callback_data': '{verb}")[2].partition("'")[0]


def _name_the_unguessable(session: Session) -> None:
    """Give the links and the invitation codes that a table of lines can name."""
    for number, token in ((1, OSPREY_TOKEN), (2, EGRET_TOKEN), (5, PUFFIN_TOKEN)):
        session.execute(update(Link).where(Link.id == number).values(token=token))
    session.execute(update(Invitation).values(code_hash=hashlib.sha256(INVITATION_CODE.encode()).hexdigest()))


async def _people_come(counter: Counter) -> None:
    """Let learners sign up: one whose activation is returned, one of the other branch, one who waits for approval."""
    engine = counter.engine
    await _signs_up(engine, OSPREY_TOKEN, "Wren")
    await _signs_up(engine, PUFFIN_TOKEN, "Rook")
    await counter.tap(Role.OWNER, "return!:2:")
    await _signs_up(engine, EGRET_TOKEN, "Stork")
    await counter.line(Role.OWNER, "/settings approval on")
    await _signs_up(engine, OSPREY_TOKEN, "Finch")
    await counter.line(Role.OWNER, "/settings approval off")
    await _signs_up(engine, OSPREY_TOKEN, "Gull")
    await a_request(engine, OSPREY_TOKEN, "Plover")
    await counter.tap(Role.OWNER, f"person-off:{GULL}")


async def _signs_up(engine: Engine, token: str, name: str) -> None:
    values = {"first_name": name, "last_name": "Berg", "email": f"{name}@example.com", "password": "a long secret"}
    form = redemption.SignUp(
        newcomer=read_form(values, region="LV"), password_hash=FAST_HASH, form_key=f"form of {name}"
    )
    await engine.write(redemption.redeem, token, form, engine.now())
