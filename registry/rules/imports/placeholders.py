"""Texts that stand where nobody has written anything yet: "[Add region]", "TBD", "Lorem ipsum"."""

import re

from registry.rules.imports.texts import folded

_BRACKETS = re.compile(r"^(?:\[[^\[\]]+\]|<[^<>]+>|\{\{?[^{}]+\}\}?|_{3,}|\.{3,}|…|\?+|#+)$")
_WORDS = re.compile(
    r"^(?:tbd|tbc|tba|to be (?:determined|confirmed|announced|added|defined|completed)|todo|fixme|fill in"
    r"|insert (?:name|vendor|here)|lorem(?: ipsum.*)?|x{3,}|placeholder|your (?:vendor|company|provider)(?: name)?"
    r"|vendor name|company name|entity name|(?:example|sample) (?:vendor|company|provider|subprocessor|entry)"
    r"|noch (?:offen|zu ergänzen)|folgt|wird (?:noch )?ergänzt|à (?:compléter|définir|préciser)"
    r"|미정|추후 ?(?:기재|입력|공지))$"
)
_NONE = frozenset(
    ("n a", "na", "none", "nil", "null", "not applicable", "no subprocessors", "keine", "aucun", "없음")
)


def is_placeholder(text: str) -> bool:
    """Whether a text only keeps a place for another."""
    bare = text.strip()
    return bool(_BRACKETS.match(bare)) or bool(_WORDS.match(bare.casefold().rstrip(" .:")))


def says_none(name: str) -> bool:
    """Whether a name cell says that there is nobody."""
    return folded(name) in _NONE
