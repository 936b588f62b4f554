"""Sentences of status pages. They are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.services.status_pages import Standing, StatusPage
from web.texts import EARLIER_PASSWORD, N_, RIGHT_PASSWORD

ORGANISATION = N_("The organisation")  # one without a name, at the beginning of a sentence


@dataclass(frozen=True, kw_only=True)
class StandingWords:
    """What has become of a sign-up: the page's title, what happened, and what happens next.

    `nameless` is what happened where the organisation has no name, if the sentence doesn't begin with it.
    """

    title: str
    happened: str
    following: str
    nameless: str = ""


_ERASED = N_("No place is kept for you any more, and what you entered has been erased.")
_REQUEST_ERASED = N_("What you entered has been erased.")

STANDINGS: Mapping[Standing, StandingWords] = {
    Standing.CONFIRMATION: StandingWords(
        title=N_("Confirm your email address"),
        happened=N_("We sent an email to %(email)s."),
        following=N_("Open the link in it to finish creating your account. Your place is kept until %(moment)s."),
    ),
    Standing.APPROVAL: StandingWords(
        title=N_("Your account is waiting for approval"),
        happened=N_("%(organisation)s has your form, and will say whether you are let in."),
        following=N_("Then log in with %(email)s and the password that you chose."),
    ),
    Standing.NO_SEAT: StandingWords(
        title=N_("Your account isn't active yet"),
        happened=N_("Your account is made, but %(organisation)s has no free seat for it yet."),
        following=N_("The administrators know, and can activate it. Then log in with %(email)s."),
        nameless=N_("Your account is made, but there is no free seat for it yet."),
    ),
    Standing.LET_IN: StandingWords(
        title=N_("You have been let in"),
        happened=N_("Your account at %(organisation)s is ready."),
        following=N_("Log in with %(email)s and the password that you chose."),
        nameless=N_("Your account is ready."),
    ),
    Standing.DECLINED: StandingWords(
        title=N_("You were not let in"),
        happened=N_("%(organisation)s did not let you in."),
        following=_ERASED,
    ),
    Standing.EXPIRED: StandingWords(
        title=N_("Nobody answered in time"),
        happened=N_("%(organisation)s has not said in time whether you are let in."),
        following=_ERASED,
    ),
    Standing.UNCONFIRMED: StandingWords(
        title=N_("Your email address wasn't confirmed"),
        happened=N_("The link in the email wasn't opened in time, so no account was made."),
        following=_ERASED,
    ),
    Standing.WITHDRAWN: StandingWords(
        title=N_("You withdrew your form"),
        happened=N_("You are not signed up at %(organisation)s."),
        following=_ERASED,
        nameless=N_("You are not signed up."),
    ),
    Standing.ASKED: StandingWords(
        title=N_("Your request is sent"),
        happened=N_("The people who manage this link read that you ask to join %(organisation)s."),
        following=N_("If they let you in, you create your account from this page."),
        nameless=N_("The people who manage this link read that you ask for access."),
    ),
    Standing.INVITED: StandingWords(
        title=N_("You can create your account"),
        happened=N_("%(organisation)s keeps a place for you."),
        following=N_("Create your account while the place is kept."),
    ),
}

REQUESTS: Mapping[Standing, StandingWords] = {  # where a request for access differs from a sign-up
    Standing.DECLINED: replace(STANDINGS[Standing.DECLINED], following=_REQUEST_ERASED),
    Standing.EXPIRED: replace(STANDINGS[Standing.EXPIRED], following=_REQUEST_ERASED),
    Standing.WITHDRAWN: StandingWords(
        title=N_("You withdrew your request"),
        happened=N_("You no longer ask to join %(organisation)s."),
        following=_REQUEST_ERASED,
        nameless=N_("You no longer ask for access."),
    ),
}

NOTES: Mapping[str, str] = {  # by what the address says
    "earlier": EARLIER_PASSWORD,
    "right": RIGHT_PASSWORD,
    "changed": N_("Your change is saved."),
    "unchanged": N_("Nothing was changed: this isn't possible just now. Look here again in ten minutes."),
    "sent": N_("The email is sent. Earlier ones no longer work."),
}


def words_of(page: StatusPage) -> StandingWords:
    """Return what a page says."""
    words = STANDINGS[page.standing]
    words = REQUESTS.get(page.standing, words) if page.user_id is None else words
    return words if page.organisation.name or not words.nameless else replace(words, happened=words.nameless)
