"""A person's digests in words: what each is about, when it comes, and what comes with it."""

from markupsafe import Markup

from bot.wording.group_digests import goes_to_group, group_title
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines, shortened
from core.domain.cadence import Cadence, Frequency
from core.domain.naming import format_path
from core.services.digest_cards import DigestCard, Named

PROFILES_NAMED = 3
LONGEST_NAME = 40
IN_A_PAIR = 16  # letters of a label in a row of two
LONGEST_MONTH = 31
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def about(words: Words, named: Named) -> Markup:
    """Say what a digest is about: a department or all, and maybe only some profiles."""
    if named.lost:
        return words.say("a department that is no longer yours")
    place = words.say("all that you see") if named.department is None else isolate(format_path(named.department))
    if not named.profiles and not named.profiles_lost:
        return place
    names = words.say("profiles that are no longer yours") if named.profiles_lost else _names(words, named.profiles)
    return names if named.department is None else Markup("{}: {}").format(place, names)


def _names(words: Words, profiles: tuple[str, ...]) -> Markup:
    shown = [isolate(shortened(name, LONGEST_NAME)) for name in profiles[:PROFILES_NAMED]]
    more = len(profiles) - len(shown)
    rest = [words.count("{number} more", "{number} more", more)] if more else []
    return Markup(", ").join([*shown, *rest])


def label(words: Words, named: Named) -> str:
    """Name a digest in a row of two."""
    if named.profiles:
        return shortened(named.profiles[0], IN_A_PAIR)
    if named.lost or named.profiles_lost:
        return words.say("Not yours now").unescape()
    return shortened(named.department[-1], IN_A_PAIR) if named.department else words.say("All you see").unescape()


def schedule(words: Words, cadence: Cadence | None) -> Markup:
    """Say how often a digest comes, in a few words."""
    if cadence is None:
        return words.say("only when you send it")
    at = f"{cadence.at:%H:%M}"
    match cadence.frequency:
        case Frequency.DAILY:
            return words.say("every day at {time}", time=at)
        case Frequency.WEEKLY:
            day = words.language.locale.days["format"]["wide"][cadence.day]
            return words.say("every week, {day} at {time}", day=day, time=at)
        case Frequency.MONTHLY if cadence.day == LONGEST_MONTH:
            return words.say("every month on its last day at {time}", time=at)
        case Frequency.MONTHLY:
            return words.say("every month, day {day} at {time}", day=cadence.day, time=at)


def typed(cadence: Cadence) -> str:
    """Write a schedule as a line takes it, in English."""
    match cadence.frequency:
        case Frequency.DAILY:
            return f"daily {cadence.at:%H:%M}"
        case Frequency.WEEKLY:
            return f"weekly {WEEKDAYS[cadence.day]} {cadence.at:%H:%M}"
        case Frequency.MONTHLY:
            return f"monthly {cadence.day} {cadence.at:%H:%M}"


def listed(words: Words, card: DigestCard) -> Markup:
    """Say in a line what a digest is about, and when it comes."""
    return Markup("· {}: {}").format(about(words, card.named), schedule(words, card.subscription.cadence))


def in_list(words: Words, card: DigestCard) -> Markup:
    """Say the same, and whether it has stopped."""
    line = listed(words, card)
    return line if card.subscription.stopped_at is None else words.say("{digest}, stopped", digest=line)


def described(words: Words, card: DigestCard) -> Markup:
    """Write a digest's card."""
    say, subscription = words.say, card.subscription
    group = group_title(words, subscription.group_title or "")
    return lines(
        Markup("<b>{}</b>").format(say("Digest: {about}", about=about(words, card.named))),
        say("It comes {schedule}.", schedule=schedule(words, subscription.cadence)),
        _next(words, card),
        say("It stopped on {when}.", when=words.moment(subscription.stopped_at)) if subscription.stopped_at else None,
        say("It goes to the group {group}.", group=group) if goes_to_group(subscription) else None,
        why_stopped(words, card),
        say("If nobody joined, it doesn't come.") if card.quiet else None,
        _files(words, card),
        say("The typed lines /digest … change this one.") if card.main else None,
    )


def why_stopped(words: Words, card: DigestCard) -> Markup | None:
    """Say for which lost group a digest has stopped; None if for none."""
    if card.lost_group is None:
        return None
    title = group_title(words, card.lost_group)
    return words.say("It went to the group {group}, where I can't write.", group=title)


def _next(words: Words, card: DigestCard) -> Markup | None:
    """Say when a digest comes next; None if that isn't set."""
    if card.named.lost:
        return words.say("It doesn't come while the department isn't yours.")
    due = card.subscription.next_due
    return None if due is None else words.say("The next one comes {when}.", when=words.echo(due))


def _files(words: Words, card: DigestCard) -> Markup | None:
    """Say what follows a digest; None if nothing does."""
    match card.picture, card.spreadsheet:
        case True, True:
            return words.say("If somebody joined, a picture and a spreadsheet follow it.")
        case True, False:
            return words.say("If somebody joined, a picture follows it.")
        case False, True:
            return words.say("If somebody joined, a spreadsheet follows it.")
    return None
