"""Every sentence of the chat exists in every language, and every refusal has words."""

import ast
import inspect
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import pytest

from bot import handlers
from bot.context import Context
from bot.handlers import help as help_
from bot.handlers.form_fields import HOW
from bot.handlers.home import STEPS
from bot.handlers.profile_edit_form import CHANGED_MEANWHILE
from bot.handlers.profile_list import FILTERS, ORDERS
from bot.menu.command import TITLES, Subject
from bot.receiving.routes import BUTTONS, BY_NAME, COMMANDS
from bot.sandbox import parse_html
from bot.screens import person_card
from bot.screens.access_requests import CURING
from bot.screens.audit_log_subjects import OPENERS
from bot.screens.profile_card import MARKS
from bot.screens.screen import Screen
from bot.screens.telegram_menu import DESCRIPTION, MENU, SHORT_DESCRIPTION
from bot.service import LOCALES
from bot.wording import alerts, labels, personal_data
from bot.wording.audit_log import DONE, FACTS
from bot.wording.digest import SINCE_WEEKDAY
from bot.wording.phrases import Words, no_access
from bot.wording.refusals import REFUSALS, refusal
from bot.wording.refused_lists import WHAT_INSTEAD
from bot.wording.reminder_rules import SHORT
from bot.wording.reminders import WHO
from bot.wording.text import fitting
from core import errors
from core.domain.access import Permission, Role, UserState, permissions_of
from core.domain.alerts import Alert
from core.domain.field_kinds import Kind
from core.domain.form_fields import BUILT_IN
from core.domain.links import LinkState
from core.domain.personal_data import Section
from core.domain.progress import Progress
from core.domain.reminders import Occasion
from core.language import Languages
from core.services.audit_log import Action
from core.services.departments import FOR_THE_TREE
from core.services.home import SetUpStep
from core.services.people import Person
from core.services.policies import Switch
from tests.support.catalogues import ROOT, problems, said_in, translated_in
from tests.support.context import spoken_to

MARKED: dict[str, tuple[int, ...] | None] = {"say": None, "N_": None, "count": (1, 2)}
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)
MOST_LINES = 20  # of a phone
LISTED = [command for command in COMMANDS if command.is_listed]
EXAMPLES: dict[Any, Any] = {
    str: "Tom <b>&\"' Ann",
    int: 7,
    bool: True,
    errors.InitDataProblem: errors.InitDataProblem.OLD,
    str | None: None,
    datetime: NOW,
    tuple[str, ...]: ("One", "Two"),
    tuple[tuple[int, tuple[str, ...]], ...]: ((-330, ("Europe/Riga",)), (180, ("Europe/Moscow",))),
    dict[str, errors.Problem]: {},
    errors.ListProblem: errors.ListProblem.EMPTY,
    tuple[errors.Reading, ...]: tuple(errors.Reading(text=f"2027-0{month}-05", instant=NOW) for month in (5, 6)),
}
COMMAND = re.compile(r"(?<!\S)/[a-z]+")
AS_A_FRIEND = re.compile(  # the forms that are nothing else, and orders where a sentence begins
    r"\b(?:t[uú]s?|te|ti|contigo|eres|estás|has|tienes|puedes|quieres|querías|quieras|ciérralo)\b"
    r"|(?:^|[.:¡] )(?:elige|escribe|toca|pulsa|envía|abre|copia|pega|usa|mira|habla) (?!el |la )",
    re.IGNORECASE | re.MULTILINE,
)
VARIABLE = {  # sentences that are said from a variable, each marked where it is written
    ("access_requests.py", "CURING[cure]"),
    ("access_requests.py", "_HAS_ACCOUNT[each.holder.state]"),
    ("audit_log_subjects.py", "opener.label"),
    ("command.py", "self.summary"),
    ("command.py", "part.name"),
    ("help.py", "TITLES[each]"),
    ("help.py", "TITLES[known]"),
    ("choices.py", "labels.COURSE_FIELDS[each]"),
    ("choices.py", "labels.FIELD_TEXTS[each]"),
    ("choices.py", "labels.KINDS[kind]"),
    ("course_editing.py", "labels.COURSE_FIELDS[meant.field]"),
    ("in_question.py", "command.summary"),
    ("course_form.py", "labels.COURSE_FIELDS[field]"),
    ("choices.py", "labels.PERMISSIONS[each]"),
    ("guides.py", "guide.title"),
    ("guides.py", "part.name"),
    ("guides.py", "part.prompt"),
    ("home.py", "STEPS[step]"),
    ("profile_edit_form.py", "CHANGED_MEANWHILE[name]"),
    ("profile_list.py", "FILTERS[only]"),
    ("profile_list.py", "ORDERS[view.only]"),
    ("alerts.py", "NAMES[alert]"),
    ("alerts.py", "SHORT[alert]"),
    ("audit_log.py", "alerts.SHORT[Alert(value)]"),
    ("reminders.py", "WHO[found.occasion]"),
    ("reminder_rules.py", "wording.SHORT[shown.occasion]"),
    ("audit_log.py", "SHORT[Occasion(value)]"),
    ("telegram_menu.py", "each.description"),
    ("form_fields.py", "labels.KINDS[card.kind]"),
    ("form_fields.py", "labels.LABELS[name]"),
    ("form_fields.py", "HOW[how]"),
    ("form_fields.py", "built_in"),
    ("labels.py", "ROLES[kind]"),
    ("page_settings.py", "sentences[getattr(found, setting)]"),
    ("profile_moments.py", "SPAN_NAMES[span]"),
    ("personal_data.py", "SECTIONS[section]"),
    ("personal_data_files.py", "SECTIONS[section]"),
    ("personal_data_files.py", "FACTS[fact]"),
    ("policies.py", "on if is_on else off"),
    ("person_fields.py", "labels.LABELS[field.name]"),
    ("person_fields.py", "labels.PROBLEMS[found]"),
    ("person_card.py", "labels.LABELS[name]"),
    ("person_card.py", "labels.PROGRESS[course.progress]"),
    ("audit_log.py", "DETAILS[each]"),
    ("audit_log.py", "DONE[done.action]"),
    ("audit_log.py", "FACTS[name]"),
    ("audit_log.py", "labels.KINDS[Kind(value)]"),
    ("audit_log.py", "labels.PROGRESS[Progress(value)]"),
    ("enrolments.py", "labels.PROGRESS[learner.progress]"),
    ("transfers.py", "labels.PROGRESS[each.progress]"),
    ("audit_log.py", "labels.PERMISSIONS[Permission(value)]"),
    ("audit_log.py", "labels.ROLES[Role(value)]"),
    ("audit_log.py", "labels.STATES[UserState(value)]"),
    ("roles.py", "labels.PERMISSIONS[each]"),
    ("role_card.py", "labels.PERMISSIONS[each]"),
    ("role_ticking.py", "labels.PERMISSIONS[permission]"),
    ("settings.py", "LABELS[word]"),
    ("settings.py", "label"),
    ("digest.py", "SINCE_WEEKDAY[summary.since.astimezone(summary.zone).weekday()]"),
    ("no_orders.py", "WHY_NOT[source]"),
    ("refusals.py", "sentence"),
    ("refused_lists.py", "WHAT_INSTEAD[refused.problem]"),
    ("roster_lists.py", "MEANINGS[column.meaning]"),
    ("link_mails.py", "NOT_WORKING[state]"),
    ("rosters.py", "label"),
    ("rosters.py", "TRIED_THEN[person.tried_field]"),
    ("rosters.py", "TRIED[person.tried_field]"),
    ("rosters.py", "LINKS[link.reached]"),
    ("rosters.py", "STANDINGS[link.reached]"),
    ("rosters.py", "BECAUSE[link.reached]"),
    ("progress.py", "labels.PROGRESS[one.progress]"),
    ("joined_people.py", "labels.PROGRESS[course.progress]"),
    ("planned_reminders.py", "SHORT[planned.occasion]"),
    ("progress_files.py", "labels.PROGRESS[each.progress]"),
    ("link_mails.py", "counting"),
    ("link_mails.py", "name"),
    ("link_mails.py", "label"),
    ("link_mails.py", "NOBODY[which]"),
    ("link_mails.py", "own"),
    ("link_mails.py", "HELD_UP[waiting.reason]"),
    ("link_mails.py", "BECAUSE[recipient.reached]"),
}
NAMES: tuple[Mapping[Any, str], ...] = (
    labels.ROLES,
    labels.PERMISSIONS,
    labels.STATES,
    labels.KINDS,
    labels.PROGRESS,
    labels.COURSE_FIELDS,
    labels.PROBLEMS,
    labels.LABELS,
    personal_data.SECTIONS,
    personal_data.FACTS,
)
REFUSED = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.Refusal)]


@pytest.mark.parametrize("code", ["ru", "es"])
def test_every_sentence_is_translated_with_the_same_places_and_none_is_stale(code: str) -> None:
    assert len(said_in("bot", MARKED)) > 100
    assert problems("bot", code, MARKED) == []


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of a function or a method of this name in the chat's code, with the name of the file."""
    found = []
    for file in sorted((ROOT / "bot").rglob("*.py")):
        if "sandbox" not in file.relative_to(ROOT).parts:
            nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            found += [(file.name, node) for node in nodes if isinstance(node, ast.Call) and _name(node.func) == name]
    return found


def _name(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def words_in(code: str) -> Words:
    return Words(language=LANGUAGES.all[code], zone=ZoneInfo("Europe/Riga"), now=NOW)


def refused(kind: type[errors.Refusal]) -> errors.Refusal:
    hints = get_type_hints(kind)
    return kind(**{name: EXAMPLES[hints[name]] for name in getattr(kind, "__dataclass_fields__", {})})


def test_every_sentence_is_written_where_it_is_said_or_is_marked() -> None:
    said = [(file, call.args[0]) for file, call in calls("say")]
    said += [(file, sentence) for file, call in calls("count") for sentence in call.args[:2]]
    variable = {(file, ast.unparse(sentence)) for file, sentence in said if not isinstance(sentence, ast.Constant)}
    assert variable == VARIABLE
    fixed = [call.args[0] for _, call in calls("_fixed")]
    assert fixed
    assert all(isinstance(sentence, ast.Call) and _name(sentence.func) == "N_" for sentence in fixed)
    named = [*TITLES.values(), *DONE.values(), *FACTS.values(), *(name for each in NAMES for name in each.values())]
    parts = [part for command in COMMANDS for part in (*command.parts, *command.guided)]
    described = {command.summary for command in LISTED} | {part.name for part in parts}
    prompts = {part.prompt for part in parts if part.prompt} | {
        title for command in COMMANDS for title in command.titles.values()
    }
    offered = {each.description for each in MENU}
    of_tables = {
        *SINCE_WEEKDAY,
        *STEPS.values(),
        *CHANGED_MEANWHILE.values(),
        *CURING.values(),
        *FILTERS.values(),
        *ORDERS.values(),
        *HOW.values(),
        *(opener.label for opener in OPENERS if opener.label),
        *WHO.values(),
        *alerts.NAMES.values(),
        *alerts.SHORT.values(),
        *SHORT.values(),
        *named,
    }
    assert described | offered | prompts | of_tables <= said_in("bot", {"N_": None})


@pytest.mark.parametrize(
    ("names_", "kinds"),
    [
        (labels.ROLES, Role),
        (personal_data.SECTIONS, Section),
        (labels.PERMISSIONS, Permission),
        (labels.STATES, UserState),
        (labels.KINDS, Kind),
        (labels.PROGRESS, Progress),
        (labels.PROBLEMS, errors.Problem),
        (labels.LABELS, [field.name for field in BUILT_IN]),
        (person_card.MARKS, UserState),
        (TITLES, Subject),
        (STEPS, SetUpStep),
        (DONE, Action),
        (WHAT_INSTEAD, errors.ListProblem),
        (WHO, Occasion),
        (alerts.NAMES, Alert),
        (alerts.SHORT, Alert),
        (SHORT, Occasion),
    ],
)
def test_whatever_the_core_can_name_has_words(names_: Mapping[str, str], kinds: Iterable[str]) -> None:
    assert set(names_) == set(kinds)


def test_the_audit_log_has_words_for_every_switch() -> None:
    assert set(Switch) <= set(FACTS)


@pytest.mark.parametrize("code", ["ru", "es"])
def test_a_translation_keeps_commands_and_needs_no_escaping(code: str) -> None:
    for message in translated_in("bot", code):
        assert not message.fuzzy
        source = message.id if isinstance(message.id, str) else message.id[-1]
        for string in [message.string] if isinstance(message.string, str) else message.string or ():
            if source:
                assert sorted(COMMAND.findall(string)) == sorted(COMMAND.findall(source)), string
                assert not set("<>&") & set(string), string
                assert string.strip() == string, string


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("ru", ["0 профилей", "1 профиль", "2 профиля", "5 профилей", "11 профилей", "21 профиль", "22 профиля"]),
        ("es", ["0 perfiles", "1 perfil", "2 perfiles", "5 perfiles", "11 perfiles", "21 perfiles", "22 perfiles"]),
    ],
)
def test_a_number_chooses_its_plural_form(code: str, counted: list[str]) -> None:
    count = words_in(code).count
    assert [count("{number} profile", "{number} profiles", number) for number in (0, 1, 2, 5, 11, 21, 22)] == counted


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("kind", [kind for kind in REFUSED if kind is not errors.Refusal])
def test_every_refusal_has_words_in_every_language(kind: type[errors.Refusal], code: str) -> None:
    assert kind in REFUSALS
    answer = refusal(words_in(code), refused(kind))
    assert len(answer) > 10
    assert "{" not in answer
    assert "<b>" not in answer
    assert parse_html(str(answer)).text


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize(
    "refusal_",
    [
        errors.DepartmentNotFound("Sales", (), addable=True, below=()),
        errors.DepartmentNotFound("Sales", (), addable=False, below=()),
        errors.DepartmentNotFound("Sales", (), addable=False, below=("Support",)),
        errors.CourseNotFound("Welcome", ()),
        errors.RosterNotFound("Winter", ()),
        errors.UnknownZone("Riga", ()),
        errors.ZoneNotPlace("GMT+3", ()),
        errors.RoleNotFound("Boss", ()),
        errors.WordNotUnderstood("maybe", (), ("on", "off")),
        errors.DepartmentsNeeded("learner"),
        errors.InvalidName("", 200, "|"),
        errors.InvalidName("a" * 201, 200, "|"),
        errors.InvalidName("a | b", 200, "|/"),
    ],
    ids=repr,
)
def test_a_refusal_with_nothing_to_suggest_says_what_would_be_right(refusal_: errors.Refusal, code: str) -> None:
    assert len(parse_html(str(refusal(words_in(code), refusal_))).text) > 10


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("kind", [kind for kind in REFUSED if str in get_type_hints(kind).values()])
def test_a_refusal_of_the_longest_line_fits_into_a_message(kind: type[errors.Refusal], code: str) -> None:
    too_much = refused(kind)
    vars(too_much).update({name: "&" * 4096 for name, hint in get_type_hints(kind).items() if hint is str})
    answer = fitting(refusal(words_in(code), too_much))
    assert len(answer) <= 4096
    assert parse_html(str(answer)).text


def test_every_command_is_listed_and_has_examples_but_those_that_every_chat_has() -> None:
    assert {command.name for command in COMMANDS if not command.is_listed} == {"start", "cancel"}
    assert all(bool(command.examples) == command.is_listed for command in COMMANDS)


def test_every_command_and_button_of_a_handler_is_collected_under_names_of_its_own() -> None:
    modules = [import_module(f"bot.handlers.{found.name}") for found in iter_modules(handlers.__path__)]
    declared = [command for module in modules for command in getattr(module, "COMMANDS", ())]
    names = [name for command in declared for name in command.names]
    verbs = [verb for module in modules for verb in getattr(module, "BUTTONS", ())]
    assert sorted(names) == sorted(BY_NAME)
    assert sorted(verbs) == sorted(BUTTONS)
    assert set(map(id, declared)) == set(map(id, COMMANDS))


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
def test_summaries_fit_into_telegrams_menu(code: str) -> None:
    assert all(len(command.described(words_in(code)).unescape()) <= 256 for command in LISTED)


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
def test_what_stands_above_start_fits(code: str) -> None:
    """Bot API, setMyDescription and setMyShortDescription: 512 and 120 characters."""
    say = words_in(code).language.gettext
    assert len(say(DESCRIPTION)) <= 512
    assert len(say(SHORT_DESCRIPTION)) <= 120


def test_telegrams_menu_offers_six_commands() -> None:
    assert [each.name for each in MENU] == ["menu", "new", "links", "people", "report", "help"]
    assert all(each.permission is BY_NAME[each.name].permission for each in MENU)


async def test_help_understands_another_name_of_a_command_and_lists_it_nowhere() -> None:
    context = somebody(Role.OWNER, "en")
    for wanted in ("links", "/links"):
        text = (await BY_NAME["help"].handler(context, wanted)).text
        assert "/profiles autumn" in text
        assert "/links" not in text
    assert "/links" not in (await BY_NAME["help"].handler(context, "")).text
    assert "links" not in {command.name for command in context.offered}


def test_every_state_of_a_link_has_its_mark() -> None:
    assert set(MARKS) == set(LinkState)
    assert len(set(MARKS.values())) == len(MARKS)


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
def test_what_a_tap_alerts_fits_into_an_alert(code: str) -> None:
    stale = words_in(code).say("This button is from an older version. /help shows what works now.")
    assert all(len(text.striptags()) <= 200 for text in (stale, no_access(words_in(code))))


def test_every_example_is_a_line_of_its_own_command() -> None:
    assert all(line.partition(" ")[0] == f"/{command.name}" for command in COMMANDS for line in command.examples)


@pytest.mark.parametrize("edge", ["bot", "web"])
def test_in_spanish_people_are_addressed_with_usted(edge: str) -> None:
    said = (ROOT / edge / "locales" / "es.po").read_text(encoding="utf-8")
    strings = [line for line in said.splitlines() if not line.startswith(("msgid", "#"))]
    sentences = [line.removeprefix("msgstr").strip(' "') for line in strings]
    assert [each for each in sentences if AS_A_FRIEND.search(each)] == []


def somebody(role: Role, code: str) -> Context:
    permissions = permissions_of(role, [Permission.MANAGE_PROFILES])
    person = Person(
        user_id=1, first_name="Olivia", role=role, permissions=permissions, language=code, zone=words_in(code).zone
    )
    return spoken_to(words_in(code), person)  # to list what there is, nothing is read


@pytest.mark.parametrize("role", Role)
async def test_help_names_every_command_to_those_who_may_and_no_other(role: Role) -> None:
    context = somebody(role, "en")
    offered = [f"/{command.name}" for command in LISTED if command.is_for(context.person.permissions)]
    text = (await BY_NAME["help"].handler(context, "")).text.unescape()
    assert sorted(word for word in text.split() if word.startswith("/")) == sorted(offered)


def pages_of_help(context: Context, subject: Subject) -> list[Screen]:
    """Return the pages of a subject, one after the other as their buttons lead on."""
    pages: list[Screen] = []
    while (screen := help_.subject(context, subject, len(pages))) and screen not in pages:
        pages.append(screen)
    return pages


@pytest.mark.parametrize("role", Role)
async def test_help_on_a_subject_lists_the_commands_in_their_order_to_those_who_may(role: Role) -> None:
    context = somebody(role, "en")
    described = {command.name: command.described(context.words).unescape() for command in LISTED}
    offered = [described[command.name] for command in LISTED if command.is_for(context.person.permissions)]
    texts = [screen for subject in Subject for screen in pages_of_help(context, subject)]
    listed = [line for screen in texts for line in screen.text.unescape().splitlines()]
    assert [line for line in listed if line in described.values()] == offered


def test_the_tree_is_offered_to_whoever_may_see_it() -> None:
    command = BY_NAME["departments"]
    offered = {permission for permission in Permission if command.is_for(frozenset({permission}))}
    assert offered == set(FOR_THE_TREE)


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
async def test_help_is_within_a_phone(code: str) -> None:
    context = somebody(Role.OWNER, code)
    screens = [await BY_NAME["help"].handler(context, wanted) for wanted in ("", "teleport", *BY_NAME)]
    screens += [page for subject in Subject for page in pages_of_help(context, subject)]
    assert max(len(screen.text.splitlines()) for screen in screens) <= MOST_LINES
    assert all(fitting(screen.text) == screen.text for screen in screens)


@pytest.mark.parametrize("role", Role)
async def test_help_on_a_command_that_one_may_not_use_is_the_overview(role: Role) -> None:
    context = somebody(role, "en")
    text = (await BY_NAME["help"].handler(context, "/transferownership")).text
    assert ("/transferownership anna@example.com" in text) == (Permission.MANAGE_ROLES in context.person.permissions)
