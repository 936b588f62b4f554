"""Telegram's HTML, parsed into text and entities as Telegram does it.

Offsets of entities are in UTF-16 units; offsets in error messages are in bytes of UTF-8, both as at Telegram.
Left out: custom emoji and mentions by `tg://user?id=`, whose text stays while the entity goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from bot.sandbox.rules.error_messages import ApiError, cannot_parse
from bot.sandbox.rules.urls import AddressError, checked_address

Entity = dict[str, Any]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:#x([0-9a-fA-F]{1,8})|#([0-9]{1,8})|(lt|gt|amp|quot));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_LANGUAGE = "language-"
_LAST_CODE_POINT = 0x10FFFF


@dataclass(frozen=True)
class Formatted:
    """A text with its entities, free of markup."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Opened:
    name: str
    offset: int
    attributes: dict[str, str]


def utf16_length(text: str) -> int:
    """Return the length that Telegram's entities count in."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> Formatted:
    """Parse a text sent with parse_mode HTML, or refuse it with Telegram's words."""
    return _Parser(source).parse()


@dataclass
class _Parser:
    source: str
    at: int = 0
    text: str = ""
    opened: list[_Opened] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> Formatted:
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "&":
                self._character()
            elif character != "<":
                self.text += character
                self.at += 1
            elif self.source.startswith("</", self.at):
                self._end_tag()
            else:
                self._start_tag()
        if self.opened:
            name = self.opened[-1].name
            raise ApiError(cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"'))
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return Formatted(self.text, tuple(self.entities))

    def _byte_offset(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _refuse(self, words: str, position: int) -> NoReturn:
        raise ApiError(cannot_parse(f"{words} at byte offset {self._byte_offset(position)}"))

    def _character(self) -> None:
        decoded, self.at = _decode_one(self.source, self.at)
        self.text += decoded

    def _start_tag(self) -> None:
        begin = self.at
        match = _TAG_NAME.match(self.source, begin + 1)
        name = match.group().lower() if match else ""
        self.at = begin + 1 + len(name)
        if self.at >= len(self.source):
            self._refuse("Unclosed start tag", begin)
        if name not in _KINDS:
            self._refuse(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._refuse('Tag "span" must have class "tg-spoiler"', begin)
        self.opened.append(_Opened(name=name, offset=utf16_length(self.text), attributes=attributes))

    def _attributes(self, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self.source, self.at):
            name, *values = match.groups()
            found[name.lower()] = decode_characters(next((value for value in values if value is not None), ""))
            self.at = match.end()
        rest = self.source[self.at :]
        if not rest.lstrip().startswith(">"):
            self._refuse("Unclosed start tag", begin)
        self.at += rest.index(">") + 1
        return found

    def _end_tag(self) -> None:
        begin = self.at
        if not self.opened:
            self._refuse("Unexpected end tag", begin)
        end = self.source.find(">", begin)
        if end < 0:
            self._refuse("Unclosed end tag", begin)
        name = self.source[begin + 2 : end].strip().lower()
        tag = self.opened.pop()
        if name not in ("", tag.name):
            offset = self._byte_offset(begin)
            words = f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"'
            raise ApiError(cannot_parse(words))
        self.at = end + 1
        self._close(tag)

    def _close(self, tag: _Opened) -> None:
        length = utf16_length(self.text) - tag.offset
        if not length or self._is_language_of_pre(tag, length):
            return
        entity: Entity = {"type": _KINDS[tag.name], "offset": tag.offset, "length": length}
        if tag.name == "blockquote" and "expandable" in tag.attributes:
            entity["type"] = "expandable_blockquote"
        if tag.name == "a" and not self._link(entity, tag):
            return
        if tag.name == "pre" and (language := self._language(entity)):
            entity["language"] = language
        self.entities.append(entity)

    def _link(self, entity: Entity, tag: _Opened) -> bool:
        covered = self.text.encode("utf-16-le")[2 * tag.offset :].decode("utf-16-le")
        try:
            entity["url"] = checked_address(tag.attributes.get("href") or covered)
        except AddressError:  # Telegram, too, keeps the text of a wrong link and drops the link
            return False
        return not entity["url"].startswith("tg://user")

    def _is_language_of_pre(self, tag: _Opened, length: int) -> bool:
        inside = self.opened[-1] if self.opened else None
        if tag.name != "code" or inside is None or inside.name != "pre" or inside.offset != tag.offset:
            return False
        language = tag.attributes.get("class", "")
        if language.startswith(_LANGUAGE):
            mark = {"type": "language", "offset": tag.offset, "length": length}
            self.entities.append({**mark, "language": language.removeprefix(_LANGUAGE)})
        return True

    def _language(self, pre: Entity) -> str:
        last = self.entities[-1] if self.entities else {}
        if last.get("type") != "language":
            return ""
        self.entities.pop()
        whole = (last["offset"], last["length"]) == (pre["offset"], pre["length"])
        return str(last["language"]) if whole else ""


def decode_characters(text: str) -> str:
    """Replace the character references that Telegram knows."""
    return _CHARACTER.sub(lambda match: _decode_one(match.group(), 0)[0], text)


def _decode_one(source: str, at: int) -> tuple[str, int]:
    match = _CHARACTER.match(source, at)
    if match is None:
        return source[at], at + 1
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name], match.end()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    surrogate = 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - the range that UTF-16 keeps for itself
    if not 0 < code <= _LAST_CODE_POINT or surrogate:
        return source[at], at + 1
    return chr(code), match.end()
