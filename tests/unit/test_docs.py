"""The documents name what exists: files, modules, functions, commands, settings, links."""

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.handlers.policies import POLICIES
from bot.receiving.routes import BY_NAME
from core.config import Settings
from core.domain.access import FOR_CUSTOM_ROLES
from core.domain.field_kinds import CUSTOM_KINDS

ROOT = Path(__file__).parents[2]
FOLDERS = ("", "bot", "core", "web", "bot/sandbox")  # a document may name a file by its place in its package
MADE_BY_RUNNING = "data/"
OF_GLIBC = {"GLIBC_TUNABLES"}
OF_BOTFATHER = {"setinline", "setinlinefeedback"}
PACKAGES = ("core.", "bot.", "web.", "tests.", "benchmarks.")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
FOR_USERS = [
    file for file in DOCUMENTS if file.stem in {"README", "CHANGELOG", "chat", "pages", "operating", "sandbox"}
]
FOR_DEVELOPERS = [ROOT / "docs" / f"{name}.md" for name in ("architecture", "contributing", "glossary")]
SECTIONS = ["Context", "Decision", "Alternatives considered", "Consequences"]

SPAN = re.compile(r"`([^`\n]+)`")
TABLE_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
PATH = re.compile(r"[\w.-]+/|(?:[\w.-]+/)*[\w.-]+\.(?:py|md|html|json|toml|po)|(?:[\w.-]+/)+[\w.-]*")
MODULE = re.compile(r"[a-z_]+(?:\.\w+)+")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
SETTING = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
COMMAND = re.compile(r"(?<![\w/.`])`/([a-z]+)(?=[ `])")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
WORD = re.compile(r"\w+")
MOST_BYTES = 600_000  # of the pictures of one document


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def spans(file: Path) -> list[str]:
    return SPAN.findall(read(file))


def exists(path: str) -> bool:
    return path.startswith(MADE_BY_RUNNING) or any((ROOT / folder / path).exists() for folder in FOLDERS)


def is_named(dotted: str) -> bool:
    """Whether there is such a module, or such a name in one."""
    module, _, name = dotted.rpartition(".")
    try:
        return find_spec(dotted) is not None
    except ModuleNotFoundError:
        found = find_spec(module)
        return found is not None and found.origin is not None and name in WORD.findall(read(Path(found.origin)))


def code() -> Iterator[Path]:
    for folder in ("bot", "core", "web", "tests", "benchmarks"):
        yield from (ROOT / folder).rglob("*.py")
    yield ROOT / "gangway.py"


def names_in(file: Path) -> Iterator[str]:
    """Yield what a file defines: its path's names, functions, classes, arguments, variables, strings, and imports."""
    yield from file.relative_to(ROOT).with_suffix("").parts
    for node in ast.walk(ast.parse(read(file))):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(name=name):
                yield from name.split(".")
            case ast.Constant(value=str(name)):  # a table, a verb
                yield name


@pytest.fixture(scope="module")
def defined() -> set[str]:
    """Every name that the code defines or imports."""
    return {name for file in code() for name in names_in(file)}


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_every_file_and_folder_that_a_document_names_exists(file: Path) -> None:
    named = [span for span in spans(file) if PATH.fullmatch(span)]
    assert [path for path in named if not exists(path)] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_every_module_that_a_document_names_exists(file: Path) -> None:
    named = [span for span in spans(file) if MODULE.fullmatch(span) and span.startswith(PACKAGES)]
    assert [module for module in named if not PATH.fullmatch(module) and not is_named(module)] == []


@pytest.mark.parametrize("file", FOR_DEVELOPERS, ids=name_of)
def test_every_name_of_the_code_that_a_document_tells_developers_is_in_it(file: Path, defined: set[str]) -> None:
    named = [span for span in spans(file) if IDENTIFIER.fullmatch(span) and not PATH.fullmatch(span)]
    assert [name for name in named if not defined.issuperset(name.split("."))] == []


@pytest.mark.parametrize("package", ["core", "bot", "web"])
def test_the_architecture_names_every_part_of_a_package(package: str) -> None:
    modules = {file.name for file in (ROOT / package).glob("[!_]*.py")}
    folders = {f"{folder.name}/" for folder in (ROOT / package).glob("[!_]*/")}
    assert modules | folders <= set(spans(ROOT / "docs" / "architecture.md"))


def test_what_decides_a_question_is_in_the_file_that_the_architecture_names() -> None:
    _, _, table = read(ROOT / "docs" / "architecture.md").partition("decided?\n")
    rows = [SPAN.findall(row) for row in TABLE_ROW.findall(table.partition("\n## ")[0])]
    assert len(rows) > 15
    for row in filter(None, rows):
        said = " ".join(read(ROOT / path) for path in row if PATH.fullmatch(path))
        names = [name.rpartition(".")[2] for name in row if not PATH.fullmatch(name)]
        assert names
        defined = re.findall(r"^\s*(?:async def |def |class )?(\w+)(?=[(:]| =)", said, re.MULTILINE)
        assert set(names) <= set(defined)


@pytest.mark.parametrize("file", FOR_USERS, ids=name_of)
def test_every_setting_that_a_document_tells_users_exists(file: Path) -> None:
    settings = {name.upper() for name in Settings.model_fields}
    assert set(SETTING.findall(read(file))) - settings - OF_GLIBC == set()


def test_the_document_of_the_chat_names_every_command_and_no_other() -> None:
    assert set(COMMAND.findall(read(ROOT / "docs" / "chat.md"))) - OF_BOTFATHER == set(BY_NAME)


def test_the_document_of_the_chat_names_every_kind_of_field_policy_and_permission_that_people_type() -> None:
    said = spans(ROOT / "docs" / "chat.md")
    assert {*CUSTOM_KINDS, *FOR_CUSTOM_ROLES} <= set(said)
    assert [name for name in POLICIES if not any(line.startswith(f"/settings {name} ") for line in said)] == []


@pytest.mark.parametrize("file", DOCUMENTS, ids=name_of)
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(file: Path) -> None:
    for target in LINK.findall(read(file)):
        if not target.startswith(("http://", "https://")):
            path, _, anchor = target.partition("#")
            found = file.parent / path if path else file
            assert found.exists(), target
            headings = [heading.lower().replace(" ", "-") for heading in HEADING.findall(read(found))] if anchor else []
            assert not anchor or anchor in headings, target


@pytest.mark.parametrize("file", DECISIONS, ids=name_of)
def test_a_decision_says_its_status_and_has_every_section(file: Path) -> None:
    text = read(file)
    assert re.search(r"^\*\*Status:\*\* \w+", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS


def test_the_index_lists_every_decision_by_its_title() -> None:
    index = read(ROOT / "docs" / "decisions" / "README.md")
    for file in DECISIONS[1:]:
        number, _, title = read(file).partition("\n")[0].removeprefix("# ").partition(". ")
        assert f"| [{number}]({file.name}) | {title} |" in index


def test_the_pictures_of_the_way_are_few_bytes_and_each_is_shown() -> None:
    shown, folder = (ROOT / "docs/way.md").read_text(), ROOT / "docs/pictures/way"
    pictures = sorted(folder.iterdir())
    assert sum(each.stat().st_size for each in pictures) < MOST_BYTES
    assert [each.name for each in pictures if f"pictures/way/{each.name}" not in shown] == []
    assert all((ROOT / "docs" / found).is_file() for found in re.findall(r"pictures/way/[\w.-]+", shown))
