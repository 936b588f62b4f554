"""Sentences of the pages: fields, mistakes, errors. They are translated where they are shown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.form_fields import Field
from core.domain.progress import Progress
from core.errors import Busy, InitDataProblem, Problem, Refusal, TooManyAtOnce
from core.language import Language, distance
from core.services.sign_up_page import Preview


def N_(sentence: str) -> str:  # noqa: N802 - the customary mark of a sentence that is translated where it is shown
    """Mark a sentence for the catalogues."""
    return sentence


CITY_TIME = N_("%(city)s time")
UTC = "UTC"  # which is no city: its time is called just that


def zone_name(language: Language, zone: ZoneInfo) -> str:
    """Return what a time zone is called beside a moment."""
    city = language.city(zone)
    return city if city == UTC else language.gettext(CITY_TIME) % {"city": city}


SIGN_UP_TITLE = N_("Create your account")
FEW_PLACES = 5  # from here on, the form says how many are left
_FOR_WHOM: Mapping[tuple[bool, bool], str] = {  # whether the department and the organisation have a name
    (True, True): N_("For %(department)s at %(organisation)s. It takes a minute."),
    (True, False): N_("For %(department)s. It takes a minute."),
    (False, True): N_("This creates your account at %(organisation)s. It takes a minute."),
    (False, False): N_("It takes a minute."),
}
_OPEN_UNTIL = N_("Open until %(moment)s, %(zone)s.")


def for_whom(language: Language, preview: Preview) -> str:
    """Return the sentence that welcomes newcomers: the account's own, or whom the form is for."""
    if preview.welcome:
        return preview.welcome
    named = {"department": preview.department, "organisation": preview.organisation.name}
    return language.gettext(_FOR_WHOM[bool(named["department"]), bool(named["organisation"])]) % named


def open_until(language: Language, preview: Preview, now: datetime) -> str:
    """Return the sentence that says until when a link is open, for people in any zone."""
    at, zone = preview.window.ends_at, preview.organisation.zone
    name, offset = zone_name(language, zone), at.astimezone(zone).utcoffset()
    with_offset = name if name == UTC or offset is None else f"{name} ({distance(offset // timedelta(minutes=1))})"
    return language.gettext(_OPEN_UNTIL) % {"moment": language.full_moment(at, zone, now=now), "zone": with_offset}


LABELS: Mapping[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "email": N_("Email address"),
    "login": N_("Login"),
    "password": N_("Create a password"),
    "phone": N_("Phone number"),
    "job_title": N_("Job title"),
}

HINTS: Mapping[str, str] = {
    "email": N_("You will log in with it."),
    "login": N_("Leave it empty to get one made from your email address."),
    "password": N_("At least 8 characters. A few words in a row are easy to remember."),
    "phone": N_("With the country code, for example +371 20000000."),
}

WORK_EMAIL = N_("Use your work email: %(domains)s")
HARD_TO_GUESS = N_("At least 8 characters, and hard to guess: several unrelated words in a row are good.")


def hint_of(field: Field, *, is_work_email: str, is_judged: bool) -> str | None:
    """Return what is said of a field before it is filled in: the rules of the account, too."""
    if field.name == "email" and is_work_email:
        return WORK_EMAIL
    return HARD_TO_GUESS if field.name == "password" and is_judged else HINTS.get(field.name)


MISSING: Mapping[str, str] = {
    "first_name": N_("Enter your first name"),
    "last_name": N_("Enter your last name"),
    "email": N_("Enter your email address"),
    "login": N_("Enter a login"),
    "password": N_("Enter a password"),
    "phone": N_("Enter your phone number"),
    "job_title": N_("Enter your job title"),
}

_OF_ONE_FIELD: Mapping[tuple[str, Problem], str] = {
    ("password", Problem.TOO_LONG): N_("Password must be %(longest)s characters or fewer"),  # not by its label
    ("email", Problem.TAKEN): N_("Another account has this email address"),
}

PROBLEMS: Mapping[Problem, str] = {
    Problem.TOO_LONG: N_("%(label)s must be %(longest)s characters or fewer"),
    Problem.TOO_SHORT: N_("Password must be 8 characters or more"),
    Problem.ADDRESS_IN_NAME: N_("%(label)s must not contain a web address, an @name or a word that begins with “/”"),
    Problem.NOT_AN_EMAIL: N_("Enter an email address like name@example.com"),
    Problem.NOT_A_PHONE: N_("Enter a phone number, like +371 20000000"),
    Problem.NOT_A_LOGIN: N_("Login must be 2 to 64 letters, digits, dots, hyphens or underscores, without spaces"),
    Problem.TAKEN: N_("This login is taken. Enter another one"),
    Problem.UNCHANGED: N_("This is your email address already. Enter another one"),
    Problem.WEAK: N_("Enter a password that is harder to guess, like several unrelated words"),
    Problem.DOMAIN_NOT_ALLOWED: N_("Enter an email address that ends in %(domains)s"),
    Problem.CONSENT_MISSING: N_("Confirm that you agree to the privacy policy"),
    Problem.CONSENT_OUTDATED: N_("The privacy policy has changed. Read it, and confirm that you agree to it"),
}

_SELECT = N_("Select an answer for “%(label)s”")

OWN_PROBLEMS: Mapping[Problem, str] = {
    Problem.MISSING: N_("Enter an answer for “%(label)s”"),
    Problem.TOO_LONG: N_("“%(label)s” must be %(longest)s characters or fewer"),
    Problem.NOT_A_NUMBER: N_("“%(label)s” must be a number, like 12 or 12.5"),
    Problem.NOT_A_DATE: N_("“%(label)s” must be a real date, like 2026-12-31"),
    Problem.NOT_A_TIME: N_("“%(label)s” must be a time, like 18:45"),
    Problem.NOT_A_PHONE: N_("“%(label)s” must be a phone number, like +371 20000000"),
    Problem.NOT_A_CHOICE: _SELECT,
    Problem.NOT_A_COUNTRY: N_("Enter the name of a country for “%(label)s”, like Latvia"),
    Problem.TAKEN: N_("“%(label)s” must be your own: another person has entered the same"),
}


def problem_of(field: Field, problem: Problem) -> str:
    """Return what is wrong with a field; `label` and `longest` are filled in where it is shown."""
    if field.label is not None:
        is_selection = field.definition.options is not None
        return _SELECT if is_selection and problem is Problem.MISSING else OWN_PROBLEMS[problem]
    if (field.name, problem) in _OF_ONE_FIELD:
        return _OF_ONE_FIELD[field.name, problem]
    return MISSING[field.name] if problem is Problem.MISSING else PROBLEMS[problem]


NOTICES: Mapping[str, str] = {
    "stale": N_("This page was open for too long, or cookies are off. Send the form again."),
    "no cookies": N_(
        "Your browser keeps no cookies, and the form needs one. "
        "Turn them on for this page, or open this link in another browser:"
    ),
    "busy": N_("Many people are signing up or logging in right now. Wait a few seconds and send the form again."),
    "too many": N_("Your network is sending many forms right now. Wait a few seconds and send the form again."),
    "too fast": N_("Too many attempts. Try again in %(wait)s."),
    "too often": N_("Too many attempts. Try again in %(wait)s, from %(until)s on (%(city)s time)."),
    "many waiting": N_("Many people are waiting for approval at the moment. Send the form again in an hour."),
    "not expected": N_(
        "Only the people on a list can sign up here, and this address isn't on it. If you have another one, enter "
        "that; otherwise ask the person who sent you this link."
    ),
    "address in use": N_("Another account has this email address already, so yours keeps its old one."),
    "no proof": N_(
        "The check of your browser was missing. What you entered is still here, except for a password: send the form "
        "again in a few seconds."
    ),
    "used": N_("This form has already created an account. To create one for another person, send it again."),
    "unavailable": N_(
        "The service is unavailable for the moment. What you entered is still here, except for the password: "
        "enter it again and send the form. It is safe to send it twice."
    ),
    "wrong": N_("The email address, login or password is wrong. Try again."),
    "inactive": N_("Your account isn't active. Ask your administrator."),
}

MINI_APP_OPENING = (N_("One moment"), "")
MINI_APP_WITHOUT_LINK = (
    N_("You have no account here yet"),
    N_("Open the sign-up link that you were given. If you have an account already, log in with your browser."),
)
_OPEN_AGAIN = N_("Close this window and open it again in Telegram, or go on in your browser.")
MINI_APP_TOO_OFTEN = (
    N_("This window was opened too often"),
    N_("Wait a minute, then open it again in Telegram, or go on in your browser."),
)
MINI_APP_REFUSED: Mapping[InitDataProblem, tuple[str, str]] = {
    InitDataProblem.FORGED: (N_("We can't tell who you are"), _OPEN_AGAIN),
    InitDataProblem.OLD: (N_("This window was open for too long"), _OPEN_AGAIN),
    InitDataProblem.REPLAYED: (N_("This window was opened before"), _OPEN_AGAIN),
}

DIGITS: Mapping[str, str] = {  # what is wrong with the digits that confirm an address
    "missing": N_("Enter the 6 digits from the email"),
    "wrong": N_("These aren't the 6 digits in the newest email. Check them, or have a new email sent"),
}

CHOSEN_PASSWORD: Mapping[str, str] = {  # what is wrong with the one that was chosen on the sign-up form
    "missing": N_("Type the password that you chose on the form"),
    "wrong": N_("This isn't the password that was chosen on the form"),
}

CURRENT_PASSWORD: Mapping[str, str] = {  # what is wrong with the one that a user enters to change something
    "missing": N_("Enter your current password"),
    "wrong": N_("The current password is wrong"),
}

LOG_IN_FIELDS: Mapping[str, str] = {  # what is said if one is empty
    "identifier": N_("Enter your email address or login"),
    "password": N_("Enter your password"),
}


OVERLOADS: Mapping[type[Refusal], tuple[int, str]] = {  # the page's status (RFC 6585: 429) and its notice
    Busy: (503, "busy"),
    TooManyAtOnce: (429, "too many"),
}

EARLIER_PASSWORD = N_(
    "You have sent this form before. Your password is still the one from before: "
    "the one that you have just entered was not saved."
)
RIGHT_PASSWORD = N_("The password that you entered is right: it will work as soon as the account is active.")

PASSWORD_SAVED = (
    N_("Your new password is saved"),
    N_("Your account isn't active. Ask your administrator."),
)

PROGRESS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("Not started"),
    Progress.STARTED: N_("Started"),
    Progress.COMPLETED: N_("Completed"),
}

OPENING: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("Start"),
    Progress.STARTED: N_("Continue"),
    Progress.COMPLETED: N_("Open again"),
}

ERRORS: Mapping[int, tuple[str, str]] = {
    400: (N_("The form arrived incomplete"), N_("Go back and send it again.")),
    403: (N_("This form was sent from another page"), N_("Go back, load the page again and send the form from there.")),
    404: (N_("Page not found"), N_("Check the link: its end may be missing.")),
    405: (N_("Page not found"), N_("Check the link: its end may be missing.")),
    408: (N_("The form arrived incomplete"), N_("Go back and send it again.")),
    413: (N_("The form is too long"), N_("Go back and shorten what you entered.")),
    415: (N_("The form arrived incomplete"), N_("Go back and send it again.")),
    421: (N_("There is no such site here"), N_("Check the address of the link.")),
    503: (N_("The service is unavailable"), N_("Try again in a minute. It is safe to send a form again.")),
    500: (N_("There is a problem with the service"), N_("Try again in a minute. It is safe to send a form again.")),
}
