"""Every command and every button by every role: done or shown where it is allowed, nothing done or named elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import pytest

from bot.input.callback_data import pack
from bot.receiving.routes import BUTTONS as DECLARED_BUTTONS
from bot.receiving.routes import BY_NAME
from core.domain.fingerprint import fingerprint
from core.engine import Engine
from tests.support import permission_matrix, permission_town
from tests.support.permission_matrix import (
    ACCOUNT,
    BRANCH,
    CURLEW,
    DIGESTS,
    DOTTEREL,
    EGRET,
    FINCH,
    GULL,
    KNOWN,
    MANAGING,
    OSPREY,
    OSPREY_TOKEN,
    PUFFIN_TOKEN,
    ROOK,
    WREN,
    Role,
    betrayed,
    contents,
)
from tests.support.router_fixture import GROUP, Counter
from tests.support.settled_fixture import PreparedDatabase, a_copy

UNKNOWN = "invited people only"
ELSEWHERE = "Ask me this in our private chat: https://t.me/gangway_bot"
ALIASES = tuple(f"/{alias}" for name in ("newprofile", "profiles") for alias in BY_NAME[name].aliases)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line or what a button carries, who may send it, and what they then read; nothing to read: it changes things."""

    sent: str
    allowed: frozenset[Role]
    shows: str


def row(sent: str, allowed: frozenset[Role], shows: str = "") -> Row:
    return Row(sent=sent, allowed=frozenset(allowed), shows=shows)


LINES = (
    row("/start", KNOWN, "More ›"),
    row("/start guessed", KNOWN, "More ›"),
    row("/help", KNOWN, "This is what you can do here."),
    row("/menu", KNOWN, "More ›"),
    row("/language", KNOWN, "As in Telegram"),
    row("/language русский", KNOWN),
    row("/cancel", KNOWN, "callback_data"),  # Home, or the way back to what was left
    row("/signup off", ACCOUNT),
    row("/signup", ACCOUNT, "Sign-up is on."),
    row("/timezone", ACCOUNT, "Europe/Riga"),
    row("/timezone Europe/Paris", ACCOUNT, "Osprey"),
    row("/settings", ACCOUNT, "Petrel"),
    row("/settings seats 99", ACCOUNT),
    row("/settings name Rookery", ACCOUNT),
    row("/retention", ACCOUNT, "How long data is kept"),
    row("/retention lists 30", ACCOUNT),
    row("/newprofile", BRANCH | {Role.SUPPORT}, "New sign-up link"),
    row("/newprofile Merlin | Nightjar / Kestrel | now - +1 week | 5", BRANCH),
    row("/new Merlin | Nightjar / Kestrel | now - +1 week | 5", BRANCH),
    row("/profiles", BRANCH, "Osprey"),
    row("/links", BRANCH, "Osprey"),
    row("/profile 1", BRANCH, OSPREY_TOKEN),
    row("/editprofile 1 limit 99", BRANCH),
    row("/editprofile 1", BRANCH, "Osprey"),
    row("/pause 1", BRANCH),
    row("/resume 3", BRANCH),
    row("/deleteprofile 1 3", BRANCH, "Osprey"),
    row("/duplicate 1 | Merlin", BRANCH),
    row("/addlink 1 | Merlin", BRANCH),
    row("/renamelink 1 | Puffin | Merlin", BRANCH),
    row(f"/check {OSPREY_TOKEN}", BRANCH, "Kestrel"),
    row("/history 1", BRANCH, "Wren"),
    row("/expect 1", BRANCH, "0 of 1 came"),
    row("/expect Nightjar / Kestrel", BRANCH, "who do you expect?"),
    row("/missing Nightjar / Kestrel", BRANCH, "who do you expect?"),
    row("/card 1", BRANCH, "Osprey"),
    row("/missing 1", BRANCH, "Stilt"),
    row("/missing 1 remind stilt@example.com", BRANCH, "Remind those who haven't come"),
    row("/send 1", BRANCH, "queued: 1"),
    row("/waiting", BRANCH, "Finch"),
    row("/waiting 1", BRANCH, "Finch"),
    row("/waiting finch", BRANCH, "Osprey"),
    row("/return 1", BRANCH, "Osprey"),
    row("/report", BRANCH, "Osprey"),
    row("/digest", DIGESTS, "You have no scheduled digest"),
    row("/digest daily 18:00", DIGESTS),
    row("/digest now", DIGESTS),
    row("/digest groups", DIGESTS, "No group gets a digest."),
    row("/people", BRANCH | {Role.SUPPORT}, "➕ Add"),
    row("/people wren", BRANCH, "Wren"),
    row("/person wren@example.com", BRANCH, "Kestrel"),
    row(f"/person {WREN}", BRANCH, "Osprey"),
    row("/export wren@example.com", BRANCH, "Wren"),
    row("/erase wren@example.com", BRANCH, "Wren"),
    row("/addperson Merlin | Berg | merlin@example.com | Nightjar", BRANCH),
    row("/transfer wren | Nightjar / Ibis", BRANCH),
    row("/correct wren | Job title | Birder", BRANCH),
    row("/roles", ACCOUNT, "Fowler"),
    row("/addrole Merlin | manage people", ACCOUNT),
    row("/changerole Listener | read the log", ACCOUNT, "They could also: read the log"),
    row("/removerole Fowler", ACCOUNT, "1 person has this role."),
    row("/removerole Spare", ACCOUNT, "Nobody has it."),
    row(f"/assign #{permission_matrix.LEARNER_NUMBER} | administrator", ACCOUNT, "In the whole account."),
    row(f"/assign #{permission_matrix.DUNLIN} | learner", ACCOUNT),
    row(f"/transferownership #{permission_matrix.ADMINISTRATOR_NUMBER}", frozenset({Role.OWNER}), "Albatross"),
    row("/invite administrator", ACCOUNT),
    row("/invite Listener | Nightjar", ACCOUNT),
    row("/invitations", ACCOUNT, "#1 · department administrator"),
    row("/departments", BRANCH, "Nightjar"),
    row("/adddepartment Nightjar / Merlin", MANAGING),
    row("/renamedepartment Nightjar / Kestrel | Merlin", MANAGING),
    row("/movedepartment Nightjar / Ibis | Nightjar / Kestrel", MANAGING, "Nightjar / Kestrel / Ibis"),
    row("/deletedepartment Nightjar / Ibis", MANAGING, "Its enrolment rules will be deleted too."),
    row("/courses", MANAGING, "Loon"),
    row("/alerts", ACCOUNT, "hear of at once"),
    row("/reminders 1", BRANCH, "Osprey"),
    row("/reminders", BRANCH | {Role.SUPPORT}, "remin"),  # the account's rules, or whose to choose
    row("/progress", BRANCH | {Role.SUPPORT}, "Your departments"),
    row("/progress 1", BRANCH, "Loon"),
    row("/progress Nightjar / Kestrel", BRANCH, "Loon"),
    row("/progress wren@example.com", BRANCH, "Kestrel"),
    row("/addcourse Merlin | https://example.com/merlin", MANAGING),
    row("/editcourse Loon | days | 9", MANAGING),
    row("/archivecourse Loon", MANAGING, "Loon"),
    row("/addrule Nightjar / Ibis | Loon", MANAGING),
    row("/applyrule Nightjar | Eider", MANAGING, "2 people?"),
    row("/enrol wren@example.com | Eider", MANAGING),
    row("/unenrol wren@example.com | Loon", MANAGING),
    row("/removerule Nightjar | Loon", MANAGING),
    row("/fields", ACCOUNT, "Magpie"),
    row("/addfield Merlin | text", ACCOUNT),
    row("/changefield Magpie | required", ACCOUNT),
    row("/translatefield Magpie | es | label | Urraca", ACCOUNT),
    row("/movefield Magpie | 1", ACCOUNT, "What the form asks newcomers for"),
    row("/removefield Magpie", ACCOUNT, "Magpie"),
    row("/log", MANAGING, "Osprey"),
)
BUTTONS = (
    row("home", KNOWN, "More ›"),
    row("more", KNOWN, "What would you like to see or change?"),
    row("open:history", BRANCH, "Osprey"),
    row("pick:", frozenset({Role.OWNER})),  # who was asked, here and below
    row("pick-page:", frozenset({Role.OWNER}), "Osprey"),
    row("pick-back:", frozenset({Role.OWNER}), "Osprey"),
    row("language:es", KNOWN),
    row("help:", KNOWN, "This is what you can do here."),
    row("help:people", BRANCH | {Role.SUPPORT}, "/transfer "),
    row("timezone:Europe/Paris", ACCOUNT, "Osprey"),
    row("zone:", ACCOUNT),
    row("settings", ACCOUNT, "Petrel"),
    row("setting:seats", ACCOUNT, "Seats"),
    row("setting:logo", ACCOUNT, "logo"),
    row("logo-undo:", frozenset({Role.OWNER})),
    row("setting:approval:on", ACCOUNT),
    row("signup:1", ACCOUNT, "Osprey"),
    row("newprofile-again!:", frozenset({Role.OWNER})),
    row("duplicate-again!:", frozenset({Role.OWNER})),
    row("invite-again!:", frozenset({Role.OWNER})),
    row("time-meant:", frozenset({Role.OWNER})),
    row("form:profile", BRANCH | {Role.SUPPORT}, "New sign-up link"),
    row("d:", frozenset({Role.SALES})),  # whose form it is, here and below
    row("draft:", frozenset({Role.SALES}), "Kestrel"),
    row("profiles:0:", BRANCH, "Osprey"),
    row(f"profile:{OSPREY}", BRANCH, OSPREY_TOKEN),
    row(f"profile-more:{OSPREY}", BRANCH, OSPREY_TOKEN),
    row(f"poster:{OSPREY}", BRANCH, f"gangway-poster-{OSPREY}.pdf"),
    row(f"pause:{OSPREY}", BRANCH),
    row(f"resume:{DOTTEREL}", BRANCH),
    row(f"history:{OSPREY}", BRANCH, "Wren"),
    row("pasted:", frozenset({Role.OWNER}), "Osprey"),  # who pasted them
    row(f"links:{OSPREY}", BRANCH, "Puffin"),
    row(f"link:{OSPREY}:{PUFFIN_TOKEN}", BRANCH, "Puffin"),
    row(f"link-add:{OSPREY}", BRANCH, "Osprey"),
    row(f"link-name:{OSPREY}:{PUFFIN_TOKEN}", BRANCH, "Puffin"),
    row(f"live-cards:{OSPREY}", BRANCH, "Osprey"),
    row("live-card-stop!:1", BRANCH),
    row(f"qr:{OSPREY}", BRANCH, OSPREY_TOKEN),
    row(f"relink:{OSPREY}", BRANCH, "Osprey"),
    row(f"relink!:{OSPREY}:{OSPREY_TOKEN}", BRANCH),
    row(f"check:{OSPREY_TOKEN}", BRANCH, "Kestrel"),
    row(f"edit:{OSPREY}", BRANCH, "Osprey"),
    row("week:", BRANCH),
    row("places:", BRANCH),
    row("unextend:", BRANCH),
    row(f"rush:{OSPREY}:0", BRANCH, "Osprey"),
    row(f"rush-pause:{OSPREY}:0", BRANCH),
    row("rush-resume:3:0", BRANCH),
    row(f"rush-undo:{OSPREY}:0", BRANCH, "more than a day ago"),
    row("rush-undone:", frozenset({Role.OWNER})),
    row("rush-back:", frozenset({Role.OWNER})),
    row(f"waiting-rush:{OSPREY}:0", BRANCH, "Osprey"),
    row(f"waiting-rush-pause:{OSPREY}:0", BRANCH),
    row("waiting-rush-resume:3:0", BRANCH),
    row(f"waiting-rush-decline:{OSPREY}:0", BRANCH, "more than a day ago"),
    row("waiting-rush-declined:", frozenset({Role.OWNER})),
    row("waiting-rush-back:77", frozenset()),  # nobody was declined
    row("save:", BRANCH),  # what this and others carry comes from a screen
    row(f"close:{OSPREY}", BRANCH),
    row(f"duplicate:{OSPREY}", BRANCH, "Osprey (2)"),
    row("list:0:select", BRANCH, "Osprey"),
    row("list-undo:", frozenset({Role.OWNER})),
    row(f"drop:{pack([OSPREY, DOTTEREL])}", BRANCH, "Osprey"),
    row("end!:", BRANCH),
    row(f"undrop:{pack([CURLEW])}", frozenset({Role.SALES})),  # who deleted it
    row(f"export:{OSPREY}:csv", BRANCH),
    row("return:1", BRANCH, "Osprey"),
    row(f"returns:{OSPREY}", BRANCH, "Wren"),
    row("return!:1:", BRANCH),
    row("report:week", BRANCH, "Osprey"),
    row("report-file:csv:week", BRANCH | {Role.SUPPORT}),
    row("report-theme:light:week", BRANCH | {Role.SUPPORT}, "gangway-report.png"),
    row("report-picture:own:week", BRANCH | {Role.SUPPORT}, "gangway-report.png"),
    row("digest:daily 18:00", DIGESTS),
    row("digest-group!:", frozenset({Role.SALES})),
    row("digest-group-no:", frozenset({Role.SALES}), "The group gets nothing."),
    row("digest-groups:0", DIGESTS, "No group gets a digest."),
    row("digest-resume:", DIGESTS, "None of your digests has stopped."),
    row("digest-resume-one:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-resume-here:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-resume-all-here:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-resume-there:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-undelivered:", DIGESTS, "All your digests of the last days arrived."),
    row("digest-again:1", frozenset({Role.SALES}), "Another digest has told it, or the next one will."),
    row("digest-end:1", frozenset()),
    row("digest-show:1", frozenset({Role.SALES}), "joined so far"),
    row("digest-more:1", frozenset({Role.SALES}), "Osprey"),
    row("digest-behind:1:1", frozenset({Role.SALES}), "Not started · 2 people"),
    row("digest-card:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-quiet:4:1", frozenset({Role.SALES})),
    row("digest-with-picture:4:1", frozenset({Role.SALES})),
    row("digest-dark:4:1", frozenset({Role.SALES})),
    row("digest-with-file:4:1", frozenset({Role.SALES})),
    row("digest-with-file!:4:1:0", frozenset({Role.SALES})),
    row("digest-picture:1", frozenset({Role.SALES}), "gangway-digest.png"),
    row("digest-theme:1:0", frozenset({Role.SALES}), "gangway-digest.png"),
    row("digest-file:1", frozenset({Role.SALES})),  # it is recorded
    row("digest-when:4", frozenset({Role.SALES}), "Choose: every day"),
    row("digest-set:4:daily:0:0900", frozenset({Role.SALES})),
    row("digest-place:4", frozenset({Role.SALES}), "It comes to this chat."),
    row("digest-here:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-where:0:0:0:2", DIGESTS, "What is the digest about?"),
    row("digest-in:4:0:0", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-profiles:0:4", frozenset({Role.SALES}), "Tick the profiles"),
    row(f"digest-profile:4:{OSPREY}:1:0", frozenset({Role.SALES})),
    row("digest-all-profiles:4", frozenset({Role.SALES}), "Digest: all that you see"),
    row("digest-send:4", frozenset({Role.SALES})),
    row("digest-delete:4", frozenset({Role.SALES})),
    row("digest-undo:5", frozenset({Role.SALES})),
    row("waiting:0:", BRANCH, "Finch"),
    row(f"waiting:0:{OSPREY}", BRANCH, "Finch"),
    row(f"approve:{FINCH}", BRANCH),
    row("approve-all!:1", BRANCH, "Finch"),
    row("answer-all:decline:", BRANCH, "Finch"),
    row("answer-all!:", frozenset({Role.OWNER})),
    row("answer-all-back:77", frozenset()),  # nobody was declined
    row("answer-requests:approve", BRANCH, "Plover"),
    row("answer-requests!:", frozenset({Role.OWNER})),
    row(f"decline:{FINCH}", BRANCH, "Finch"),
    row(f"decline!:{FINCH}", BRANCH),
    row(f"free-place:{FINCH}", frozenset()),  # who waits for approval is declined instead
    row(f"free-place!:{FINCH}", frozenset()),
    row("requests:0", BRANCH, "Plover"),
    row("request:1", BRANCH, "Plover"),
    row("request-grant:1:0", BRANCH),
    row("request-decline:1", BRANCH, "Plover"),
    row("request-decline!:1", BRANCH),
    row("people:0:", BRANCH | {Role.SUPPORT}, "➕ Add"),
    row("people:0:wren", BRANCH, "Wren"),
    row(f"person:{WREN}", BRANCH, "Osprey"),
    row("person-new:merlin@example.com", BRANCH | {Role.SUPPORT}, "New person"),
    row(f"person-on:{GULL}", BRANCH),
    row(f"person-off:{WREN}", BRANCH),
    row(f"person-move:{WREN}", BRANCH, "Kestrel"),
    row("transfer-keep!:", frozenset({Role.OWNER})),
    row("transfer-take!:", frozenset({Role.OWNER})),
    row("transfer-undo:", frozenset({Role.OWNER})),
    row(f"person-password:{WREN}", BRANCH),
    row(f"person-correct:{WREN}", BRANCH, "Wren"),
    row(f"person-field:{WREN}:phone", BRANCH, "Wren"),
    row(f"person-role:{WREN}", ACCOUNT, "Wren"),
    row(f"person-choice:{WREN}:custom_2:0", BRANCH),
    row("person-email!:", frozenset({Role.OWNER})),
    row(f"person-give:{WREN}", BRANCH, "Osprey"),
    row(f"person-give!:1:{WREN}", BRANCH),
    row(f"person-invite:{permission_matrix.DUNLIN}", ACCOUNT),
    row(f"person-end:{ROOK}", BRANCH, "Rook"),
    row("person-end!:", BRANCH),
    row(f"person-data:{WREN}", BRANCH, "Wren"),
    row(f"person-file:{WREN}:json", BRANCH),
    row(f"person-erase:{ROOK}", BRANCH, "Rook"),
    row("person-erase!:", BRANCH),
    row("retention:", ACCOUNT, "How long data is kept"),
    row("retention!:", ACCOUNT),
    row("roles:0", ACCOUNT, "Fowler"),
    row("role:1", ACCOUNT, "Dunnock"),
    row("role-invite:2", ACCOUNT, "Listener"),
    row("role-edit:1", ACCOUNT, "Fowler"),
    row("role-end:3", ACCOUNT, "Nobody has it."),
    row("role-tick:", frozenset({Role.OWNER}), "Spare"),
    row("role-save:", frozenset({Role.OWNER})),
    row(f"owner!:{permission_matrix.ADMINISTRATOR_NUMBER}", frozenset({Role.OWNER})),
    row("role-give!:", frozenset({Role.OWNER})),
    row("role-change!:", frozenset({Role.OWNER})),
    row("invitations:0", ACCOUNT, "#1 · department administrator"),
    row("withdraw:1", ACCOUNT),
    row("departments:0:kestrel", BRANCH, "Kestrel"),
    row("departments:0:", BRANCH, "Nightjar"),
    row("department:3:0", BRANCH, "Kestrel"),
    row("people-in:0:3", BRANCH, "Wren"),
    row("people-list:", frozenset({Role.OWNER}), "people selected"),
    row("people-change!:", frozenset({Role.OWNER})),
    row("people-undo:", frozenset({Role.OWNER})),
    row("department-add:3", MANAGING, "Kestrel"),
    row("department-name:3", MANAGING, "Kestrel"),
    row("department-move:3", MANAGING, "Kestrel"),
    row("department-end:4", MANAGING, "Its enrolment rules will be deleted too."),
    row("departments-add!:", frozenset({Role.OWNER})),
    row("department-move!:", MANAGING),
    row("role-end!:", ACCOUNT),
    row("department-end!:", MANAGING),
    row("courses:0", MANAGING, "Loon"),
    row(f"progress:p{OSPREY}", BRANCH, "Loon"),
    row(f"progress-who:p{OSPREY}:waiting:0:0", BRANCH, "Wren"),
    row(f"progress-person:{WREN}", BRANCH, "Kestrel"),
    row("progress-courses:", BRANCH, "Loon"),
    row("progress:c1", BRANCH, "Loon"),
    row("progress-where:", BRANCH | {Role.SUPPORT}, "who is behind"),
    row(f"progress-file:p{OSPREY}:csv", BRANCH),
    row("course:1", MANAGING, "Loon"),
    row("course-edit:1", MANAGING, "Loon"),
    row("course-rule:1", MANAGING, "Nightjar"),
    row("rule-ask:2:1", MANAGING, "Nightjar"),
    row("course-save!:", frozenset({Role.OWNER})),
    row("course-undo:", frozenset({Role.OWNER})),
    row("course-archive:1", MANAGING, "Loon"),
    row("course-archive!:", MANAGING),
    row("course-restore:2", MANAGING),
    row("rule-apply!:", MANAGING),
    row("rule-undo:", frozenset({Role.OWNER})),
    row("enrol!:", frozenset({Role.OWNER})),
    row("enrol-undo:", frozenset({Role.OWNER})),
    row("unenrol!:", frozenset({Role.OWNER})),
    row("unenrol-undo:", frozenset({Role.OWNER})),
    row(f"person-enrol:{WREN}", MANAGING, "Eider"),
    row(f"person-enrol!:{WREN}:4", MANAGING),
    row(f"person-unenrol:{WREN}", MANAGING, "Loon"),
    row(f"person-unenrol!:{WREN}:1", MANAGING),
    row("course-enrol:4", MANAGING, "Eider"),
    row("fields:0", ACCOUNT, "Magpie"),
    row("field:1", ACCOUNT, "Magpie"),
    row("field-translatefield:1", ACCOUNT, "Magpie"),
    row("field-changefield:1", ACCOUNT, "Magpie"),
    row("field-movefield:1", ACCOUNT, "Magpie"),
    row("field-end:1", ACCOUNT, "Magpie"),
    row("field-end!:", ACCOUNT),
    row("log:0", MANAGING, "Osprey"),
    row("unconfirmed:0", ACCOUNT, "All answers and messages"),
    row("expect:1", BRANCH, "0 of 1 came"),
    row("expect:d3", BRANCH, "Kestrel"),
    row("expect-where:", BRANCH, "Nightjar"),
    row("expectonly:d3:1", BRANCH, "isn't on the list: the link"),
    row("expectonly!:d3:", BRANCH),
    row("unexpect:d3", BRANCH, "Kestrel"),
    row("missing:d3", BRANCH, "Kestrel"),
    row("remind-missing:d3", BRANCH, "Remind those who haven't come"),
    row("expectonly:1:1", BRANCH),
    row("unexpect:1", BRANCH, "Delete the list"),
    row("unexpected:1:x", BRANCH, "changed since you were asked"),
    row("unlisted:1", BRANCH, "On no list here, but came: 3"),
    row("unlisted:d3", BRANCH, "Kestrel"),
    row("rosters:", BRANCH, "0 of 1 expected came, 1 missing"),
    row("rosters:remind", BRANCH, "Remind those who haven't come"),
    row("rosters:missing:0", BRANCH, "0 of 1 expected came, 1 missing"),
    row("missing:1", BRANCH, "Stilt"),
    row("missingtext:1", BRANCH, OSPREY_TOKEN),
    row("missingfile:1:csv", BRANCH),
    row("rlist:", frozenset({Role.OWNER}), "Nothing is kept yet."),
    row("rkeep:", frozenset({Role.OWNER})),
    row("rinstead:", frozenset({Role.OWNER})),
    row("send:1", BRANCH, "queued: 1"),
    row(f"cure:0:{OSPREY}:send:{OSPREY}", BRANCH, "queued: 1"),  # it isn't full
    row("sendlist:1", BRANCH, "Stilt"),
    row("roster-links:0:d3:sendmissing:d3", BRANCH, "Which profile do you mean?"),
    row("sendmissing:1", BRANCH, "Nothing is sent yet."),
    row("alert:rush:off", ACCOUNT),
    row(f"reminders:p{OSPREY}", BRANCH, "Osprey"),
    row("reminders:all", ACCOUNT, "for everybody"),
    row(f"reminder-rule:p{OSPREY}:not-come", BRANCH, "Osprey"),
    row(f"reminder-set:p{OSPREY}:overdue:on", BRANCH),
    row("reminders-where:", BRANCH | {Role.SUPPORT}, "by email"),
    row(f"expect-off:{OSPREY}:1", BRANCH),
    row(f"expect-off!:{OSPREY}:1", BRANCH),
    row("remind-missing:1", BRANCH, "Remind those who haven't come"),
    row("left-out:0:remind-missing:1:1", BRANCH, "Nobody is left out."),
    row("remind-missing!:1:1:x", BRANCH, "changed since you were asked"),
    row(f"remind-missing-add:1:1:{fingerprint([])}", BRANCH, "Remind those who haven't come"),
    row("remind-missing-undo:1:7", BRANCH | {Role.SUPPORT}, "nothing left to take back"),
    row("remind-some:1", BRANCH, "Stilt"),
    row("remind-list:", frozenset({Role.OWNER}), "1 person selected"),
    row("remind-some!:", frozenset({Role.OWNER})),
    row("remind-some-add:", frozenset({Role.OWNER}), "Remind those who haven't come"),
    row("remind-typed:", frozenset({Role.OWNER}), "Remind those who haven't come"),
    row("remind-named:", frozenset({Role.OWNER}), "Remind those who haven't come"),
    row("reminders-planned:0", BRANCH | {Role.SUPPORT}, "Planned reminders"),
    row("reminders-planned-ask:1:7", ACCOUNT, "Planned reminders"),
    row("reminders-planned!:1:7", ACCOUNT, "Planned reminders"),
    row(f"remind-behind-undo:p{OSPREY}:waiting:7", BRANCH | {Role.SUPPORT}, "nothing left to take back"),
    row(f"remind-behind:p{OSPREY}:waiting", BRANCH, "Remind those who haven't started"),
    row(f"remind-behind!:p{OSPREY}:waiting:x", BRANCH, "changed since you were asked"),
    row("sendagain:1", BRANCH, "Nobody would get the link."),
    row("sendagain:d3:1", BRANCH, "Nobody would get the link."),
    row(f"sendagain-add:1:{fingerprint([])}", BRANCH, "Nobody would get the link."),
    row(f"sentagain:1:{fingerprint([])}", BRANCH, "There is nobody to send it to"),
    row("sendstop:1", BRANCH, "Withdraw the link of Osprey"),
    row("sendstopped:1:x", BRANCH, "changed since you were asked"),
    row("sendas:", frozenset({Role.OWNER}), "Nothing is sent yet."),
    row("sendgo:", frozenset({Role.OWNER})),
    row("sendadd:", frozenset({Role.OWNER}), "Nothing is sent yet."),
    row("sendno:", frozenset({Role.OWNER}), "Nothing was sent."),
    row("rcancel:", frozenset({Role.OWNER}), "Nothing was kept."),
)
WORDS = (row("osprey", BRANCH, OSPREY_TOKEN), row("", BRANCH, "Kestrel"))
WEIRD = (  # and the last one: packed as nobody packs
    *("", "0", "9" * 18, "9" * 19, "9" * 60, "-1", "1.5", "1 ", "#1", "²", "١", "🎉", ":", ":1", "77:2:3:4:5:6"),
    "g0",
)
FORGED = (  # of the other branch, or of nothing
    *(f"{EGRET}", f"{EGRET}:csv", f"{EGRET}:{permission_matrix.EGRET_TOKEN}", f"{EGRET}:limit:5:x"),
    *(
        f"{EGRET}:department:1:x",
        f"{EGRET}:end:{'9' * 18}:x",
        f"{permission_matrix.STORK}",
        f"3:{permission_matrix.STORK}",
        *("d5", "d5:1", f"1:{EGRET}:x", "d1", "d", "d0"),
        "0:9:9:9",
    ),
)
ANY_VERB = (*sorted(DECLARED_BUTTONS), "", "unknown", "PROFILE")
NOT_FORGED = {  # an activation's number or a moment there, and a profile or an activation of one's own here
    *(f"{verb}:3:{permission_matrix.STORK}" for verb in ("duplicate", "rush-pause", "rush-resume")),
    *(f"{verb}:3:{permission_matrix.STORK}" for verb in ("waiting-rush-pause", "waiting-rush-resume")),
    f"return!:1:{EGRET}:x",
}


async def sent(counter: Counter, role: Role, what: Row, settled: PreparedDatabase) -> str:
    if what in LINES:
        return await counter.line(role, what.sent)
    if what in WORDS:
        return await counter.query(role, what.sent)
    return await counter.tap(role, settled.carried.get(what.sent, what.sent))


def drawn(tried: str, of: int) -> bool:
    """Draw one of so many, always the same."""
    return crc32(tried.encode()) % of == 0


A_THIRD_AT_ONCE = [  # the others in the whole run
    pytest.param(each, marks=() if drawn(each.sent, 3) else pytest.mark.deep) for each in (*LINES, *BUTTONS, *WORDS)
]


def test_no_command_and_no_button_is_left_out() -> None:
    assert {line.sent.split()[0].removeprefix("/") for line in LINES} == set(BY_NAME)
    assert {button.sent.partition(":")[0] for button in BUTTONS} == set(DECLARED_BUTTONS)


@pytest.mark.parametrize("what", A_THIRD_AT_ONCE, ids=lambda what: what.sent or "all")
async def test_whoever_may_not_changes_nothing_and_reads_nothing(what: Row, settled: PreparedDatabase) -> None:
    counter = a_copy(settled)
    for role in set(Role) - what.allowed:
        heard = await sent(counter, role, what, settled)
        assert not betrayed(heard, role, what.sent), (role, heard)
        assert not what.shows or what.shows not in heard, (role, heard)
        assert (role is Role.STRANGER) <= (UNKNOWN in heard or not heard), heard
    assert await contents(settled.engine) == settled.contents


@pytest.mark.deep
@pytest.mark.parametrize("what", [*LINES, *BUTTONS, *WORDS], ids=lambda what: what.sent or "all")
async def test_whoever_may_gets_it_and_no_more(what: Row, settled: PreparedDatabase) -> None:
    counter = a_copy(settled)
    for role in what.allowed:
        heard = await sent(counter, role, what, settled)
        assert not betrayed(heard, role, what.sent), (role, heard)
        assert what.shows in heard, (role, heard)
        if not what.shows:
            assert await contents(settled.engine) != settled.contents, (role, heard)
            counter = a_copy(settled)
    assert await contents(settled.engine) == settled.contents


@pytest.mark.deep
@pytest.mark.parametrize("role", Role, ids=lambda role: role.name.lower())
async def test_a_name_that_is_nearly_right_is_completed_for_nobody_who_may_not_know_it(
    role: Role, settled: PreparedDatabase
) -> None:
    counter = a_copy(settled)
    for line in LINES:
        for secret in permission_matrix.SECRETS:
            if secret in line.sent and secret != permission_matrix.INVITATION_CODE:
                nearly = line.sent.replace(secret, secret[:-1])
                heard = await counter.line(role, nearly)
                assert not betrayed(heard, role, nearly), (nearly, heard)


@pytest.mark.deep
@pytest.mark.parametrize(
    ("role", "forged"), [(Role.SALES, FORGED), (Role.STRANGER, WEIRD[::5])], ids=["by a manager", "by a stranger"]
)
async def test_what_a_forged_button_carries_does_nothing(
    role: Role, forged: Sequence[str], settled: PreparedDatabase
) -> None:
    """Of a stranger's buttons few: what they carry isn't looked at. Of a manager's each second: all take minutes."""
    tried = [f"{verb}:{arguments}" for verb in ANY_VERB for arguments in forged]
    await do_nothing(a_copy(settled), role, [each for each in tried if drawn(each, 2)])
    assert await contents(settled.engine) == settled.contents


@pytest.mark.deep
@pytest.mark.each_database
async def test_what_is_odd_in_a_button_of_the_owner_does_nothing(engine: Engine, database_url: str) -> None:
    await permission_town.settle(engine)
    before = await contents(engine)
    odd = [f"{verb}:{arguments}" for verb in ANY_VERB for arguments in WEIRD]
    await do_nothing(Counter(engine), Role.OWNER, share_of(database_url, odd))
    assert await contents(engine) == before


async def do_nothing(counter: Counter, role: Role, buttons: Sequence[str]) -> None:
    """Tap buttons that carry something else, and read nothing that this person may not know."""
    for button in buttons:
        if button not in NOT_FORGED:
            heard = await counter.tap(role, button)
            assert not betrayed(heard, role, button.partition(":")[2]), (button, heard)


@pytest.mark.deep
@pytest.mark.each_database
@pytest.mark.parametrize("role", [Role.OWNER, Role.STRANGER], ids=lambda role: role.name.lower())
async def test_numbers_that_nobody_types_are_answered_calmly(role: Role, engine: Engine, database_url: str) -> None:
    await permission_town.settle(engine)
    counter = Counter(engine)
    odd = ("0", "9" * 18, "9" * 19, "-1", "²", "#", "|", "||||||", "#²")
    for line in share_of(database_url, [f"/{name} {text}" for name in (*BY_NAME, "unknown") for text in odd]):
        assert await counter.line(role, line), line


def share_of(database_url: str, tries: Sequence[str]) -> Sequence[str]:
    """Return what is tried on this database, a quarter of it on PostgreSQL: all together take minutes on each."""
    on_postgresql = not database_url.startswith("sqlite")
    return [each for each in tries if drawn(each, 4) == on_postgresql]


@pytest.mark.deep
async def test_a_group_hears_nothing_of_a_stranger_and_no_secret_of_anybody(settled: PreparedDatabase) -> None:
    counter = a_copy(settled)
    for line in LINES:
        assert not await counter.line(Role.STRANGER, line.sent, chat=GROUP)
        if not line.sent.startswith(("/start", "/digest", "/card")):
            for role in KNOWN:
                heard = await counter.line(role, line.sent, chat=GROUP)
                assert heard == ("" if line.sent.split()[0] in ALIASES else ELSEWHERE)


async def test_a_card_is_put_into_a_group_by_those_who_may_change_its_profile(settled: PreparedDatabase) -> None:
    for role in KNOWN:
        heard = await a_copy(settled).line(role, f"/card {OSPREY}", chat=GROUP)
        assert ("Osprey" in heard) == (role in BRANCH)
        assert role in BRANCH or heard == ELSEWHERE


async def test_an_alias_is_answered_in_a_group_if_it_names_the_bot(settled: PreparedDatabase) -> None:
    counter = a_copy(settled)
    assert await counter.line(Role.OWNER, "/links@gangway_bot", chat=GROUP) == ELSEWHERE
    assert await counter.line(Role.OWNER, "/links@other_bot", chat=GROUP) == ""
