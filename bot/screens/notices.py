"""Notices: the outbox's messages as screens, by their recipients' current rights and languages."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from telegram import BotCommand

from bot.screens import (
    alert_notices,
    group_notices,
    learner_notices,
    password_notices,
    reminder_notices,
    rushes,
    staff_notices,
    stopped_digests,
    telegram_menu,
    waiting_rushes,
)
from bot.screens.digest_notices import DigestNotices
from bot.screens.screen import Screen
from bot.screens.waiting_notices import WaitingNotices
from bot.wording.digest import sent_again
from bot.wording.phrases import Words
from bot.wording.text import command, lines
from core.domain.outbox import Kind
from core.domain.progress import Progress
from core.engine import Engine
from core.errors import NotAllowed
from core.language import Languages
from core.services import (
    account,
    alerts,
    courses,
    digest_resuming,
    group_digests,
    interruptions,
    invitations,
    live_cards,
    ownership,
    password_requests,
    people,
    profiles,
    reminder_letters,
    reminders_in_vain,
    rush_declines,
    rush_undo,
)
from core.services.outbox import Message

LONGEST_QUOTE = 200
OF_PROFILES_AND_SEATS = frozenset(
    {*alert_notices.OF_PROFILES, Kind.FIRST_LEARNER, Kind.RUSH, Kind.WAITING_RUSH, Kind.SEATS_SCARCE}
)
OF_STAFF = frozenset(
    {
        Kind.INVITATION_OPENED,
        Kind.OWNER_REPLACED,
        Kind.RIGHTS_CHANGED,
        Kind.PASSWORD_WANTED,
        Kind.REMINDERS_TAKEN_BACK,
    }
)
TO_LEARNERS = frozenset({Kind.ACCOUNT_READY, Kind.SIGN_UP_DECLINED, Kind.NEW_COURSES})


class NoticeRenderer:
    """Renders messages just before they are sent."""

    def __init__(
        self, engine: Engine, languages: Languages, *, public_url: str = "", mini_app: str | None = None
    ) -> None:
        self._engine = engine
        self._digests, self._waiting = DigestNotices(engine), WaitingNotices(engine)
        self._languages = languages
        self._public_url, self._mini_app = public_url, mini_app

    def expect(self, messages: Iterable[Message]) -> None:
        """Begin to read what messages that were claimed together have in common; `discard` each after its claim."""
        self._digests.expect(messages)

    def discard(self, message: Message) -> None:
        """Forget what was read for a message's claim, if it was not rendered."""
        self._digests.discard(message)

    async def render(self, message: Message) -> Screen | None:
        """Render a message; None if it no longer applies. Raises the refusals of its subject's use case."""
        organisation = await self._engine.read(account.organisation)
        language, now = self._languages.choose([message.language]), self._engine.now()
        words = Words(language=language, zone=organisation.zone, now=now)
        render = self._to_learner if message.kind in TO_LEARNERS else self._render_kind
        screen = await render(message, words, now)
        if screen is None or not message.again or message.kind is Kind.DIGEST:  # a digest's first line says so
            return screen
        return replace(screen, text=lines(screen.text, "", sent_again(words)))

    async def menu(self, message: Message) -> list[BotCommand]:
        """Return Telegram's menu for the recipient of a message, by their present rights."""
        person = await self._engine.read(people.by_telegram_id, message.chat_id)
        organisation = await self._engine.read(account.organisation)
        words = Words(
            language=self._languages.choose([message.language]), zone=organisation.zone, now=self._engine.now()
        )
        return telegram_menu.menu(words, person.permissions if person else frozenset())

    async def _render_kind(self, message: Message, words: Words, now: datetime) -> Screen | None:
        match message.kind:
            case Kind.DIGEST | Kind.DIGEST_PICTURE | Kind.DIGEST_SPREADSHEET:
                return await self._digests.render(message, words)
            case kind if kind in OF_PROFILES_AND_SEATS:
                return await self._of_profile(message, words)
            case Kind.UNREACHABLE | Kind.DIGEST_RIGHT_LOST | Kind.DIGESTS_RESUMABLE:
                return await self._stopped_of(message, words)
            case Kind.NO_SEAT_LEFT | Kind.REMINDER | Kind.REMINDED_IN_VAIN:
                return await self._of_learner(message, words)
            case Kind.APPROVAL_WANTED | Kind.ACCESS_WANTED:
                return await self._waiting.render(message, words, now)
            case Kind.INTERRUPTED:
                return await self._interrupted(message, words)
            case kind if kind in OF_STAFF:
                return await self._of_staff(message, words)
            case _:
                return await self._of_group(message, words, now)

    async def _of_staff(self, message: Message, words: Words) -> Screen | None:
        if message.kind is Kind.PASSWORD_WANTED:
            return password_notices.wanted(words, await self._engine.read(password_requests.wanted, message.user_id))
        if message.kind is Kind.OWNER_REPLACED:
            name = await self._engine.read(ownership.owner_name)
            return staff_notices.owner_replaced(words, name or "")
        if message.kind is Kind.REMINDERS_TAKEN_BACK:
            by = (await self._engine.read(people.own_card, message.subject_id)).name
            return reminder_notices.taken_back(words, by)
        if message.kind is Kind.RIGHTS_CHANGED:
            by = (await self._engine.read(people.own_card, message.subject_id)).name
            person = await self._engine.read(people.own_card, message.user_id)
            screen = staff_notices.rights_changed(words, by, person)
            with suppress(NotAllowed):  # of who may get digests again
                stopped = await self._engine.read(digest_resuming.stopped, message.user_id)
                screen = stopped_digests.below(words, screen, stopped)
            return screen
        opened = await self._engine.read(invitations.opened, message.user_id, message.subject_id)
        return staff_notices.invitation_opened(words, opened)

    async def _of_group(self, message: Message, words: Words, now: datetime) -> Screen | None:
        match message.kind:
            case Kind.GROUP_WANTED:
                wanted = await self._engine.read(group_digests.wanted, message.user_id, message.subject_id, now)
                return group_notices.wanted(words, wanted, message.subject_id)
            case Kind.GROUP_CONNECTED:
                name = (await self._engine.read(people.own_card, message.user_id)).name
                there = await self._engine.read(group_digests.connected, message.user_id, message.subject_id)
                return group_notices.connected(words, there, name)
            case Kind.DIGEST_STOPPED:
                return group_notices.digest_stopped(words)
            case Kind.CARD_LOST:
                gone = await self._engine.read(live_cards.lost, message.user_id, message.subject_id)
                return group_notices.card_lost(words, gone)
            case Kind.GROUP_REVOKED:
                name = (await self._engine.read(people.own_card, message.subject_id)).name
                return group_notices.revoked(words, name)
            case _:
                lost = await self._engine.read(digest_resuming.lost_group, message.user_id, message.subject_id)
                return stopped_digests.lost(words, lost) if lost else None

    async def _of_profile(self, message: Message, words: Words) -> Screen | None:
        """Render an alert; None if the account has turned it off since."""
        if not await self._engine.read(alerts.is_on, message.kind):
            return None
        if message.kind is Kind.SEATS_SCARCE:
            return alert_notices.seats_scarce(words, *await self._engine.read(alerts.seats, message.user_id))
        profile = message.user_id, message.subject_id
        card = await self._engine.read(profiles.card, *profile, words.now)
        if message.kind is Kind.FIRST_LEARNER:
            learner = await self._engine.read(alerts.first_learner, *profile)
            return alert_notices.first_learner(words, card, learner)
        if message.kind is Kind.RUSH:
            rush = await self._engine.read(rush_undo.show, *profile, words.now) if card.editable else None
            return rushes.alert(words, card, rush)
        if message.kind is Kind.WAITING_RUSH:
            waiting = await self._engine.read(rush_declines.show, *profile, words.now) if card.editable else None
            return waiting_rushes.alert(words, card, waiting)
        return alert_notices.OF_PROFILES[message.kind](words, card)

    async def _to_learner(self, message: Message, words: Words, now: datetime) -> Screen | None:
        organisation = await self._engine.read(account.organisation)
        if message.kind is Kind.SIGN_UP_DECLINED:
            return learner_notices.declined(words, organisation.name, organisation.contact)
        my_courses = f"{self._public_url}/courses"
        if message.kind is Kind.ACCOUNT_READY:
            return learner_notices.account_ready(words, organisation.name, self._mini_app, my_courses)
        mine = await self._engine.read(courses.mine, message.user_id, now)
        titles = [each.title for each in mine if each.progress is Progress.NOT_STARTED]
        return learner_notices.new_courses(words, titles, self._mini_app, my_courses) if titles else None

    async def _of_learner(self, message: Message, words: Words) -> Screen | None:
        if message.kind is Kind.REMINDED_IN_VAIN:
            found = await self._engine.read(reminders_in_vain.listing, message.user_id, message.subject_id)
            return reminder_notices.in_vain(words, found)
        if message.kind is Kind.REMINDER:
            return await self._reminder(message, words)
        if not await self._engine.read(alerts.is_on, message.kind):
            return None
        newcomer = await self._engine.read(people.card, message.user_id, message.subject_id)
        return alert_notices.no_seat_left(words, newcomer)

    async def _reminder(self, message: Message, words: Words) -> Screen | None:
        """Remind a learner; the link that stops reminders gets a code for this attempt."""
        content = await self._engine.write(reminder_letters.in_chat, message.subject_id, words.now)
        if content is None:
            return None
        organisation = await self._engine.read(account.organisation)
        return learner_notices.reminder(words, content, organisation.name, self._mini_app, self._public_url)

    async def _stopped_of(self, message: Message, words: Words) -> Screen | None:
        if message.kind is Kind.DIGESTS_RESUMABLE:
            own = await self._engine.read(digest_resuming.stopped, message.user_id)
            return stopped_digests.own(words, own) if own else None
        found = await self._engine.read(digest_resuming.stopped_of, message.user_id, message.subject_id)
        return stopped_digests.of_another(words, found, message.subject_id, message.kind) if found else None

    async def _interrupted(self, message: Message, words: Words) -> Screen | None:
        """Say that an answer was lost or may have arrived; it is never silently sent twice."""
        lost = await self._engine.read(interruptions.find, message.user_id, message.subject_id)
        if lost is None:
            return None
        what = command(lost.text[:LONGEST_QUOTE]) if lost.text else words.say("your tap")
        sentence = (
            words.say(
                "{what} was carried out, but the service was interrupted, so you may not have received an answer.",
                what=what,
            )
            if lost.effected
            else words.say(
                "The service was interrupted while it answered {what}. If you did not receive an answer, try again.",
                what=what,
            )
        )
        return Screen(text=sentence)
