"""Differences between two documents, member by member, in the words of the published list."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from feeds import wording
from registry.resources.changes import Difference, Effect
from registry.rules.effect import effect
from registry.rules.patches import Document, Path, is_keyed, matches

ROLES = {
    "storage": "storage",
    "processing": "processing",
    "support_access": "support access",
    "backup": "backup",
    "logging": "logging",
    "content_delivery": "content delivery",
}
# Collections that read as one set of names; empty means all.
SETS: tuple[Path, ...] = (
    ("uses", "*", "services"),
    ("uses", "*", "places", "*", "services"),
    ("uses", "*", "places", "*", "regions"),
)
# Things told as one line when they come or go, instead of member by member.
THINGS: tuple[Path, ...] = (
    ("uses", "*"),
    ("uses", "*", "data", "*"),
    ("uses", "*", "places", "*"),
    ("safeguards", "*"),
    ("contacts", "*"),
    ("certifications", "*"),
)
FLAGS: tuple[Path, ...] = (("uses", "*", "optional"), ("uses", "*", "data", "*", "*"))
"""Yes-or-no members whose absence means no."""

DUTIES: Path = ("obligations",)
INTERNAL: tuple[Path, ...] = (
    ("contacts",),
    ("safeguards", "*", "reference"),
    ("safeguards", "*", "evidenced_on"),
    ("safeguards", "*", "tool", "tia"),
    ("safeguards", "*", "tool", "sub_processor_authorisation"),
    ("notice_days",),
    ("certifications_known",),
)
"""Members that the public never sees, even as a difference."""


class Names(Struct, frozen=True):
    """Names for keys and ids, so that differences read as sentences."""

    services: Mapping[str, str] = {}
    organisations: Mapping[str, str] = {}


def differences(old: Document, new: Document, names: Names) -> tuple[Difference, ...]:
    """What differs between two documents of one subject, in the order of the members."""
    return tuple(_compare(old, new, (), (old, new), names))


def is_internal(path: Path) -> bool:
    """Whether a difference at this path is for colleagues only."""
    return any(matches(path[: len(pattern)], pattern) for pattern in INTERNAL)


def _compare(
    old: Document, new: Document, at: Path, roots: tuple[Document, Document], names: Names
) -> Iterator[Difference]:
    for member in [*old, *(member for member in new if member not in old)]:
        path = (*at, member)
        before, after = old.get(member), new.get(member)
        before = None if _blank(path, before) else before
        after = None if _blank(path, after) else after
        if before == after:
            continue
        if path == DUTIES:
            yield _duties(before or {}, after or {})
        elif any(matches(path, pattern) for pattern in SETS):
            yield from _compare_sets(before or {}, after or {}, path, roots, names)
        elif _is_object(before) and _is_object(after) and not _whole(path, before, after):
            yield from _compare(before or {}, after or {}, path, roots, names)
        else:
            yield _difference(path, before, after, roots, names)


def _duties(before: Document, after: Document) -> Difference:
    """The obligations passed on, told as one line: to drop any of them weakens the promise to clients."""
    return Difference(
        path=DUTIES,
        label="obligations passed on",
        old=", ".join(map(_plain, sorted(before))) or None,
        new=", ".join(map(_plain, sorted(after))) or None,
        effect=Effect.NARROWS if set(before) <= set(after) else Effect.WIDENS,
    )


def _is_object(value: Any) -> bool:
    """Whether a value can be compared member by member; an absent one is an empty object."""
    return value is None or isinstance(value, dict)


def _whole(path: Path, before: Any, after: Any) -> bool:
    """Whether a thing that comes or goes is told as one line."""
    return (before is None or after is None) and (
        any(matches(path, pattern) for pattern in THINGS) or path[-1] in ("tool", "tia", "agreement")
    )


def _compare_sets(
    before: Document, after: Document, path: Path, roots: tuple[Document, Document], names: Names
) -> Iterator[Difference]:
    """Sets in which empty means all: from all to some is one difference, key by key otherwise."""
    if not before or not after:
        yield Difference(
            path=path,
            label=label(path, roots[1] if after else roots[0]),
            old=_set_words(before, names, of=path[-1]),
            new=_set_words(after, names, of=path[-1]),
            effect=effect(path, before or None, after or None),
        )
        return
    yield from _compare(before, after, path, roots, names)


def _difference(
    path: Path, before: Any, after: Any, roots: tuple[Document, Document], names: Names
) -> Difference:
    root = roots[1] if after is not None else roots[0]
    place = _at(roots[1], path[:4]) if path[2:3] == ("places",) else None
    return Difference(
        path=path,
        label=label(path, root),
        old=words(path, before, names),
        new=words(path, after, names),
        effect=effect(path, before, after, place=place),
    )


def label(path: Path, root: Document) -> str:  # noqa: PLR0911 - one line for each member of a record
    """What the member is called in a sentence, such as "place of backup for Hosting"."""
    match path:
        case ("uses", _):
            return "use"
        case ("uses", use, "places", place, *rest):
            what = _at(root, ("uses", use, "places", place)) or {}
            role = ROLES.get(str(what.get("role")), "processing")
            member = f", {_plain(rest[0])}" if rest and rest[0] != "text" else ""
            return f"place of {role} for “{_purpose(root, use)}”{member}"
        case ("uses", use, "data", *_):
            return f"data for “{_purpose(root, use)}”"
        case ("uses", use, member, *_):
            return f"{_plain(member)} of “{_purpose(root, use)}”"
        case ("safeguards", _):
            return "safeguard"
        case ("safeguards", key, *rest):
            return f"safeguard “{_plain(key)}”, {_plain('.'.join(r for r in rest if r != 'tool'))}"
        case (member, *_):
            return _plain(member)
    return _plain(".".join(path))


def words(  # noqa: PLR0911 - one line for each sort of value
    path: Path, value: Any, names: Names
) -> str | None:
    """A value as a person would say it; None stays None."""
    if value is None:
        return None
    if value is True and is_keyed(path):
        return names.services.get(path[-1], names.organisations.get(path[-1], _plain(path[-1])))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return _thing(path, value, names)
    if path[-1] == "operated_by":
        return names.organisations.get(str(value), str(value))
    if path[-1] == "role":
        return ROLES.get(str(value), str(value))
    if path == ("category",) or path[-1] == "type":
        return _plain(str(value))
    return _day(value) if path[-1].endswith("_on") else str(value)


def _thing(  # noqa: PLR0911 - one line for each sort of thing
    path: Path, value: Document, names: Names
) -> str:
    if "purpose" in value and "places" in value:
        places = "; ".join(
            _thing((*path, "places", key), place, names) for key, place in value["places"].items()
        )
        scope = _set_words(value.get("services", {}), names)
        data = ", ".join(str(category.get("text")) for category in value.get("data", {}).values())
        return (
            f"{value['purpose']}, {places}"
            + (f", data: {data}" if data else "")
            + (f", for {scope}" if value.get("services") else "")
        )
    if "role" in value and "text" in value:
        return f"{value['text']} ({ROLES.get(str(value['role']), value['role'])})"
    if "tool" in value:
        return tool_words(value["tool"])
    if "type" in value:
        return tool_words(value)
    if "framework" in value:
        return f"{value['framework'].replace('_', '-')} ({value.get('status', 'active').replace('_', ' ')})"
    if "text" in value:
        return str(value["text"])
    return ", ".join(
        f"{_plain(key)}: {_day(item) if key.endswith('_on') and item else _scalar(item)}"
        for key, item in value.items()
    )


def tool_words(tool: Document) -> str:
    """An instrument as a published list names it."""
    detail = [
        str(tool[member])
        for member in ("set", "kind", "scheme", "code", "ground", "name")
        if tool.get(member)
    ]
    if tool.get("module"):
        detail.append(f"module {tool['module']}")
    if tool.get("concluded_on"):
        detail.append(f"concluded on {_day(tool['concluded_on'])}")
    name = {"scc": "standard contractual clauses", "bcr": "binding corporate rules"}.get(
        str(tool.get("type")), _plain(str(tool.get("type", "instrument")))
    )
    return f"{name} ({', '.join(detail)})" if detail else name


def _day(value: Any) -> str:
    """A day of a document, where it is JSON, in words."""
    return wording.day(date.fromisoformat(str(value)))


def _scalar(item: Any) -> str:
    return ", ".join(map(str, item)) if isinstance(item, (dict, list)) else str(item)


def _set_words(chosen: Document, names: Names, of: str = "services") -> str:
    known = names.services if of == "services" else {}
    return ", ".join(known.get(key, _plain(key)) for key in chosen) or f"all {of}"


def _purpose(root: Document, use: str) -> str:
    found = _at(root, ("uses", use)) or {}
    return str(found.get("purpose", _plain(use)))


def _at(root: Document, path: Path) -> Any:
    value: Any = root
    for member in path:
        value = value.get(member) if isinstance(value, dict) else None
    return value


def _blank(path: Path, value: Any) -> bool:
    """Whether a value says no more than its absence: nothing, an empty set, a flag that is off."""
    flag = any(matches(path, pattern) for pattern in FLAGS)
    return value is None or value == {} or (flag and value is False)


def _plain(member: str) -> str:
    plain = member.replace("_", " ").replace("-", " ").replace(".", ", ")
    return plain.replace("sub process", "sub-process")


def widening(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Those that need the full notice period."""
    return tuple(difference for difference in found if difference.effect is Effect.WIDENS)
