"""The page of a link: what it shows, and what speaks against a completed form. Nothing is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.challenges import is_asked
from core.domain.form_fields import Form, Newcomer, examine_form
from core.domain.limits import Attempt
from core.domain.links import LinkFacts, LinkState, link_state
from core.domain.windows import Window
from core.errors import EmailTaken, Problem
from core.language import region
from core.services import challenges, kept_places, learner_creation, limits, roster_doors
from core.services.account import Organisation, organisation_of
from core.services.pending_sign_ups import Awaits
from core.services.sign_up_links import awaited, check_open, check_place, check_waiting, find, form_of, must_wait
from core.storage import personal_links
from core.storage.links import Found


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a visitor of a link may know: the organisation, the link's state and window (UTC), and the form.

    `department` is the own name of the one that newcomers join, with this number; None for the root. `places_left`
    None: no limit. `welcome` is the account's sentence for newcomers. `prefilled` are values of a personal link's form.
    `offers_joining`: learners who have an account may join by the link.
    `asks_proof`: its forms ask for a proof of work.
    """

    organisation: Organisation
    state: LinkState
    window: Window
    form: Form
    department_id: int
    department: str | None = None
    places_left: int | None = None
    welcome: str | None = None
    prefilled: Mapping[str, str] = field(default_factory=dict)
    offers_joining: bool = False
    asks_proof: bool = False


@dataclass(frozen=True, kw_only=True)
class View:
    """What a visitor of a link may know, whatever the time."""

    organisation: Organisation
    facts: LinkFacts
    form: Form
    department_id: int
    department: str | None
    welcome: str | None
    prefilled: Mapping[str, str]
    offers_joining: bool
    challenge: str
    rush_until: datetime | None

    def at(self, now: datetime) -> Preview:
        """Return what a visitor may know at a moment."""
        return Preview(
            organisation=self.organisation,
            state=link_state(self.facts, now),
            window=self.facts.window,
            form=self.form,
            department_id=self.department_id,
            department=self.department,
            places_left=self.facts.places_left,
            welcome=self.welcome,
            prefilled=self.prefilled,
            offers_joining=self.offers_joining,
            asks_proof=is_asked(self.challenge, self.rush_until, now),
        )


@dataclass(frozen=True, kw_only=True)
class FormContext:
    """What comes with a form. `place`: the code of a status page, which may keep a place.

    `can_mail`: an address can be confirmed, and then it is not looked for at all. `proof`: the number of a solved
    challenge, which a form may need before anything is looked for.
    """

    place: str | None = None
    can_mail: bool = False
    proof: str | None = None


NO_CONTEXT = FormContext()


@dataclass(frozen=True, kw_only=True)
class Examined:
    """A completed form that can be redeemed, as far as one can tell before its password is hashed.

    `newcomer` is None if the form has created a complete account before. With `problems` it can't be redeemed;
    `tells_of_others`: they say, or by being none imply, which values other people have, so they have to be counted.
    `asks_proof`: a proof of work was needed, and this try of it has to be counted. `is_repeated`: it was sent before,
    and still waits. `places_left` None: no limit.
    """

    organisation: Organisation
    form: Form
    newcomer: Newcomer | None
    problems: dict[str, Problem] = field(default_factory=dict)
    tells_of_others: bool = False
    asks_proof: bool = False
    is_repeated: bool = False
    places_left: int | None = None


def view(session: Session, token: str) -> View:
    """Return what a visitor may know of a link. Changes nothing: messengers fetch links, too. Raises UnknownLink."""
    found = find(session, token)
    return View(
        organisation=organisation_of(found.account),
        facts=found.facts,
        form=form_of(found),
        department_id=found.profile.department_id,
        department=found.department or None,
        welcome=found.account.welcome,
        prefilled=_prefilled(session, found),
        offers_joining=found.account.joining and not found.account.approval,
        challenge=found.account.challenge,
        rush_until=found.rush_until,
    )


def _prefilled(session: Session, found: Found) -> dict[str, str]:
    """Return what is known of the person whose personal link it is, as long as it works."""
    if not found.link.personal or found.link.used_at or found.link.replaced_at:
        return {}
    person = personal_links.recipient(session, found.link.id)
    if person is None:
        return {}
    known = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    return {name: value for name, value in known.items() if value}


def preview(session: Session, token: str, now: datetime) -> Preview:
    """Return what a visitor may know of a link at a moment. Raises UnknownLink."""
    return view(session, token).at(now)


def preview_with_place(session: Session, token: str, place: str, now: datetime) -> Preview:
    """Return a preview for a person with the code of a status page: a full link is open if a place is kept for them.

    Raises UnknownLink.
    """
    shown = preview(session, token, now)
    if shown.state is LinkState.FULL and kept_places.is_kept(session, place, find(session, token).profile.id, now):
        return replace(shown, state=LinkState.OPEN, places_left=None)
    return shown


def places_left(session: Session, token: str, now: datetime) -> int | None:
    """Return how many places are left, None if there is no limit. Raises UnknownLink, LinkClosed."""
    found = find(session, token)
    check_open(found, now)
    return found.facts.places_left


def examine(
    session: Session,
    token: str,
    posted: Mapping[str, str],
    form_key: str,
    attempts: Sequence[Attempt],
    now: datetime,
    *,
    context: FormContext = NO_CONTEXT,
) -> Examined:
    """Read a completed form and look for all that speaks against it, before its password is hashed. Changes nothing.

    A form that has created its account before is not read: the link may be closed by now. All problems come at once,
    but for an address that is taken, which is looked for last. What is said of addresses, logins and values that are
    taken has to be counted before it is told. Raises UnknownLink, LinkClosed, ProofNeeded, EmailTaken, NotExpected,
    TooManyAttempts, TooManyWaiting.
    """
    found = find(session, token, form_key=form_key)
    if found.activated:
        return Examined(organisation=organisation_of(found.account), form=form_of(found), newcomer=None)
    check_place(session, found, context.place, now)
    asks_proof = _asks_proof(session, found, context.proof, now)
    newcomer, examined = _read(found, posted, asks_proof=asks_proof)
    if not examined.problems:
        limits.check(session, attempts, now)
        return _admissible(session, found, examined, newcomer, can_mail=context.can_mail)
    can_tell = limits.can_count(session, attempts, now)
    return _with_taken(session, found, examined, newcomer, can_mail=context.can_mail) if can_tell else examined


def _asks_proof(session: Session, found: Found, proof: str | None, now: datetime) -> bool:
    """Return whether a form needs a proof of work, which is checked then. Raises ProofNeeded."""
    asks_proof = not found.is_repeated and is_asked(found.account.challenge, found.rush_until, now)
    if asks_proof:
        challenges.check(session, proof, now)
    return asks_proof


def _read(found: Found, posted: Mapping[str, str], *, asks_proof: bool) -> tuple[Newcomer, Examined]:
    """Read a completed form, and what its fields alone say against it."""
    form, organisation = form_of(found), organisation_of(found.account)
    newcomer, problems = examine_form(posted, form, region=region(organisation.zone))
    examined = Examined(
        organisation=organisation,
        form=form,
        newcomer=newcomer,
        problems=problems,
        asks_proof=asks_proof,
        is_repeated=found.is_repeated,
        places_left=found.facts.places_left,
    )
    return newcomer, examined


def _admissible(session: Session, found: Found, examined: Examined, newcomer: Newcomer, *, can_mail: bool) -> Examined:
    """Look for what speaks against a form whose fields are right. Raises EmailTaken, NotExpected, TooManyWaiting."""
    if not found.is_repeated:
        roster_doors.refuse_unexpected(session, found, newcomer)
        examined = _with_taken(session, found, examined, newcomer, can_mail=can_mail)
    if not examined.problems:
        check_waiting(session, found, reserve=must_wait(found))
    return examined


def _with_taken(session: Session, found: Found, examined: Examined, newcomer: Newcomer, *, can_mail: bool) -> Examined:
    """Add which values are taken.

    An address is looked for only if nothing else is wrong, and never if it has to be confirmed. Raises EmailTaken.
    """
    is_confirming = awaited(found, can_mail=can_mail) is Awaits.CONFIRMATION
    sought = replace(newcomer, email="") if examined.problems or is_confirming else newcomer
    email_taken, problems = learner_creation.taken(session, sought, found.fields)
    if email_taken:
        raise EmailTaken(newcomer.email)
    tells = bool(problems or (examined.problems and learner_creation.is_distinct(newcomer, found.fields)))
    return replace(examined, problems={**examined.problems, **problems}, tells_of_others=tells)


def check_still_open(session: Session, token: str, form_key: str, now: datetime, *, place: str | None = None) -> None:
    """Check that a form that was examined before can still be redeemed, or was: then it leads to its account.

    Raises UnknownLink, LinkClosed, TooManyWaiting.
    """
    found = find(session, token, form_key=form_key)
    if not found.is_repeated:
        check_place(session, found, place, now)
        check_waiting(session, found, reserve=must_wait(found))
