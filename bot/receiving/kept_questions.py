"""Questions whose facts are kept with them, shown anew when these have changed: the button carries only their number.

Where nothing has to be asked any more, the card is shown instead: nothing is done that wasn't asked about.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.context import Context
from bot.handlers import (
    course_editing,
    enrolling,
    person,
    person_corrections,
    role_cards,
    role_grants,
    transfers,
    unenrolling,
)
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler
from bot.screens import people_selection as screens
from bot.screens.screen import Screen
from core.domain.access import Permission
from core.services import course_editing as courses
from core.services import enrolling as giving
from core.services import people_selection, questions
from core.services import person_corrections as corrections
from core.services import role_grants as grants
from core.services import transfers as moves
from core.services import unenrolling as taking
from core.services.course_editing import CourseField
from core.services.people_selection import PeopleChange
from core.services.questions import About

Body = Mapping[str, Any]


def _by_its_facts(about: About, anew: Callable[[Context, Body], Awaitable[Screen]]) -> ButtonHandler:
    """Show a question anew, by what is kept of it."""

    async def ask_anew(context: Context, arguments: str) -> Screen:
        if not is_number(arguments):
            raise StaleButton
        body = await context.read(questions.read, context.actor_id, int(arguments), about, context.now)
        return await anew(context, body)

    return ask_anew


async def _about_people(context: Context, body: Body) -> Screen:
    meant = await context.engine.write(
        people_selection.propose,
        context.actor_id,
        body["people"],
        PeopleChange(body["change"]),
        context.now,
        department=body["to"],
    )
    return screens.question(context.words, meant)


async def _about_role(context: Context, body: Body) -> Screen:
    asked = body["user_id"], body["role"], body["managed"]
    proposal = await context.engine.write(grants.propose, context.actor_id, *asked, context.now)
    return role_grants.question(context, proposal) if proposal else await _person(context, body)


async def _about_email(context: Context, body: Body) -> Screen:
    asked = await context.engine.write(
        corrections.propose_email, context.actor_id, body["user_id"], body["after"], context.now
    )
    return person_corrections.question(context, asked)


async def _about_transfer(context: Context, body: Body) -> Screen:
    asked = await context.engine.write(moves.ask, context.actor_id, body["user_id"], body["to"], context.now)
    return transfers.question(context, asked) if asked else await _person(context, body)


async def _about_giving(context: Context, body: Body) -> Screen:
    people = [*body["people"], *body["others"]]
    asked = await context.engine.write(giving.ask, context.actor_id, people, body["course_id"], context.now)
    return enrolling.question(context, asked) if asked else await _course(context, body)


async def _about_taking(context: Context, body: Body) -> Screen:
    people = [*(number for number, _progress in body["people"]), *body["others"]]
    asked = await context.engine.write(taking.ask, context.actor_id, people, body["course_id"], context.now)
    return unenrolling.question(context, asked) if asked else await _course(context, body)


async def _about_course(context: Context, body: Body) -> Screen:
    change = body["course_id"], CourseField(body["field"]), body["after"]
    asked = await context.engine.write(courses.ask, context.actor_id, *change, context.now)
    return course_editing.question(context, asked) if asked else await _course(context, body)


async def _about_permissions(context: Context, body: Body) -> Screen:
    change = body["name"], map(Permission, body["permissions"])
    asked = await context.engine.write(grants.ask_to_change, context.actor_id, *change, context.now)
    return await role_grants.changed(context, asked) if asked else await _roles(context)


async def _person(context: Context, body: Body) -> Screen:
    return await person.BUTTONS["person"](context, str(body["user_id"]))


async def _course(context: Context, body: Body) -> Screen:
    return await course_editing.BUTTONS["course"](context, str(body["course_id"]))


async def _roles(context: Context) -> Screen:
    return await role_cards.BUTTONS["roles"](context, "0")


KEPT: Mapping[str, ButtonHandler] = {
    "course-save!": _by_its_facts(About.COURSE_CHANGE, _about_course),
    "enrol!": _by_its_facts(About.ENROLMENT, _about_giving),
    "people-change!": _by_its_facts(About.PEOPLE, _about_people),
    "person-email!": _by_its_facts(About.CORRECTION, _about_email),
    "role-change!": _by_its_facts(About.ROLE_CHANGE, _about_permissions),
    "role-give!": _by_its_facts(About.ROLE, _about_role),
    "transfer-keep!": _by_its_facts(About.TRANSFER, _about_transfer),
    "transfer-take!": _by_its_facts(About.TRANSFER, _about_transfer),
    "unenrol!": _by_its_facts(About.UNENROLMENT, _about_taking),
}
