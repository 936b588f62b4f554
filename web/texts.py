"""What the pages say of fields, mistakes and closed links. Sentences are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.links import LinkState
from core.errors import Problem
from core.services.courses import Progress


def N_(sentence: str) -> str:  # noqa: N802 - the customary mark of a sentence that is translated where it is shown
    """Mark a sentence for the catalogues."""
    return sentence


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Why a link does not work: the page's status, its title, the reason, and what to do."""

    status: int
    title: str
    reason: str
    advice: str


_ASK = N_("Ask the person who sent you this link for a new one.")
_LATER = N_("Ask the person who sent you this link when it will work.")

CLOSED: Mapping[LinkState, Closed] = {
    LinkState.SIGN_UP_OFF: Closed(
        status=403,
        title=N_("Sign-up is closed"),
        reason=N_("Nobody can sign up with a link at the moment."),
        advice=_LATER,
    ),
    LinkState.PAUSED: Closed(
        status=403,
        title=N_("This link is paused"),
        reason=N_("It does not work at the moment, and may work again later."),
        advice=_LATER,
    ),
    LinkState.NOT_YET_OPEN: Closed(
        status=403,
        title=N_("You are early"),
        reason=N_("This link opens on %(start)s (%(city)s time)."),
        advice=N_("Keep the link and open it again then."),
    ),
    LinkState.ENDED: Closed(
        status=410,
        title=N_("This link has ended"),
        reason=N_("It worked until %(end)s (%(city)s time)."),
        advice=_ASK,
    ),
    LinkState.FULL: Closed(
        status=410,
        title=N_("No places are left"),
        reason=N_("As many people as this link was made for have signed up."),
        advice=_ASK,
    ),
    LinkState.REPLACED: Closed(
        status=410,
        title=N_("This link was replaced"),
        reason=N_("Another link works in its place."),
        advice=_ASK,
    ),
    LinkState.REMOVED: Closed(
        status=410,
        title=N_("This link was removed"),
        reason=N_("It does not work any more."),
        advice=_ASK,
    ),
}

LABELS: Mapping[str, str] = {
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "email": N_("E-mail address"),
    "login": N_("Login"),
    "password": N_("Password"),
    "phone": N_("Phone"),
    "job_title": N_("Job title"),
}

HINTS: Mapping[str, str] = {
    "login": N_("Leave it empty and we make one from your e-mail address."),
    "password": N_("At least 8 characters. A few words in a row are easy to remember."),
    "phone": N_("With the country code, for example +371 20000000."),
}

PROBLEMS: Mapping[Problem, str] = {
    Problem.MISSING: N_("Please fill this in."),
    Problem.TOO_LONG: N_("This is too long."),
    Problem.TOO_SHORT: N_("This is too short: use 8 characters or more."),
    Problem.NOT_AN_EMAIL: N_("This is no e-mail address. It looks like name@example.com."),
    Problem.NOT_A_PHONE: N_("This is no phone number. Write it with the country code, like +371 20000000."),
    Problem.NOT_A_LOGIN: N_("Use 2 to 64 letters, digits, dots, hyphens or underscores, and no spaces."),
    Problem.TAKEN: N_("Somebody has this already. Choose another one."),
    Problem.WEAK: N_("This is easy to guess. A few words in a row are harder, and easy to remember."),
    Problem.DOMAIN_NOT_ALLOWED: N_("Addresses of this kind can't sign up here. Use the one of your organisation."),
    Problem.NOT_A_NUMBER: N_("This is no number. Write digits, with a point or a comma if need be."),
    Problem.NOT_A_DATE: N_("This is no date. Write it like 2026-12-31."),
    Problem.NOT_A_TIME: N_("This is no time. Write it like 18:45."),
    Problem.NOT_A_CHOICE: N_("Please choose one of the answers."),
    Problem.NOT_A_COUNTRY: N_("Please choose a country."),
    Problem.CONSENT_MISSING: N_("Please read it and tick the box: without it nobody can sign up."),
}

WAITING: Mapping[str, tuple[str, str]] = {
    "approval": (
        N_("Your account waits for an approval"),
        N_("An administrator looks at it. Once they have let you in, log in with your e-mail address and password."),
    ),
    "confirmation": (
        N_("Please confirm your e-mail address"),
        N_("We have sent you a message. Open the link in it within a day, and your account is made."),
    ),
    "inactive": (
        N_("Your account is made, but not active yet"),
        N_("All places of your organisation are in use. Its administrators know, and will let you in."),
    ),
}

PROGRESS: Mapping[Progress, str] = {
    Progress.NOT_STARTED: N_("Not started"),
    Progress.STARTED: N_("Started"),
    Progress.COMPLETED: N_("Completed"),
}

NEXT_STEP: Mapping[Progress, tuple[Progress, str]] = {
    Progress.NOT_STARTED: (Progress.STARTED, N_("I have started")),
    Progress.STARTED: (Progress.COMPLETED, N_("I have completed it")),
}

ERRORS: Mapping[int, tuple[str, str]] = {
    400: (N_("That did not arrive in one piece"), N_("Please go back and send it again.")),
    403: (N_("This was sent from another page"), N_("Please go back, load that page again, and send it from there.")),
    404: (N_("There is nothing here"), N_("Check the link: perhaps its end is missing.")),
    405: (N_("There is nothing here"), N_("Check the link: perhaps its end is missing.")),
    413: (N_("That is too much"), N_("Please go back and shorten what you wrote.")),
    415: (N_("That did not arrive in one piece"), N_("Please go back and send it again.")),
    503: (N_("We will be back in a moment"), N_("Nothing was half-done. Please try again in a minute.")),
    500: (N_("Something went wrong on our side"), N_("Nothing was half-done. Please try again in a minute.")),
}
