"""What several kinds of e-mail messages say."""

from markupsafe import Markup

from bot.wording.phrases import Words
from core.services.letters import Letter


def again(letter: Letter, words: Words) -> list[Markup]:
    """Say that the message may have come twice."""
    return [words.say("You may have received this message before.")] if letter.again else []
