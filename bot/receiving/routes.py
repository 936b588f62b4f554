"""The commands and buttons that the handlers' modules declare, collected."""

from collections.abc import Mapping

from bot.context import Context
from bot.handlers import (
    access_requests,
    account,
    alerts,
    audit_log,
    course_editing,
    courses,
    department_adding,
    department_tree,
    departments,
    digest,
    enrolling,
    exports,
    form_fields,
    forms,
    guides,
    help,  # noqa: A004 - the command's name
    history,
    home,
    invitations,
    language,
    link_mail_lists,
    link_mails,
    pending_sign_ups,
    people,
    people_list,
    people_selecting,
    person,
    personal_data,
    posters,
    profile_copying,
    profile_editing,
    profile_extending,
    profile_links,
    profile_list,
    profile_removal,
    profiles,
    progress,
    progress_files,
    reminder_rules,
    reminders,
    report_pictures,
    reports,
    retention,
    returns,
    role_cards,
    role_grants,
    role_ticking,
    roles,
    roster_lists,
    rosters,
    rule_application,
    settings,
    times_asked,
    transfers,
    unenrolling,
)
from bot.input.arguments import StaleButton
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, in_order
from bot.screens.screen import Screen

COMMANDS = in_order(
    (
        *profiles.COMMANDS,
        *profile_list.COMMANDS,
        *profile_editing.COMMANDS,
        *history.COMMANDS,
        *pending_sign_ups.COMMANDS,
        *rosters.COMMANDS,
        *link_mails.COMMANDS,
        *reminder_rules.COMMANDS,
        *returns.COMMANDS,
        *reports.COMMANDS,
        *retention.COMMANDS,
        *profile_removal.COMMANDS,
        *profile_copying.COMMANDS,
        *profile_links.COMMANDS,
        *digest.COMMANDS,
        *people_list.COMMANDS,
        *people.COMMANDS,
        *transfers.COMMANDS,
        *person.COMMANDS,
        *personal_data.COMMANDS,
        *role_cards.COMMANDS,
        *role_ticking.COMMANDS,
        *roles.COMMANDS,
        *role_grants.COMMANDS,
        *invitations.COMMANDS,
        *department_tree.COMMANDS,
        *department_adding.COMMANDS,
        *departments.COMMANDS,
        *courses.COMMANDS,
        *progress.COMMANDS,
        *course_editing.COMMANDS,
        *rule_application.COMMANDS,
        *enrolling.COMMANDS,
        *unenrolling.COMMANDS,
        *form_fields.COMMANDS,
        *account.COMMANDS,
        *settings.COMMANDS,
        *alerts.COMMANDS,
        *audit_log.COMMANDS,
        *home.COMMANDS,
        *help.COMMANDS,
        *language.COMMANDS,
    )
)


BY_NAME: Mapping[str, Command] = {name: command for command in COMMANDS for name in command.names}

BUTTONS: Mapping[str, ButtonHandler] = {
    **forms.BUTTONS,
    **digest.BUTTONS,
    **profiles.BUTTONS,
    **profile_list.BUTTONS,
    **profile_editing.BUTTONS,
    **profile_extending.BUTTONS,
    **history.BUTTONS,
    **pending_sign_ups.BUTTONS,
    **access_requests.BUTTONS,
    **rosters.BUTTONS,
    **roster_lists.BUTTONS,
    **link_mails.BUTTONS,
    **link_mail_lists.BUTTONS,
    **returns.BUTTONS,
    **posters.BUTTONS,
    **report_pictures.BUTTONS,
    **reports.BUTTONS,
    **retention.BUTTONS,
    **profile_removal.BUTTONS,
    **profile_copying.BUTTONS,
    **profile_links.BUTTONS,
    **people_list.BUTTONS,
    **people_selecting.BUTTONS,
    **person.BUTTONS,
    **transfers.BUTTONS,
    **personal_data.BUTTONS,
    **role_cards.BUTTONS,
    **role_ticking.BUTTONS,
    **roles.BUTTONS,
    **role_grants.BUTTONS,
    **invitations.BUTTONS,
    **department_tree.BUTTONS,
    **department_adding.BUTTONS,
    **departments.BUTTONS,
    **courses.BUTTONS,
    **progress.BUTTONS,
    **progress_files.BUTTONS,
    **reminders.BUTTONS,
    **reminder_rules.BUTTONS,
    **course_editing.BUTTONS,
    **rule_application.BUTTONS,
    **enrolling.BUTTONS,
    **unenrolling.BUTTONS,
    **form_fields.BUTTONS,
    **account.BUTTONS,
    **settings.BUTTONS,
    **alerts.BUTTONS,
    **audit_log.BUTTONS,
    **help.BUTTONS,
    **language.BUTTONS,
    **home.BUTTONS,
    **guides.BUTTONS,
    **exports.BUTTONS,
    **times_asked.BUTTONS,
}


def button_name(data: str) -> str:
    """Return the name of a button; "none" if there is none of this name, because the data may be forged."""
    verb = data.partition(":")[0]
    return verb if verb in BUTTONS else "none"


async def handle_button(context: Context, data: str) -> Screen:
    """Handle a button by its data, which may be old or forged. Raises StaleButton."""
    verb, _, arguments = data.partition(":")
    if verb not in BUTTONS:
        raise StaleButton
    return await BUTTONS[verb](context, arguments)
