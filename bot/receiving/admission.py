"""Gives access by the owner's one-time link, by staff's invitations, or as the owner named in the settings."""

from contextlib import suppress

import structlog

from bot.context import UpdateInHand
from core.engine import Engine
from core.errors import InvalidInvitation, InvitationGivesNothing, OwnerExists, SeatsTaken
from core.services import invitations, ownership
from core.services.ownership import Claimant

log = structlog.get_logger()


class Admission:
    """Redeems the code that follows `/start`."""

    def __init__(self, engine: Engine, *, secret_key: str, owner_telegram_id: int | None) -> None:
        self._engine = engine
        self._secret_key = secret_key
        self._owner_telegram_id = owner_telegram_id

    async def admit(self, newcomer: Claimant, code: str, in_hand: UpdateInHand) -> bool:
        """Return whether a person without access got it: as the owner, or by a code."""
        try:
            if newcomer.telegram_id == self._owner_telegram_id:
                with suppress(OwnerExists):
                    await in_hand.write(ownership.claim_as_configured, newcomer, self._engine.now())
                    return True
            await self.redeem(newcomer, code, in_hand)
        except (OwnerExists, InvalidInvitation, InvitationGivesNothing, SeatsTaken):
            return False
        log.info("person got access")
        return True

    async def redeem(self, claimant: Claimant, code: str, in_hand: UpdateInHand) -> None:
        """Redeem a code as the owner's, else as an invitation's. Raises the refusals of both."""
        now = self._engine.now()
        try:
            await in_hand.write(ownership.claim_by_code, self._secret_key, code, claimant, now)
        except InvalidInvitation:
            await in_hand.write(invitations.accept, code, claimant, now)
