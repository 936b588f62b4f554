"""Which link sent by e-mail a button is about: `12` is a profile's, `d7:12` the same for the people of a roster."""

from dataclasses import dataclass

from bot.input.arguments import StaleButton, is_number
from bot.input.roster_targets import read_roster, roster_target
from core.domain.rosters import RosterOf

FIELDS_WITH_ROSTER = 5  # of a page: the roster, the profile, and three numbers


@dataclass(frozen=True, kw_only=True)
class LinkTarget:
    """The link of a profile, and the roster from whose screen it was sent; None: it was sent from the profile's."""

    profile_id: int
    of: RosterOf | None = None

    @property
    def arguments(self) -> tuple[object, ...]:
        """What a button carries."""
        return (self.profile_id,) if self.of is None else (roster_target(self.of), self.profile_id)


def read_link(arguments: str) -> LinkTarget:
    """Read what a button carries. Raises StaleButton."""
    target, has_roster, profile_id = arguments.rpartition(":")
    if not is_number(profile_id):
        raise StaleButton
    return LinkTarget(profile_id=int(profile_id), of=read_roster(target) if has_roster else None)


def read_confirmed(arguments: str) -> tuple[LinkTarget, str]:
    """Read what a button carries that confirms a question: the link, and what identifies what was asked.

    Raises StaleButton.
    """
    link, _, seen = arguments.rpartition(":")
    return read_link(link), seen


def read_page(arguments: str) -> tuple[LinkTarget, int, int, int]:
    """Read what a button carries to a page of a link's recipients: the link, and three numbers, of which any may lack.

    They are 0 then, and there is no roster. Raises StaleButton.
    """
    parts = arguments.split(":")
    of = read_roster(parts.pop(0)) if len(parts) == FIELDS_WITH_ROSTER else None
    if len(parts) >= FIELDS_WITH_ROSTER or not all(map(is_number, parts)):
        raise StaleButton
    profile_id, place, after, before = (*map(int, parts), 0, 0, 0)[:4]
    return LinkTarget(profile_id=profile_id, of=of), place, after, before
