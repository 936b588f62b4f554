"""Names of the core's roles, permissions, states and fields in the chat, translated when they are shown."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.wording.lists import first, more
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate
from core.domain.access import Permission, Role, UserState
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.naming import format_path
from core.domain.progress import Progress
from core.errors import Problem
from core.services.course_editing import CourseField

MOST_DEPARTMENTS = MOST_NAMES = 10
LONGEST_NAMES = 500
COMMA, SEMICOLON = Markup(", "), Markup("; ")

ROLES: Mapping[Role, str] = {
    Role.OWNER: N_("owner"),
    Role.ADMINISTRATOR: N_("account administrator"),
    Role.DEPARTMENT_ADMINISTRATOR: N_("department administrator"),
    Role.CUSTOM: N_("custom role"),
    Role.LEARNER: N_("learner"),
}

PERMISSIONS: Mapping[Permission, str] = {
    Permission.MANAGE_ACCOUNT: N_("change the settings and the sign-up form"),
    Permission.MANAGE_ROLES: N_("invite staff and give roles"),
    Permission.MANAGE_DEPARTMENTS: N_("change the departments"),
    Permission.MANAGE_COURSES: N_("add courses and give them"),
    Permission.MANAGE_PEOPLE: N_("add, transfer and delete learners"),
    Permission.MANAGE_PROFILES: N_("create sign-up profiles"),
    Permission.RECEIVE_DIGESTS: N_("receive digests"),
    Permission.READ_LOG: N_("read the log"),
}

STATES: Mapping[UserState, str] = {
    UserState.ACTIVE: N_("active"),
    UserState.INACTIVE: N_("not active"),
    UserState.PENDING: N_("waiting"),
    UserState.DELETED: N_("deleted"),
}

KINDS: Mapping[Kind, str] = {
    Kind.TEXT: N_("text"),
    Kind.UNIQUE_TEXT: N_("unique text"),
    Kind.NUMBER: N_("number"),
    Kind.DATE: N_("date"),
    Kind.TIME: N_("time of day"),
    Kind.PHONE: N_("phone number"),
    Kind.CHOICE: N_("choice"),
    Kind.COUNTRY: N_("country"),
    Kind.NAME: N_("person’s name"),
    Kind.EMAIL: N_("email address"),
    Kind.LOGIN: N_("login"),
    Kind.PASSWORD: N_("password"),
}

EXAMPLES: Mapping[Kind, str] = {  # as values are typed, in every language
    Kind.NUMBER: "12",
    Kind.DATE: "2026-12-31",
    Kind.TIME: "18:45",
    Kind.PHONE: "+371 20000000",
    Kind.COUNTRY: "LV",
}

PROGRESS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("not started"),
    Progress.STARTED: N_("started"),
    Progress.COMPLETED: N_("completed"),
}

COURSE_FIELDS: Mapping[CourseField, str] = {
    CourseField.TITLE: N_("title"),
    CourseField.DESCRIPTION: N_("description"),
    CourseField.LINK: N_("link"),
    CourseField.DAYS: N_("days to complete"),
}

FIELD_TEXTS: Mapping[FieldText, str] = {
    FieldText.LABEL: N_("label"),
    FieldText.HINT: N_("hint"),
    FieldText.CHOICES: N_("choices"),
}

LABELS: Mapping[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "email": N_("Email"),
    "login": N_("Login"),
    "password": N_("Password"),
    "phone": N_("Phone"),
    "job_title": N_("Job title"),
}

PROBLEMS: Mapping[Problem, str] = {  # with places for what is said of the field and of the form
    Problem.MISSING: N_("enter a value"),
    Problem.TOO_LONG: N_("must be {longest} characters or fewer"),
    Problem.TOO_SHORT: N_("must be longer"),
    Problem.ADDRESS_IN_NAME: N_("must not contain a web address, an @name or a word that begins with “/”"),
    Problem.NOT_AN_EMAIL: N_("enter an email address like name@example.com"),
    Problem.NOT_A_PHONE: N_("enter a phone number with the country code, like +371 20000000"),
    Problem.NOT_A_LOGIN: N_("must be 2 to 64 letters, digits, dots, hyphens or underscores"),
    Problem.TAKEN: N_("is already taken"),
    Problem.UNCHANGED: N_("is the present one: enter another"),
    Problem.WEAK: N_("must be harder to guess"),
    Problem.DOMAIN_NOT_ALLOWED: N_("must be in one of these domains: {domains}"),
    Problem.NOT_A_NUMBER: N_("enter a number like 12 or 12.5"),
    Problem.NOT_A_DATE: N_("enter a date like 2026-12-31"),
    Problem.NOT_A_TIME: N_("enter a time like 18:45"),
    Problem.NOT_A_CHOICE: N_("must be one of these: {choices}"),
    Problem.NOT_A_COUNTRY: N_("enter a country by its code, like LV, or its English name"),
    Problem.CONSENT_MISSING: N_("must be agreed to"),
    Problem.CONSENT_OUTDATED: N_("must be agreed to in its present version"),
}


def role(words: Words, kind: Role, name: str | None) -> Markup:
    """Name a role: a custom one by its name, the others in the person's language."""
    return isolate(name) if kind is Role.CUSTOM and name else words.say(ROLES[kind])


def department(words: Words, path: tuple[str, ...]) -> Markup:
    """Name a department by its path, or the root, which has no path."""
    return isolate(format_path(path)) if path else words.say("the top of the tree")


def departments(words: Words, paths: Sequence[tuple[str, ...]]) -> Markup:
    """Name several departments, or the first of them if there are many."""
    named = [department(words, path) for path in paths[:MOST_DEPARTMENTS]]
    return SEMICOLON.join([*named, *more(words, len(paths) - MOST_DEPARTMENTS)])


def several(words: Words, named: Sequence[str], between: Markup = COMMA) -> Markup:
    """Name several things in a sentence, or the first of them if there are many."""
    written = [isolate(name) for name in named]
    return between.join(first(words, written, most=MOST_NAMES, longest=LONGEST_NAMES))


def role_for(words: Words, named: Markup, paths: Sequence[tuple[str, ...]]) -> Markup:
    """Name a role with the departments that its rights are limited to, if any."""
    if not paths:
        return named
    return words.say("{role} for {departments}", role=named, departments=departments(words, paths))
