"""The sign-up form's fields: one definition for pages, chat, validation and export."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.domain.addresses import find_domain
from core.domain.field_kinds import DEFINITIONS, Definition, Hints, Kind, WrongValue
from core.domain.field_texts import NO_TRANSLATIONS, Translations
from core.domain.numbers import whole_number
from core.domain.page_settings import Asked
from core.domain.text import ROOM, is_oversized
from core.errors import InvalidDomain, InvalidForm, Problem

NOT_FOR_LOGINS = re.compile(r"[^\w.+-]")
CONSENT = "consent"
SHOWN_VERSION = "privacy_version"  # of the privacy policy that the form showed
MOST_VERSIONS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of the form: its name in code, its HTML `autocomplete` token (WHATWG) and the values it accepts.

    `longest` counts characters. Custom fields have a `label`, a `field_id` and perhaps a `hint`, and texts in further
    languages; the edges label the built-in ones.
    """

    name: str
    autocomplete: str = "off"
    kind: Kind = Kind.TEXT
    required: bool = False
    longest: int = 100
    label: str | None = None
    field_id: int | None = None
    choices: tuple[str, ...] = ()
    hint: str = ""
    translations: Translations = NO_TRANSLATIONS

    @property
    def definition(self) -> Definition:
        """The definition of its kind."""
        return DEFINITIONS[self.kind]

    def options(self, language: str) -> Mapping[str, str] | None:
        """Return the choices, value -> label; None if any text can be entered."""
        if (options := self.definition.options) is None:
            return None
        return {value: self.translations.choice(language, each) for value, each in options(self.choices).items()}

    def label_in(self, language: str) -> str | None:
        """Return a custom field's label for readers of a language; None for a built-in field."""
        return self.label and self.translations.label(language, self.label)

    @property
    def labels(self) -> tuple[str, ...]:
        """A custom field's labels in all languages; none for a built-in field."""
        return (self.label, *self.translations.labels) if self.label else ()

    def hint_in(self, language: str) -> str:
        """Return a custom field's hint for readers of a language, empty if there is none."""
        return self.translations.hint(language, self.hint)

    def shown(self, value: str, language: str) -> str:
        """Format a stored value for readers of a language."""
        return self.translations.choice(language, self.definition.show(value, language))


BUILT_IN = (
    Field(name="first_name", autocomplete="given-name", kind=Kind.NAME, required=True),
    Field(name="last_name", autocomplete="family-name", kind=Kind.NAME, required=True),
    Field(name="email", autocomplete="email", kind=Kind.EMAIL, required=True, longest=254),
    Field(name="login", autocomplete="username", kind=Kind.LOGIN, longest=64),
    Field(name="password", autocomplete="new-password", kind=Kind.PASSWORD, required=True, longest=128),
    Field(name="phone", autocomplete="tel", kind=Kind.PHONE, longest=32),
    Field(name="job_title", autocomplete="organization-title"),
)


def built_in_fields(*, last_name_required: bool, asked: Mapping[str, Asked]) -> tuple[Field, ...]:
    """Return the built-in fields, required or not, and left out if not `asked`, by the account's settings."""
    changed = {"last_name": last_name_required} | {name: how is Asked.REQUIRED for name, how in asked.items()}
    return tuple(
        replace(each, required=changed.get(each.name, each.required))
        for each in BUILT_IN
        if asked.get(each.name) is not Asked.OFF
    )


@dataclass(frozen=True, kw_only=True)
class Form:
    """The sign-up form: the fields in order, and the policies that apply to it.

    Empty `email_domains` allow any domain; `consent_version` None means that no consent to a privacy policy is asked.
    """

    fields: tuple[Field, ...] = BUILT_IN
    strong_passwords: bool = False
    email_domains: tuple[str, ...] = ()
    consent_version: int | None = None

    def requires(self, name: str) -> bool:
        """Return whether the field with this name is required."""
        return any(each.required for each in self.fields if each.name == name)


BUILT_IN_FORM = Form()


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """The normalised values of a valid form, empty if nothing was entered, without the password.

    `custom` maps the numbers of custom fields to the values entered; `consent_version` is the version of the privacy
    policy that the person agreed to.
    """

    first_name: str
    last_name: str
    email: str
    login: str
    phone: str
    job_title: str
    custom: Mapping[int, str] = field(default_factory=dict)
    consent_version: int | None = None

    def has(self, asked: Field) -> bool:
        """Return whether a field was filled in; true for the password, which is required but not kept."""
        if asked.field_id is not None:
            return asked.field_id in self.custom
        return asked.kind is Kind.PASSWORD or bool(getattr(self, asked.name))


def read_form(values: Mapping[str, str], form: Form = BUILT_IN_FORM, *, region: str | None) -> Newcomer:
    """Validate and normalise a completed form, as `examine_form` does. Raises InvalidForm with all problems at once."""
    newcomer, problems = examine_form(values, form, region=region)
    if problems:
        raise InvalidForm(problems)
    return newcomer


def examine_form(values: Mapping[str, str], form: Form, *, region: str | None) -> tuple[Newcomer, dict[str, Problem]]:
    """Return the normalised values of a completed form, empty where they are wrong, and all problems at once.

    `region` is the ISO 3166 code of the country whose phone numbers are accepted without a country code.
    """
    clean: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    for asked in form.fields:
        try:
            clean[asked.name] = _read(asked, values.get(asked.name, ""), region)
        except WrongValue as wrong:
            problems[asked.name] = wrong.problem
    if "email" not in problems and not is_allowed(clean["email"], form.email_domains):
        problems["email"] = Problem.DOMAIN_NOT_ALLOWED
    if problem := consent_problem(form, _shown_version(values), agreed=bool(values.get(CONSENT))):
        problems[CONSENT] = problem
    built_in = {asked.name: clean.get(asked.name, "") for asked in BUILT_IN if asked.kind is not Kind.PASSWORD}
    own = {asked.field_id: clean.get(asked.name, "") for asked in form.fields if asked.field_id is not None}
    custom = {number: value for number, value in own.items() if value}
    return Newcomer(**built_in, custom=custom, consent_version=form.consent_version), problems


def check_password(typed: str) -> None:
    """Check a new password as the form does. Raises InvalidForm."""
    [asked] = [each for each in BUILT_IN if each.kind is Kind.PASSWORD]
    read_value(asked, typed, region=None)


def read_email(typed: str, domains: tuple[str, ...]) -> str:
    """Return a new e-mail address in the form in which it is stored, read as the form does. Raises InvalidForm."""
    [asked] = [each for each in BUILT_IN if each.kind is Kind.EMAIL]
    email = read_value(asked, typed, region=None)
    if not is_allowed(email, domains):
        raise InvalidForm({asked.name: Problem.DOMAIN_NOT_ALLOWED})
    return email


def read_value(asked: Field, typed: str, *, region: str | None) -> str:
    """Return the normalised value of one field, read as the form does. Raises InvalidForm."""
    try:
        return _read(asked, typed, region)
    except WrongValue as wrong:
        raise InvalidForm({asked.name: wrong.problem}) from None


def consent_problem(form: Form, shown: int | None, *, agreed: bool) -> Problem | None:
    """Return what is wrong with a consent, given the version that was shown: it counts for that one only."""
    if form.consent_version is None:
        return None
    if shown is None:
        return Problem.CONSENT_MISSING
    if shown != form.consent_version:
        return Problem.CONSENT_OUTDATED
    return None if agreed else Problem.CONSENT_MISSING


def is_allowed(email: str, domains: tuple[str, ...]) -> bool:
    """Return whether a normalised address is in one of the domains, not their subdomains; no domains allow all."""
    return not domains or read_domain(email.rsplit("@", 1)[1]) in domains


def read_domain(text: str) -> str:
    """Normalise the domain of e-mail addresses to lower-case ASCII (IDNA). Raises InvalidDomain."""
    if (domain := find_domain(text)) is None:
        raise InvalidDomain(text.strip())
    return domain


def login_from(email: str) -> str:
    """Derive a login (2 to 48 characters) from the local part of an e-mail address; it may already be taken."""
    return NOT_FOR_LOGINS.sub("", email.rsplit("@", 1)[0])[:48].ljust(2, "0")


def _shown_version(values: Mapping[str, str]) -> int | None:
    return whole_number(values.get(SHOWN_VERSION, ""), MOST_VERSIONS)


def _read(asked: Field, value: str, region: str | None) -> str:
    definition = asked.definition
    too_long = is_oversized(value, asked.longest)  # looked at first: the other checks cost what the text is long
    value = definition.normalise(value[: ROOM * asked.longest])
    if not value:
        if asked.required:
            raise WrongValue(Problem.MISSING)
        return ""
    if too_long or len(value) > asked.longest:
        raise WrongValue(Problem.TOO_LONG)
    meant = asked.translations.choice_of(value, asked.choices)
    return definition.read(meant, Hints(choices=asked.choices, region=region))
