"""The settings of the learners' pages in the chat: each one's word in a line, and its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bot.context import Context
from bot.wording.phrases import N_, Words
from bot.wording.text import address, lines
from core.domain.challenges import Challenge
from core.domain.page_settings import Asked
from core.services import page_settings
from core.services.page_settings import PageSetting, PageSettings

PAGES = "pages"  # the word that shows them all


@dataclass(frozen=True, kw_only=True)
class Row:
    """A setting of the pages: its word in a line, values to show in examples, and its sentence."""

    setting: PageSetting
    name: str
    value: str
    sentence: Callable[[Words, PageSettings], Markup]
    without: str = "off"


def _language(words: Words, found: PageSettings) -> Markup:
    if found.language is None:
        return words.say("Pages are in English if a browser asks for none of their languages.")
    name = words.language.locale.languages[found.language]
    return words.say("Pages are in “{language}” if a browser asks for none of their languages.", language=name)


def _contact(words: Words, found: PageSettings) -> Markup:
    if found.contact is None:
        return words.say("The pages name no contact.")
    return words.say("Pages say: Questions? {contact}", contact=address(found.contact))


def _accent(words: Words, found: PageSettings) -> Markup:
    if found.accent is None:
        return words.say("Buttons and links of the pages are blue.")
    return words.say("Buttons and links of the pages have the colour {colour}.", colour=found.accent)


def _welcome(words: Words, found: PageSettings) -> Markup:
    if found.welcome is None:
        return words.say("The form has no welcome line of your own.")
    return words.say("The form welcomes people with: {text}", text=found.welcome)


def _asked(
    setting: PageSetting, sentences: Mapping[Asked, str] | Mapping[Challenge, str]
) -> Callable[[Words, PageSettings], Markup]:
    return lambda words, found: words.say(sentences[getattr(found, setting)])


_ROWS = (
    Row(setting=PageSetting.LANGUAGE, name="language", value="es", sentence=_language),
    Row(setting=PageSetting.CONTACT, name="contact", value="learning@example.com", sentence=_contact),
    Row(setting=PageSetting.ACCENT, name="colour", value="#1f5fbf", sentence=_accent),
    Row(setting=PageSetting.WELCOME, name="welcome", value="Good to have you here!", sentence=_welcome),
    Row(
        setting=PageSetting.LOGIN,
        name="login",
        value="optional",
        sentence=_asked(
            PageSetting.LOGIN,
            {
                Asked.OFF: N_("Newcomers aren't asked for a login: they log in with their email address."),
                Asked.OPTIONAL: N_("Newcomers can choose a login."),
            },
        ),
    ),
    Row(
        setting=PageSetting.PHONE,
        name="phone",
        value="required",
        sentence=_asked(
            PageSetting.PHONE,
            {
                Asked.OFF: N_("Newcomers aren't asked for a phone number."),
                Asked.OPTIONAL: N_("Newcomers can give their phone number."),
                Asked.REQUIRED: N_("Newcomers give their phone number."),
            },
        ),
    ),
    Row(
        setting=PageSetting.JOB_TITLE,
        name="jobtitle",
        value="required",
        sentence=_asked(
            PageSetting.JOB_TITLE,
            {
                Asked.OFF: N_("Newcomers aren't asked for a job title."),
                Asked.OPTIONAL: N_("Newcomers can give their job title."),
                Asked.REQUIRED: N_("Newcomers give their job title."),
            },
        ),
    ),
    Row(
        setting=PageSetting.CHALLENGE,
        name="challenge",
        value="on",
        sentence=_asked(
            PageSetting.CHALLENGE,
            {
                Challenge.AUTOMATIC: N_("During a rush, the form checks the browser by a script."),
                Challenge.ALWAYS: N_(
                    "The form always checks the browser by a script: without scripts nobody can sign up."
                ),
                Challenge.NEVER: N_("The form never checks the browser by a script, not even during a rush."),
            },
        ),
        without="auto",
    ),
)
PAGE_SETTINGS: Mapping[str, Row] = {row.name: row for row in _ROWS}


async def sentences(context: Context) -> list[Markup]:
    """Say what each setting of the pages is."""
    found = await context.read(page_settings.page_settings, context.actor_id)
    return [row.sentence(context.words, found) for row in _ROWS]


async def sentence(context: Context, name: str) -> Markup:
    """Say what one of the settings is, with the line that changes it."""
    row, found = PAGE_SETTINGS[name], await context.read(page_settings.page_settings, context.actor_id)
    is_set = getattr(found, row.setting) not in (None, row.value)
    line = context.words.line(f"/settings {row.name} {row.without if is_set else row.value}")
    return lines(row.sentence(context.words, found), line)


async def change(context: Context, name: str, value: str) -> None:
    """Change one of the settings."""
    await context.write(page_settings.change, context.actor_id, PAGE_SETTINGS[name].setting, value, context.now)
