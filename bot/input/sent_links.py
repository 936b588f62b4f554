"""Which link sent by e-mail a button is about: `12` is a profile's, `d7:12` the same for the people of a roster."""

from dataclasses import dataclass

from bot.input.arguments import StaleButton, is_number
from bot.input.roster_targets import read_roster, roster_target
from core.domain.rosters import RosterOf


@dataclass(frozen=True, kw_only=True)
class SentLink:
    """The link of a profile, and the roster from whose screen it was sent; None: it was sent from the profile's."""

    profile_id: int
    of: RosterOf | None = None

    @property
    def arguments(self) -> tuple[object, ...]:
        """What a button carries."""
        return (self.profile_id,) if self.of is None else (roster_target(self.of), self.profile_id)


def read_sent_link(arguments: str) -> SentLink:
    """Read what a button carries. Raises StaleButton."""
    target, has_roster, profile_id = arguments.rpartition(":")
    if not is_number(profile_id):
        raise StaleButton
    return SentLink(profile_id=int(profile_id), of=read_roster(target) if has_roster else None)
