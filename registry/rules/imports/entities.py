"""Rows of a list gathered into entities, each with its uses."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from registry.resources.base import TEXT_MAX
from registry.resources.lists import Column, ListRow, PublishedList
from registry.rules.imports.names import Entity, entity, with_brand
from registry.rules.imports.placeholders import is_placeholder, says_none
from registry.rules.imports.rows import Use, use
from registry.rules.imports.scopes import services_named
from registry.rules.imports.texts import folded, one_line
from transfers.places.cleaning import has_markup

_NAME_MAX = 200
STRUCK = "Its name is struck out in the list, so it counts as not on the list. If it is still in use, ask the vendor."


class Listed(Struct, frozen=True, kw_only=True):
    """One entity of the list with its rows."""

    entity: Entity
    uses: tuple[Use, ...]

    @property
    def row(self) -> int:
        return self.uses[0].row


class Gathered(Struct, frozen=True, kw_only=True):
    """What the rows of a list come to."""

    entities: list[Listed]
    rejected: list["Rejected"]
    left_out: list["Rejected"]
    """Rows that say themselves that they are not on the list of the day: ended, or still to come."""
    services: list[str]
    """All services that the list names, also as exceptions."""


class Rejected(Struct, frozen=True, kw_only=True):
    """A row that cannot be taken, with the reasons."""

    row: int
    name: str
    reasons: tuple[str, ...]


def gather(read: PublishedList, known_services: Iterable[str], day: date | None = None) -> Gathered:
    """The entities in the order of their first rows; `known_services` are the names on the register.

    With a `day`, rows that are not in use on it by their status or their dates are left out, with the reason.
    """
    services = {folded(name): name for name in reversed(list(known_services))}
    named = services_named(read, services.keys())
    for name in named:
        services.setdefault(folded(name), name)
    found: list[tuple[Entity, Use]] = []
    rejected: list[Rejected] = []
    left_out: list[Rejected] = []
    seen: dict[str, int] = {}
    for row in read.rows:
        who = entity(row.get(Column.NAME))
        reasons = _reasons(row, who)
        if reasons:
            name = who.written or " ".join(row.get(Column.NAME).split())[:_NAME_MAX]
            rejected.append(Rejected(row=row.row, name=name, reasons=tuple(reasons)))
            continue
        said = use(row, read, services)
        if row.struck:
            left_out.append(Rejected(row=row.row, name=who.written, reasons=(STRUCK, *said.problems)))
            continue
        if day is not None and (reason := said.standing.left_out(day)):
            left_out.append(Rejected(row=row.row, name=who.written, reasons=(reason, *said.problems)))
            continue
        first = seen.setdefault(repr(sorted(row.cells.items())), row.row)
        if first != row.row:
            repeats = f"It repeats row {first} word for word, and adds nothing."
            said = replace(said, problems=(repeats, *said.problems))
        found.append((who, said))
    return Gathered(
        entities=_entities(_brands_apart(found)),
        rejected=rejected,
        left_out=left_out,
        services=list(dict.fromkeys(services[folded(name)] for name in named)),
    )


def _brands_apart(found: Sequence[tuple[Entity, Use]]) -> list[tuple[Entity, Use]]:
    """Where one name stands with several brands, each is an entity of its own, under its name and brand."""
    brands: dict[str, dict[str, str]] = {}
    for who, _ in found:
        if who.trading_name:
            brands.setdefault(who.key, {}).setdefault(folded(who.trading_name), who.trading_name)
    apart = []
    for who, said in found:
        several = brands.get(who.key, {})
        if len(several) <= 1:
            apart.append((who, said))
            continue
        names = ", ".join(f"“{name}”" for name in several.values())
        remark = (
            f"The list has “{who.legal_name}” with several brands ({names}), so each of its entries is taken for an"
            " entity of its own. If they are one, write the same name into all."
        )
        named = replace(who, legal_name=with_brand(who.legal_name, who.trading_name), trading_name=None)
        apart.append((named, replace(said, problems=(remark, *said.problems))))
    return apart


def _entities(found: Sequence[tuple[Entity, Use]]) -> list[Listed]:
    """Rows of one name are one entity, unless they differ in their legal forms: a GmbH is no Inc."""
    forms: dict[str, list[str]] = {}
    for who, _ in found:
        written = forms.setdefault(who.key, [])
        if who.form is not None and who.form not in written:
            written.append(who.form)
    groups: dict[tuple[str, str | None], list[tuple[Entity, Use]]] = {}
    for who, said in found:
        several = len(forms[who.key]) > 1
        form = (who.form or forms[who.key][0]) if several else None
        groups.setdefault((who.key, form), []).append((who, said))
    return [_listed(rows) for rows in groups.values()]


def _listed(rows: Sequence[tuple[Entity, Use]]) -> Listed:
    """One entity; rows that write it in another way say with which they are read as one."""
    spellings: dict[str, int] = {}
    for who, said in rows:
        spellings.setdefault(who.written, said.row)
    first = rows[0][0]
    uses = tuple(_remarked(who, said, spellings) for who, said in rows)
    brand = next((who.trading_name for who, _ in rows if who.trading_name), None)
    return Listed(entity=replace(first, trading_name=brand), uses=uses)


def _remarked(who: Entity, said: Use, spellings: dict[str, int]) -> Use:
    others = [f"“{name}” (row {row})" for name, row in spellings.items() if name != who.written]
    remarks = [f"It is read as one entity with {', '.join(others)}."] if others else []
    parts = [
        f"{part} “{text}”"
        for part, text in (
            ("brand", who.trading_name),
            ("address", who.address),
            ("country", who.country),
            ("registration number", who.registration),
        )
        if text
    ]
    if parts:
        remarks.append(f"Its name is read as “{who.legal_name}” with the {', the '.join(parts)}.")
    if who.others:
        several = ", ".join(f"“{name}”" for name in who.others)
        remarks.append(
            f"Its name may be those of several legal entities ({several}), and is taken for one. If they are several,"
            " give each a row of its own."
        )
    if who.former:
        remarks.append(
            f"It was called “{who.former}” before; if that is on the register, say that it is the same."
        )
    if who.parent:
        remarks.append(
            f"It is said to belong to “{who.parent}”, which is not taken over. Record the group with the organisation."
        )
    return replace(said, problems=(*remarks, *said.problems))


def _reasons(row: ListRow, who: Entity) -> list[str]:
    reasons = list(row.faults)
    if not one_line(who.written) and has_markup(who.written or row.get(Column.NAME)):
        reasons.append("The name is nothing but markup. Write the sub-processor's legal name into the row.")
    elif not who.written and not row.faults:
        reasons.append(
            "The name is missing. Write the sub-processor's legal name into the row, or delete the row."
        )
    elif who.written and (is_placeholder(who.written) or says_none(who.written) or not folded(who.written)):
        reasons.append(
            f"The name “{who.written}” is a placeholder that nobody has filled in. Write the sub-processor's legal name"
            " into the row, or delete the row."
        )
    elif who.written.startswith("=") and Column.NAME not in row.literal:
        reasons.append(
            f"The name “{who.written[:_NAME_MAX]}” is a formula. Write what it shows into the row."
        )
    if len(who.legal_name) > _NAME_MAX:
        reasons.append(
            f"The name has {len(who.legal_name)} characters; up to {_NAME_MAX} are taken. Shorten it."
        )
    for column in (Column.PURPOSE, Column.PLACE, Column.STORAGE_PLACE, Column.DATA):
        length = len(one_line(row.get(column)))
        if length > TEXT_MAX:
            reasons.append(
                f"The column `{column.value}` has {length} characters; up to {TEXT_MAX} are taken. Shorten it."
            )
    return reasons
