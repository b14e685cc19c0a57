"""Objects whose keys are an enumeration: said in the contract too.

msgspec refuses other keys when it reads, but leaves the enumeration out of the schema it makes.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import inspect


def close_keys(types: Sequence[Any], components: dict[str, Any]) -> None:
    """Add ``propertyNames`` to every member of a Struct that is such an object."""
    seen: set[type] = set()
    for info in inspect.multi_type_info(types):
        for struct in _structs(info, seen):
            properties = components.get(struct.cls.__name__, {}).get("properties", {})
            for field in struct.fields:
                keys = _enumerated_keys(field.type)
                if keys is not None and field.encode_name in properties:
                    _add(properties[field.encode_name], [each.value for each in keys.cls])


def _structs(info: inspect.Type, seen: set[type]) -> Iterator[inspect.StructType]:
    if isinstance(info, inspect.StructType):
        if info.cls in seen:
            return
        seen.add(info.cls)
        yield info
        for field in info.fields:
            yield from _structs(field.type, seen)
    for inner in _inner(info):
        yield from _structs(inner, seen)


def _inner(info: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(info, inspect.Metadata):
        yield info.type
    elif isinstance(info, inspect.CollectionType):
        yield info.item_type
    elif isinstance(info, inspect.DictType):
        yield info.value_type
    elif isinstance(info, inspect.UnionType):
        yield from info.types
    elif isinstance(info, inspect.TupleType):
        yield from info.item_types


def _enumerated_keys(info: inspect.Type) -> inspect.EnumType | None:
    if isinstance(info, inspect.DictType):
        return info.key_type if isinstance(info.key_type, inspect.EnumType) else None
    if isinstance(info, inspect.Metadata | inspect.UnionType):
        return next((keys for inner in _inner(info) if (keys := _enumerated_keys(inner))), None)
    return None


def _add(schema: dict[str, Any], names: list[str]) -> None:
    for each in (schema, *schema.get("anyOf", ())):
        if each.get("type") == "object":
            each["propertyNames"] = {"enum": names}
