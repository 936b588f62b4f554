"""Parses Telegram's HTML into a text and entities, as Telegram does.

Offsets of entities are in UTF-16 code units, offsets in error messages in bytes of UTF-8, both as in Telegram.
Not supported: custom emoji, and mentions by `tg://user?id=`, which keep their text and lose the entity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.character_references import decode_reference, decode_references
from bot.sandbox.rules.error_messages import invalid_entities
from bot.sandbox.rules.formatted_text import Entity, FormattedText, utf16_length
from bot.sandbox.rules.urls import UrlError, checked_url

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
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_LANGUAGE = "language-"


@dataclass(frozen=True, kw_only=True)
class _OpenTag:
    name: str
    offset: int
    attributes: dict[str, str]


def parse_html(source: str) -> FormattedText:
    """Parse a text sent with parse_mode HTML, or raise the error that Telegram would return."""
    return _Parser(source).parse()


@dataclass
class _Parser:
    source: str
    at: int = 0
    text: str = ""
    opened: list[_OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def parse(self) -> FormattedText:
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
            raise ApiError(invalid_entities(f'Can\'t find end tag corresponding to start tag "{name}"'))
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return FormattedText(self.text, tuple(self.entities))

    def _byte_offset(self, position: int) -> int:
        return len(self.source[:position].encode())

    def _refuse(self, words: str, position: int) -> NoReturn:
        raise ApiError(invalid_entities(f"{words} at byte offset {self._byte_offset(position)}"))

    def _character(self) -> None:
        decoded, self.at = decode_reference(self.source, self.at)
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
        self.opened.append(_OpenTag(name=name, offset=utf16_length(self.text), attributes=attributes))

    def _attributes(self, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while match := _ATTRIBUTE.match(self.source, self.at):
            name, *values = match.groups()
            found[name.lower()] = decode_references(next((value for value in values if value is not None), ""))
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
            raise ApiError(invalid_entities(words))
        self.at = end + 1
        self._close(tag)

    def _close(self, tag: _OpenTag) -> None:
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

    def _link(self, entity: Entity, tag: _OpenTag) -> bool:
        covered = self.text.encode("utf-16-le")[2 * tag.offset :].decode("utf-16-le")
        try:
            entity["url"] = checked_url(tag.attributes.get("href") or covered)
        except UrlError:  # Telegram, too, keeps the text of an invalid link and drops the entity
            return False
        return not entity["url"].startswith("tg://user")

    def _is_language_of_pre(self, tag: _OpenTag, length: int) -> bool:
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
