"""/alerts: what managers hear of at once, each on or off for the whole account."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens.digest_screen import to_digest
from bot.screens.screen import Screen, rows, tap
from bot.wording.alerts import NAMES, OFF, ON, SHORT
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.alerts import Alert
from core.services import alerts

CODES: Mapping[Alert, str] = {alert: alert.value.replace(" ", "-") for alert in Alert}
BY_CODE: Mapping[str, Alert] = {code: alert for alert, code in CODES.items()}
SWITCHES: Mapping[str, bool] = {"on": True, "off": False}


async def show(context: Context, _text: str) -> Screen:
    """Show which alerts are on."""
    return _screen(context, await context.read(alerts.alerts, context.actor_id))


async def switch(context: Context, data: str) -> Screen:
    """Turn an alert on or off, from `alert:on` or `alert:off`."""
    code, _, value = data.partition(":")
    if code not in BY_CODE or value not in SWITCHES:
        raise StaleButton
    found = await context.write(alerts.switch, context.actor_id, BY_CODE[code], context.now, on=SWITCHES[value])
    return _screen(context, found, toast=context.words.say("Saved."))


def _screen(context: Context, found: Mapping[Alert, bool], *, toast: Markup | None = None) -> Screen:
    say = context.words.say
    named = (Markup("{} {}").format(_mark(on=on), say(NAMES[alert])) for alert, on in found.items())
    buttons = (
        [tap(f"{_mark(on=on)} {say(SHORT[alert]).unescape()}", "alert", CODES[alert], "off" if on else "on")]
        for alert, on in found.items()
    )
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(say("What managers hear of at once")),
            *named,
            "",
            say("A tap turns one on or off, for everybody. Each is told once."),
        ),
        rows=rows(*buttons, [to_digest(context)]),
        toast=toast,
    )


def _mark(*, on: bool) -> str:
    return ON if on else OFF


COMMANDS = (
    Command(
        name="alerts",
        handler=show,
        summary=N_("Choose what managers hear of at once"),
        examples=("/alerts",),
        permission=Permission.MANAGE_ACCOUNT,
        subject=Subject.ACCOUNT,
        rank=1,
        alone=True,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "alert": switch,
}
