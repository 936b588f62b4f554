"""The links by which the people of a roster can come: the profile's, or those of profiles that lead there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.links import LinkState, link_state
from core.domain.naming import own_name
from core.domain.rosters import RosterOf
from core.domain.windows import Window
from core.errors import LinkLeadsElsewhere
from core.services import profiles as profile_services
from core.services import roster_holders
from core.services.account import Organisation, organisation_of
from core.services.roster_holders import Holder
from core.storage import account, departments, profile_links, profiles, roster_profiles

MOST_LINKS = 5


@dataclass(frozen=True, kw_only=True)
class RosterLink:
    """A profile's main link, the name of the department into which it leads, its state, and when it works.

    `department` None: it leads into the whole organisation.
    """

    profile_id: int
    profile_name: str
    department: str | None
    organisation: Organisation
    token: str
    state: LinkState
    window: Window


def leading_to(
    session: Session, of: RosterOf, now: datetime, *, offset: int = 0, at_most: int = MOST_LINKS
) -> tuple[RosterLink, ...]:
    """Return the link of a profile, or those of open profiles that lead into a department, the latest end first.

    Of a department's these are `at_most`, from `offset` on. Rights are not checked here.
    """
    found = (
        profiles.by_numbers(session, [of.profile_id])
        if of.profile_id is not None
        else roster_profiles.open_in_branch(session, of.department_id or 0, now, offset=offset, at_most=at_most)
    )
    links = profile_links.links(session, [each.id for each in found])
    tokens = {link.profile_id: link.token for link in links if not link.label}
    row = account.public(session)
    paths = departments.paths(session, {each.department_id for each in found})
    return tuple(
        RosterLink(
            profile_id=each.id,
            profile_name=each.name,
            department=own_name(paths[each.department_id]),
            organisation=organisation_of(row),
            token=tokens[each.id],
            state=link_state(profiles.facts(each, sign_up_enabled=row.sign_up_enabled), now),
            window=each.window,
        )
        for each in found
    )


def require(session: Session, actor: Actor, of: RosterOf, through: int) -> Holder:
    """Find a roster whose people are to come by the link of a profile.

    Raises what `roster_holders.find` raises, ProfileNotFound, ProfileReadOnly, LinkLeadsElsewhere.
    """
    holder, profile = roster_holders.find(session, actor, of), profile_services.editable(session, actor, through)
    leads_there = (
        through == of.profile_id
        if of.department_id is None
        else departments.is_below(session, profile.department_id, of.department_id)
    )
    if not leads_there:
        raise LinkLeadsElsewhere(through, profile.name, holder.name)
    return holder
