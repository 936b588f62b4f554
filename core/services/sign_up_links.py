"""The link by which somebody signs up: found, whether it is open, and what a sign-up by it waits for."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.form_fields import Form
from core.domain.links import LinkState, link_state, most_waiting
from core.errors import LinkClosed, TooManyWaiting, UnknownLink
from core.services import kept_places
from core.services import sign_up_forms as forms
from core.services.pending_sign_ups import Awaits
from core.storage import kept_places as places
from core.storage import links
from core.storage.links import Found


def find(session: Session, token: str, *, form_key: str = "", email: str = "", login: str = "") -> Found:
    """Find a link, and what there is of a form, by one query. Raises UnknownLink."""
    found = links.find(session, token, form_key=form_key, email=email, login=login)
    if found is None:
        raise UnknownLink
    return found


def form_of(found: Found) -> Form:
    """Return a link's sign-up form."""
    return forms.sign_up_form(found.account, found.fields)


def check_open(found: Found, now: datetime) -> None:
    """Check that the link is open now. Raises LinkClosed."""
    if (state := link_state(found.facts, now)) is not LinkState.OPEN:
        raise LinkClosed(state)


def check_place(session: Session, found: Found, place: str | None, now: datetime) -> None:
    """Check that the link is open now, or full and the code keeps a place. Raises LinkClosed."""
    if link_state(found.facts, now) is not LinkState.FULL or not place:
        check_open(found, now)
    elif not kept_places.is_kept(session, place, found.profile.id, now):
        raise LinkClosed(LinkState.FULL)


def check_waiting(session: Session, found: Found, *, reserve: bool) -> None:
    """Check that another sign-up may wait, if it has to. Raises TooManyWaiting."""
    profile, most = found.profile, most_waiting(found.profile.activation_limit)
    if not reserve or profile.reserved < most:
        return
    waiting = profile.reserved - places.count(session, profile.id)
    if waiting >= most:
        raise TooManyWaiting(waiting)


def awaited(found: Found, *, can_mail: bool) -> Awaits | None:
    """Return what a sign-up waits for by the policies; None: for nothing.

    Without e-mail nobody can confirm an address: an administrator answers instead.
    """
    if found.account.email_confirmation and can_mail:
        return Awaits.CONFIRMATION
    return Awaits.APPROVAL if must_wait(found) else None


def must_wait(found: Found) -> bool:
    """Return whether a sign-up waits for anything by the policies."""
    return found.account.email_confirmation or found.account.approval
