"""What a command is, declared beside its handler: its names, its line, who may use it, and how it is described."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from markupsafe import Markup

from bot.context import Context
from bot.menu.choice import Choice
from bot.menu.form import Form, Part
from bot.screens.screen import Screen
from bot.wording.phrases import N_, Words
from core.domain.access import Permission

__all__ = ["TITLES", "Choice", "Command", "CommandHandler", "Part", "Subject", "in_order"]


class Subject(StrEnum):
    """What a group of commands is about, in the order of `/help`; the value is what `/help` takes."""

    PROFILES = "profiles"
    DIGESTS = "digests"
    PEOPLE = "people"
    ROLES = "roles"
    DEPARTMENTS = "departments"
    COURSES = "courses"
    FORM = "form"
    ACCOUNT = "account"
    HELP = "help"


TITLES: Mapping[Subject, str] = {
    Subject.PROFILES: N_("Sign-up profiles"),
    Subject.DIGESTS: N_("Digests"),
    Subject.PEOPLE: N_("People"),
    Subject.ROLES: N_("Roles"),
    Subject.DEPARTMENTS: N_("Departments"),
    Subject.COURSES: N_("Courses"),
    Subject.FORM: N_("Sign-up form"),
    Subject.ACCOUNT: N_("Account"),
    Subject.HELP: N_("Help"),
}

CommandHandler = Callable[[Context, str], Awaitable[Screen]]


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command. The line's parser, /help, Telegram's menu and the answers to mistakes read it.

    - `aliases` are understood as the name is, and listed nowhere.
    - Neither /help nor the menu lists a command without a `summary`.
    - `parts` are what `|` separates; none if the line is not divided so.
    - `form` asks for the parts by taps, if nothing follows the name.
    - `examples` are whole lines, to copy.
    - `keywords` are words that can follow the name; /help finds the command by them.
    - `permission`, or one of `also`, is needed to be offered the command; everybody is offered it if there is none.
    - `together` is needed besides.
    - `rank` orders the commands of a subject, the lowest first; those of one rank stay as they are declared.
    - `in_groups`: it is answered in groups, not in private chats alone.
    - `alone`: nothing follows the name; a line with more is answered with how it is written.
    - `by_profile_number`: the line begins with a profile's number, where people may type its name instead.
    - `guided` are the parts that the bare command asks for one by one, if they aren't `parts`; `between` joins them to
      a line, and `chosen` handles it, if the handler doesn't.
    - `titles` say what is being done if the first answer is one of these, and is known before anything is asked.
    - `opens` is the screen of the bare command, if that asks for no part and isn't the handler's.
    - `reads_file` answers a file that is sent in place of the part `file_part` (from 0), when it is asked for or
      with the line below it; it gets the rest of the line. It may be a photo if the command `takes_photos`.
    """

    name: str
    aliases: tuple[str, ...] = ()
    handler: CommandHandler
    summary: str = ""
    parts: tuple[Part, ...] = ()
    form: Form | None = None
    examples: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    permission: Permission | None = None
    also: tuple[Permission, ...] = ()
    together: Permission | None = None
    subject: Subject
    rank: int = 0
    in_groups: bool = False
    alone: bool = False
    by_profile_number: bool = False
    guided: tuple[Part, ...] = ()
    between: str = " | "
    chosen: CommandHandler | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    opens: CommandHandler | None = None
    reads_file: CommandHandler | None = None
    file_part: int = 0
    takes_photos: bool = False

    @property
    def asked(self) -> tuple[Part, ...]:
        """The parts that can be asked for one by one."""
        return self.guided or self.parts

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases)

    @property
    def is_listed(self) -> bool:
        """Whether /help and the menu list it."""
        return bool(self.summary)

    @property
    def required(self) -> int:
        """How many parts a line needs; the optional ones follow them."""
        return sum(not part.optional for part in self.parts)

    def is_for(self, permissions: frozenset[Permission]) -> bool:
        """Tell whether to offer the command to a person with these permissions."""
        needed = self.permission is None or not permissions.isdisjoint({self.permission, *self.also})
        return needed and (self.together is None or self.together in permissions)

    def part_names(self, words: Words) -> list[Markup]:
        """Return the names of the parts in a language."""
        return [words.say(part.name) for part in self.parts]

    def described(self, words: Words) -> Markup:
        """Describe the command in one line: the summary, and the form of its line if that has parts."""
        if not self.parts:
            return words.say(self.summary)
        return Markup("{}: {}").format(words.say(self.summary), Markup(" | ").join(self._shown_parts(words)))

    def _shown_parts(self, words: Words) -> list[Markup]:
        named = zip(self.parts, self.part_names(words), strict=True)
        return [words.say("{part} (optional)", part=name) if part.optional else name for part, name in named]


def in_order(commands: Iterable[Command]) -> tuple[Command, ...]:
    """Sort commands as /help and the menu list them: by subject, then by rank, then as they are given."""
    subjects = list(Subject)
    return tuple(sorted(commands, key=lambda command: (subjects.index(command.subject), command.rank)))
