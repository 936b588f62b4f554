"""Every command in words: for /help, for Telegram's own menu, and to show how a misspelt line would be right."""

from collections.abc import Mapping

from bot.menu.command import Entry, Subject
from bot.menu.organisation import ORGANISATION
from bot.wording.phrases import N_
from core.domain.access import Permission

MENU = (
    Entry(
        name="newprofile",
        summary=N_("Make a sign-up profile: name | department | start - end | limit"),
        examples=(
            "/newprofile Autumn sales | Sales / EMEA | now - +2 weeks | 50",
            "/newprofile Interns | Sales / EMEA | 2026-11-24 09:00 - 2026-12-24 18:00 | unlimited",
        ),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="profiles",
        summary=N_("List the sign-up profiles, all or those with these words in the name"),
        examples=("/profiles", "/profiles autumn"),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="profile",
        summary=N_("Show a profile with its link"),
        examples=("/profile 1",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="editprofile",
        summary=N_("Change a profile: number, then name, department, start, end or limit, then the new value"),
        examples=("/editprofile 1 limit 20", "/editprofile 1 end +2 weeks"),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="history",
        summary=N_("Show who signed up through a profile"),
        examples=("/history 1",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="waiting",
        summary=N_("List who waits to be let in: all, those of a profile, or those with these words"),
        examples=("/waiting", "/waiting 1", "/waiting anna"),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="return",
        summary=N_("Return an activation to its profile: number | reason"),
        examples=("/return 12 | wrong department",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="report",
        summary=N_("Report on sign-ups by profile and department, for a time"),
        examples=("/report", "/report week", "/report 2026-10-01 - 2026-10-31"),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="pause",
        summary=N_("Pause a profile's link"),
        examples=("/pause 1",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="resume",
        summary=N_("Let a paused link work again"),
        examples=("/resume 1",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="deleteprofile",
        summary=N_("Delete profiles, one or several"),
        examples=("/deleteprofile 1", "/deleteprofile 1 2 3"),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="duplicate",
        summary=N_("Make a profile like another one: number | new name"),
        examples=("/duplicate 1 | Winter sales",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="addlink",
        summary=N_("Give a profile another link under a label: number | label"),
        examples=("/addlink 1 | Riga office",),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="check",
        summary=N_("Check whether a link works, now or at a time"),
        examples=("/check https://example.org/s/Yp3", "/check https://example.org/s/Yp3 2026-12-24 18:00"),
        permission=Permission.MANAGE_PROFILES,
    ),
    Entry(
        name="digest",
        summary=N_("Set my digest of new learners, or get one now"),
        examples=(
            "/digest",
            "/digest daily 18:00",
            "/digest weekly mon 09:00",
            "/digest monthly 1 09:00",
            "/digest now",
            "/digest off",
        ),
        permission=Permission.RECEIVE_DIGESTS,
        subject=Subject.DIGESTS,
    ),
    *ORGANISATION,
    Entry(
        name="help",
        summary=N_("Show what you can do here"),
        examples=("/help", "/help profiles"),
        subject=Subject.HELP,
    ),
)

BY_NAME: Mapping[str, Entry] = {entry.name: entry for entry in MENU}
