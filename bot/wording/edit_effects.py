"""Whom a change of a profile affects."""

from markupsafe import Markup

from bot.wording.phrases import Words
from core.services.profile_editing import Effect


def people_affected(words: Words, effect: Effect) -> list[Markup]:
    """Say how many people a change of the department affects."""
    count, parts = words.count, list[Markup]()
    if effect.editors_lost:
        parts.append(
            count(
                "{number} manager will only be able to read it",
                "{number} managers will only be able to read it",
                effect.editors_lost,
            )
        )
    if effect.editors_gained:
        parts.append(
            count(
                "{number} more manager will be able to edit it",
                "{number} more managers will be able to edit it",
                effect.editors_gained,
            )
        )
    if effect.learners_stay:
        parts.append(
            count(
                "{number} learner stays in their department",
                "{number} learners stay in their departments",
                effect.learners_stay,
            )
        )
    return parts
