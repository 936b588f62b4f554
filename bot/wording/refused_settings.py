"""Answers to values of settings that aren't valid: what is wrong, and what would be correct."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.text import command
from core import errors

SETTINGS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.KeywordInstead: lambda words, refused: words.say(
        "“{text}” is only a keyword or a placeholder, so nothing was published. Write the name or the text itself.",
        text=refused.text,
    ),
    errors.InvalidDomain: lambda words, refused: words.say(
        "Enter an email domain like example.com, not “{text}”.", text=refused.text
    ),
    errors.InvalidColour: lambda words, refused: words.say(
        "Enter a colour like #1f5fbf, or one of {names}, not “{text}”.",
        text=refused.text,
        names=Markup(", ").join(map(command, refused.names)),
    ),
    errors.PageTextTooLong: lambda words, refused: words.say(
        "The text has {length} characters. Shorten it to {longest} or fewer.",
        length=refused.length,
        longest=refused.longest,
    ),
    errors.LogoUnreadable: lambda words, _refused: words.say(
        "This file can't be a logo. Send a PNG, JPEG or WebP picture of at least 16 pixels each way."
    ),
    errors.LogoTooLarge: lambda words, refused: words.say(
        "The picture is too large. Send one of {number} MB or less.", number=refused.most // 1024**2
    ),
    errors.LogoGone: lambda words, _refused: words.say("That logo is no longer kept. Send the picture again."),
    errors.InvalidRetention: lambda words, refused: words.say(
        "The number of days must be a whole number from {least} to {most}, not “{text}”.",
        text=refused.text,
        least=refused.least,
        most=refused.most,
    ),
    errors.InvalidSeats: lambda words, refused: words.say(
        "The number of seats must be a whole number from 1 to {highest}, or unlimited, not “{text}”.",
        text=refused.text,
        highest=refused.highest,
    ),
}
