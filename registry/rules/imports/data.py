"""Kinds of data as a list names them, under the keys that the register has for them."""

import re
from collections.abc import Sequence

from registry.rules.imports.rows import kinds_of_data
from registry.rules.imports.texts import folded
from registry.rules.patches import Document

DATA_KEY = "data-"
_DATA_KEY = re.compile(rf"^{DATA_KEY}\d{{3,9}}$")
_SENTENCE_END = re.compile(r"(?<=[.:])\s+")


def data_of(texts: Sequence[str], old: Document) -> Document:
    """Kinds of data under their keys.

    What the list's commas or line breaks cut apart is still the one of the register, and what the register has in
    parts is still those where the list writes them in one: white space alone is no change.
    """
    found: Document = {}
    left = list(texts)
    for key, item in old.items():
        parts = _parts(str(item["text"]))
        if len(parts) > 1 and set(parts) <= set(texts):
            found[key] = item
            left = [text for text in left if text not in parts]
    known = {folded(str(item["text"])): key for key, item in old.items() if key not in found}
    taken = set(old)
    for text in left:
        parts = _parts(text)
        if len(parts) > 1 and all(folded(part) in known for part in parts):
            found |= {known[folded(part)]: old[known[folded(part)]] for part in parts}
            continue
        known_key = known.get(folded(text))
        if known_key is None:
            found[_next_key(taken)] = {"text": text}
        else:
            found[known_key] = {**old[known_key], "text": text}
    return found


def _parts(text: str) -> tuple[str, ...]:
    """The kinds that a text would be if each of its sentences stood on a line of its own."""
    return kinds_of_data(_SENTENCE_END.sub("\n", text))


def _next_key(taken: set[str]) -> str:
    """Keys of equal length, counted on, so that what is stored by key keeps the order of the list."""
    number = max((int(key[len(DATA_KEY) :]) for key in taken if _DATA_KEY.match(key)), default=0) + 1
    key = f"{DATA_KEY}{number:03}"
    taken.add(key)
    return key
