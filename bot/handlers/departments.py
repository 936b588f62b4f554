"""/departments, /adddepartment: the tree."""

from markupsafe import Markup

from bot.context import Context, Misspelt
from bot.keyboards import Screen
from bot.messages import command, lines
from core.domain.naming import format_path
from core.services import departments
from core.services.departments import Branch

MOST_SHOWN = 60


async def tree(context: Context, _text: str) -> Screen:
    """Show the departments within reach as a tree, with their people counted."""
    say, found = context.words.say, await context.read(departments.tree, context.actor_id)
    branches = [branch for branch in found if branch.path]
    if not branches:
        return Screen(text=say("No departments yet. {line} adds one.", line=command("/adddepartment Sales / EMEA")))
    more = len(branches) - MOST_SHOWN
    return Screen(
        text=lines(
            *(_branch(context, branch) for branch in branches[:MOST_SHOWN]),
            context.words.count("… and {number} more", "… and {number} more", more) if more > 0 else None,
        )
    )


async def add(context: Context, text: str) -> Screen:
    """Add a department and those above it that are missing."""
    if not text:
        raise Misspelt
    branch = await context.write(departments.add, context.actor_id, text, context.now)
    path = format_path(branch.path)
    say = context.words.say
    line = command(f"/newprofile Autumn sales | {path} | now - +2 weeks | 50")
    return Screen(text=lines(say("{path} is there.", path=path), "", say("A link for it:"), line))


def _branch(context: Context, branch: Branch) -> Markup:
    people = context.words.count("{number} person", "{number} people", branch.people)
    indent = "    " * (branch.depth - 1)
    return Markup("{}{}  · {}").format(indent, branch.path[-1], people)
