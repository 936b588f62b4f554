"""An answer to each refusal: what is wrong, and what would be correct."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot.wording.addresses import mail
from bot.wording.link_mails import LINK_MAILS
from bot.wording.phrases import N_, Words, suggestions
from bot.wording.refused_departments import DEPARTMENTS
from bot.wording.refused_lists import LISTS
from bot.wording.refused_settings import SETTINGS
from bot.wording.refused_times import TIMES
from bot.wording.reminders import REMINDERS
from bot.wording.text import address, command, lines
from core import errors
from core.domain.addresses import find_address
from core.language import distance


def refusal(words: Words, refused: errors.Refusal) -> Markup:
    """Say what is wrong and what would be correct."""
    return REFUSALS[type(refused)](words, refused)


def _invalid_name(words: Words, refused: errors.InvalidName) -> Markup:
    if not refused.text:
        return words.say("Enter a name.")
    if len(refused.text) > refused.longest:
        return words.count(
            "The name must be {number} character or fewer.",
            "The name must be {number} characters or fewer.",
            refused.longest,
        )
    return words.say(
        "The name must not contain {characters}: “{name}”.",
        name=refused.text,
        characters=" ".join(refused.forbidden),
    )


def _unknown_course(words: Words, refused: errors.CourseNotFound) -> Markup:
    return lines(
        words.say("I don't know the course “{title}”.", title=refused.title),
        suggestions(words, refused.nearest)
        or words.say("{line} adds one.", line=command("/addcourse Title | https://… | 14")),
    )


def _unknown_zone(words: Words, refused: errors.UnknownZone) -> Markup:
    return lines(
        words.say("I don't know the time zone “{name}”.", name=refused.text),
        suggestions(words, refused.nearest)
        or words.say("Write it as region and city, for example {line}.", line=command("/timezone Europe/Riga")),
    )


def _zone_not_place(words: Words, refused: errors.ZoneNotPlace) -> Markup:
    offers = (
        words.say("{distance}: {places}", distance=distance(minutes), places=Markup(", ").join(map(command, places)))
        for minutes, places in refused.offers
    )
    return lines(
        words.say("A time zone is a place, because places change their clocks. “{name}” isn't one.", name=refused.text),
        words.say("Choose a city near you:"),
        *offers,
        words.say("Others work too, for example {line}.", line=command("/timezone Europe/Riga")),
    )


def _unknown_role(words: Words, refused: errors.RoleNotFound) -> Markup:
    return lines(
        words.say("I don't know the role “{name}”.", name=refused.name),
        suggestions(words, refused.nearest) or words.say("/roles lists the roles."),
    )


def _unknown_field(words: Words, refused: errors.FieldNotFound) -> Markup:
    return lines(
        words.say("The form has no custom field “{label}”.", label=refused.label),
        suggestions(words, refused.nearest) or words.say("/fields lists the fields."),
    )


def _word(words: Words, refused: errors.WordNotUnderstood) -> Markup:
    return lines(
        words.say("I don't understand “{text}” here.", text=refused.text),
        suggestions(words, refused.nearest),
        words.say(
            "You can write: {words}", words=Markup(", ").join(command(words.keyword(each)) for each in refused.possible)
        ),
    )


def _user_not_found(words: Words, refused: errors.UserNotFound) -> Markup:
    typed = address(refused.text) if find_address(refused.text) else refused.text
    return lines(
        words.say("Nobody among the people you manage matches “{text}”.", text=typed),
        words.say("Enter an email address, a login, or the number on a card, like {number}.", number=command("#7")),
    )


def _fixed(sentence: str) -> Callable[[Words, Any], Markup]:
    return lambda words, _refused: words.say(sentence)


_BUSY = _fixed(N_("Too much is being asked at the moment, so nothing was done. Send this again in a few seconds."))


def _waits(words: Words, refused: errors.WaitsForApproval) -> Markup:
    if refused.unconfirmed:
        return words.say("{name} has not confirmed their address yet: /waiting", name=refused.name)
    return words.say(
        "{name} is waiting for approval. /waiting shows who is, with the buttons to approve them.", name=refused.name
    )


REFUSALS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.NotAllowed: _fixed(
        N_("You don't have permission to do that. The person who invited you can change your permissions.")
    ),
    errors.Busy: _BUSY,
    errors.TooManyAtOnce: _BUSY,
    errors.OwnerExists: _fixed(N_("This account already has an owner.")),
    errors.InvalidInvitation: _fixed(N_("This invitation has been used or has expired. Ask for a new one.")),
    errors.TooManyWaiting: lambda words, refused: words.count(
        "{number} person is waiting for approval", "{number} people are waiting for approval", refused.waiting
    ),
    errors.TooManyAttempts: lambda words, refused: words.say(
        "That was too often. Try again after {moment}.", moment=words.moment(refused.until)
    ),
    errors.ProofNeeded: _fixed(N_("The page checks the browser by a script first.")),
    **TIMES,
    **LISTS,
    **LINK_MAILS,
    **REMINDERS,
    **DEPARTMENTS,
    **SETTINGS,
    errors.UnknownZone: _unknown_zone,
    errors.ZoneNotPlace: _zone_not_place,
    errors.InvalidName: _invalid_name,
    errors.LimitNotUnderstood: lambda words, refused: words.say(
        "The limit must be a whole number from 1 to {highest}, or {unlimited}, not “{text}”.",
        text=refused.text,
        highest=refused.highest,
        unlimited=command(words.keyword("unlimited")),
    ),
    errors.ProfileNotFound: lambda words, refused: words.say(
        "You have no profile #{number}. /profiles lists yours.", number=refused.profile_id
    ),
    errors.ProfileReadOnly: lambda words, refused: words.say(
        "You can read “{name}” (#{number}) but not change it, because it belongs to {path} now.",
        name=refused.name,
        number=refused.profile_id,
        path=refused.path or words.say("the top of the tree"),
    ),
    errors.UnknownLink: _fixed(N_("This isn't one of the links that you manage.")),
    errors.LinkClosed: _fixed(N_("This link is closed.")),
    errors.InvalidForm: _fixed(N_("Some fields are not filled in correctly.")),
    errors.WaitsForApproval: _waits,
    errors.EmailTaken: lambda words, refused: words.say(
        "{email} already has an account.", email=mail(words, refused.email)
    ),
    errors.TelegramTaken: _fixed(N_("This Telegram account is connected with another account already.")),
    errors.EmailLinkGone: _fixed(N_("This link has been used or has expired. Ask for a new one.")),
    errors.WrongCode: _fixed(N_("These aren't the digits in the newest email.")),
    errors.WrongCredentials: _fixed(N_("The email address, login or password is wrong.")),
    errors.AccountInactive: _fixed(N_("This account is not active.")),
    errors.PasswordLinkGone: _fixed(N_("This link has been used or has expired. Ask for a new one.")),
    errors.RequestNotOpen: _fixed(N_("This request is no longer open: it was answered or withdrawn, or has expired.")),
    errors.StatusPageGone: _fixed(N_("This page is no longer kept. Open your link again, or log in.")),
    errors.InitDataRefused: _fixed(N_("Telegram's confirmation of who opened this has expired. Open it again.")),
    errors.NoLogIn: lambda words, refused: words.say(
        "{name} has neither an email address nor a login, so there is nothing to log in with on the pages.",
        name=refused.name,
    ),
    errors.CourseExists: lambda words, refused: words.say("The course “{title}” already exists.", title=refused.title),
    errors.CourseNotFound: _unknown_course,
    errors.CourseGone: _fixed(N_("This course isn't there. /courses lists the courses.")),
    errors.CardGone: lambda words, _refused: words.say("The card is no longer in that group."),
    errors.CourseArchived: lambda words, refused: words.say(
        "“{title}” is archived. {line} brings it back.",
        title=refused.title,
        line=command(f"/archivecourse {refused.title}"),
    ),
    errors.CourseReadOnly: lambda words, refused: words.say(
        "“{title}” is also given outside your departments. Only people who manage the whole account can change it.",
        title=refused.title,
    ),
    errors.InvalidCourseLink: lambda words, refused: words.say(
        "The link must be a web address starting with https:// or http://, not “{text}”.", text=refused.text
    ),
    errors.InvalidDays: lambda words, refused: words.say(
        "The number of days must be a whole number from 1 to {highest}, not “{text}”. You can leave it out.",
        text=refused.text,
        highest=refused.highest,
    ),
    errors.RuleExists: lambda words, refused: words.say(
        "People who join {path} already get “{title}”.", path=refused.path, title=refused.title
    ),
    errors.NotSubscribed: _fixed(N_("You have no scheduled digest, so there is nothing to turn off.")),
    errors.DigestGone: _fixed(N_("This digest is deleted. /digest shows those that you have.")),
    errors.TooManyDigests: lambda words, refused: words.count(
        "You have {number} digest besides the first one, which is the most. Delete one first.",
        "You have {number} digests besides the first one, which is the most. Delete one first.",
        refused.most,
    ),
    errors.InvitationGivesNothing: _fixed(
        N_("This invitation gives you nothing new, or would take something away. Another person can still use it.")
    ),
    errors.NoInvitationNeeded: _fixed(
        N_(
            "No invitation is needed: learners sign up through a profile's link, "
            "and people who are in the chat stay in it."
        )
    ),
    errors.SeatsTaken: lambda words, refused: words.say(
        "All {seats} seats are taken. Deactivate a person first, or ask for more seats.", seats=refused.seats
    ),
    errors.MailUnavailable: lambda words, refused: words.say(
        "This needs email, but the service can't send any yet. Not set: {settings}", settings=", ".join(refused.missing)
    ),
    errors.MoveBelowItself: lambda words, refused: words.say("{path} can't move below itself.", path=refused.path),
    errors.RoleNotFound: _unknown_role,
    errors.RoleExists: lambda words, refused: words.say("The role “{name}” already exists.", name=refused.name),
    errors.RoleBuiltIn: lambda words, refused: words.say(
        "The role “{name}” is built in and can't be changed.", name=refused.name
    ),
    errors.OneOwner: _fixed(N_("There is only one owner. /transferownership makes another person the owner.")),
    errors.RoleInUse: lambda words, refused: words.count(
        "“{name}” can't be removed: {number} person has this role. Give them another one first.",
        "“{name}” can't be removed: {number} people have this role. Give them another one first.",
        refused.holders,
        name=refused.name,
    ),
    errors.LimitBelowUsed: lambda words, refused: words.say(
        "A limit of {limit} is too low: {used} places are already used. Close the link now, or choose a higher limit.",
        limit=refused.limit,
        used=refused.used,
    ),
    errors.NothingToUndo: lambda words, refused: words.say(
        "This can no longer be undone: you have {seconds} seconds to do it.", seconds=refused.seconds
    ),
    errors.RushOver: _fixed(N_("This rush was more than a day ago, or none of its sign-ups is left to undo.")),
    errors.PlacesTaken: lambda words, refused: words.count(
        "“{name}” has {free} free places, but {number} person needs one. Give it more places, then try again.",
        "“{name}” has {free} free places, but {number} people need one. Give it more places, then try again.",
        refused.wanted,
        name=refused.name,
        free=refused.free,
    ),
    errors.PreviewOutdated: _fixed(N_("This has changed since you were asked, so nothing was done. Please try again.")),
    errors.QuestionClosed: _fixed(
        N_("This question was answered already, or is more than a day old. Send the line again if you still want it.")
    ),
    errors.OtherTurn: _fixed(N_("Here is where we are.")),
    errors.RepeatedLine: _fixed(N_("I carried out the same line a moment ago.")),
    errors.LabelExists: lambda words, refused: words.say(
        "A link with the label “{label}” already exists.", label=refused.label
    ),
    errors.LabelNotFound: lambda words, refused: words.say(
        "There is no link with the label “{label}”.", label=refused.label
    ),
    errors.ActivationNotFound: lambda words, refused: words.say(
        "You have no activation #{number}.", number=refused.activation_id
    ),
    errors.ActivationReturned: _fixed(N_("This activation was already returned.")),
    errors.SignUpNotPending: _fixed(N_("This sign-up is no longer waiting: it was answered, or it took too long.")),
    errors.UserNotFound: _user_not_found,
    errors.WordNotUnderstood: _word,
    errors.NoHeir: lambda words, refused: words.say(
        "{name} can't become the owner: the new owner must be an active account administrator who has opened this chat."
        " {line} invites one.",
        name=refused.name,
        line=words.line("/invite administrator"),
    ),
    errors.OwnerStays: _fixed(N_("This can't be done to the owner. Transfer the ownership first.")),
    errors.NotYourself: _fixed(N_("You can't do this to yourself. Ask another administrator.")),
    errors.RuleNotFound: lambda words, refused: words.say(
        "{path} does not give “{title}”.", path=refused.path, title=refused.title
    ),
    errors.FieldExists: lambda words, refused: words.say(
        "The form already has a field “{label}”.", label=refused.label
    ),
    errors.FieldNotFound: _unknown_field,
    errors.FieldGone: _fixed(N_("This field was already removed from the form. /fields lists the fields.")),
    errors.ChoiceTextsNeeded: lambda words, refused: words.say(
        "Give a different text for each choice, with commas between them, in this order: {choices}.",
        choices=", ".join(refused.choices),
    ),
    errors.ChoicesNeeded: _fixed(
        N_("A choice field must have two or more different choices, and other fields must have none.")
    ),
}
