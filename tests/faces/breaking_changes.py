"""What in an interface breaks its clients, told one line a change; docs/versioning.md says it in words.

Of OpenAPI: an operation, a parameter, an answer's property or an enum's value that is gone; a parameter
or field of a request that is now required, or no longer accepts what it did; a property of an answer that
was always there and need not be. Where there are several forms (`anyOf`, `oneOf`), each that could be sent
must still be taken by one, and each that is answered must be one that was known. Of GraphQL: what
graphql-core finds.
"""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema
from graphql.utilities import find_breaking_changes

Json = dict[str, Any]


def breaking_in_graphql(old: str, new: str) -> list[str]:
    changes = find_breaking_changes(build_schema(old), build_schema(new))
    return sorted(f"GraphQL: {change.description}" for change in changes)


def breaking_in_openapi(old: Json, new: Json) -> list[str]:
    return sorted({f"REST: {line}" for line in _operations(old, new)})


def unannounced_in_graphql(old: str, new: str) -> list[str]:
    """Fields that are gone and that the last release had not deprecated."""
    was, now = build_schema(old).type_map, build_schema(new).type_map
    return sorted(
        f"GraphQL: {kind.name}.{name}"
        for kind in was.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for name, field in kind.fields.items()
        if field.deprecation_reason is None
        and name not in getattr(now.get(kind.name), "fields", {})
    )


def unannounced_in_openapi(old: Json, new: Json) -> list[str]:
    """Operations that are gone and that the last release had not deprecated."""
    return sorted(
        f"REST: {method.upper()} {path}"
        for path, methods in old["paths"].items()
        for method, operation in methods.items()
        if not operation.get("deprecated") and method not in new["paths"].get(path, {})
    )


def _operations(old: Json, new: Json) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            other = new["paths"].get(path, {}).get(method)
            if other is None:
                yield f"{name} is gone"
                continue
            if other["operationId"] != operation["operationId"]:
                yield f"{name} is no longer called {operation['operationId']}"
            yield from _parameters(name, old, operation, new, other)
            yield from _bodies(name, old, operation, new, other)
            yield from _answers(name, old, operation, new, other)


def _parameters(name: str, old: Json, before: Json, new: Json, after: Json) -> Iterator[str]:
    known = {(each["in"], each["name"]): each for each in before.get("parameters", ())}
    present = {(each["in"], each["name"]): each for each in after.get("parameters", ())}
    for key, parameter in known.items():
        if key not in present:
            yield f"{name} no longer takes the parameter {key[1]}"
            continue
        yield from _request(
            f"{name} {key[1]}", old, parameter["schema"], new, present[key]["schema"]
        )
    for key, parameter in present.items():
        was_required = known.get(key, {}).get("required", False)
        if parameter.get("required") and not was_required:
            yield f"{name} now requires the parameter {key[1]}"


def _bodies(name: str, old: Json, before: Json, new: Json, after: Json) -> Iterator[str]:
    was, now = (each.get("requestBody", {}) for each in (before, after))
    if now.get("required") and not was.get("required"):
        yield f"{name} now requires a body"
    for kind, content in was.get("content", {}).items():
        other = now.get("content", {}).get(kind)
        if other is None:
            yield f"{name} no longer takes {kind}"
            continue
        yield from _request(f"{name} body", old, content["schema"], new, other["schema"])


def _answers(name: str, old: Json, before: Json, new: Json, after: Json) -> Iterator[str]:
    for status, answer in before["responses"].items():
        other = after["responses"].get(status)
        if other is None:
            if status.startswith("2"):
                yield f"{name} no longer answers {status}"
            continue
        for kind, content in _resolve(old, answer).get("content", {}).items():
            media = _resolve(new, other).get("content", {}).get(kind)
            if media is None:
                yield f"{name} {status} no longer answers {kind}"
                continue
            where = f"{name} {status}"
            yield from _answer(where, old, content.get("schema"), new, media.get("schema"))


def _request(where: str, old: Json, before: Any, new: Json, after: Any) -> Iterator[str]:
    """What a client may no longer send, or must send now."""
    forms = _forms(new, after or {})
    for was in _forms(old, before or {}):
        told = [list(_request_form(where, old, was, new, now)) for now in forms if _takes(now, was)]
        yield from _least(told) if told else [f"{where} takes another type"]


def _request_form(where: str, old: Json, was: Json, new: Json, now: Json) -> Iterator[str]:
    """What of one form may no longer be sent as that other."""
    yield from _values(where, was, now)
    properties = was.get("properties", {})
    for name, inner in properties.items():
        if name not in now.get("properties", {}):
            yield f"{where} no longer takes the field {name}"
        else:
            yield from _request(f"{where}.{name}", old, inner, new, now["properties"][name])
    for name in now.get("required", ()):
        if name not in was.get("required", ()):
            yield f"{where} now requires the field {name}"
    for inner, name in _INNER:
        if isinstance(was.get(inner), dict) and isinstance(now.get(inner), dict):
            yield from _request(f"{where}{name}", old, was[inner], new, now[inner])


def _values(where: str, was: Json, now: Json) -> Iterator[str]:
    """Which values may no longer be sent."""
    known, taken = _enum(was), _enum(now)
    if taken is not None and known is None:
        yield f"{where} now takes only some values"
    for value in known or ():
        if taken is not None and value not in taken:
            yield f"{where} no longer takes {value}"
    if now.get("additionalProperties") is False and was.get("additionalProperties") is not False:
        yield f"{where} no longer takes fields that it does not name"
    yield from _bounds(where, was, now)


_NARROWED_BY_LESS = ("maxLength", "maximum", "exclusiveMaximum", "maxItems")
_NARROWED_BY_MORE = ("minLength", "minimum", "exclusiveMinimum", "minItems")


def _bounds(where: str, was: Json, now: Json) -> Iterator[str]:
    """Which bounds are narrower than they were, or are new."""
    for bound in _NARROWED_BY_LESS:
        if bound in now and now[bound] < was.get(bound, float("inf")):
            yield f"{where} has a lower {bound}"
    for bound in _NARROWED_BY_MORE:
        if bound in now and now[bound] > was.get(bound, float("-inf")):
            yield f"{where} has a higher {bound}"
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"{where} has another pattern"


def _answer(where: str, old: Json, before: Any, new: Json, after: Any) -> Iterator[str]:
    """What a client may no longer find; a new value of an enum it is expected to bear."""
    forms = _forms(old, before or {})
    for now in _forms(new, after or {}):
        told = [list(_answer_form(where, old, was, new, now)) for was in forms if _takes(was, now)]
        yield from _least(told) if told else [f"{where} is of another type"]


def _answer_form(where: str, old: Json, was: Json, new: Json, now: Json) -> Iterator[str]:
    """What a client that knows the one form does not find in the other."""
    for name in was.get("required", ()):
        if name in now.get("properties", {}) and name not in now.get("required", ()):
            yield f"{where} may leave out {name}"
    for name, inner in was.get("properties", {}).items():
        if name not in now.get("properties", {}):
            yield f"{where} no longer has {name}"
        else:
            yield from _answer(f"{where}.{name}", old, inner, new, now["properties"][name])
    for inner, name in _INNER:
        if isinstance(was.get(inner), dict) and isinstance(now.get(inner), dict):
            yield from _answer(f"{where}{name}", old, was[inner], new, now[inner])


_INNER = (("items", "[]"), ("additionalProperties", "{}"))
"""Where the schema of what a list, or a map, holds stands, and how that is told."""


def _forms(document: Json, schema: Json) -> list[Json]:
    """Every form that something may have, without references; null is one of its own."""
    schema = _resolve(document, schema)
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [form for part in schema[word] for form in _forms(document, part)]
    return [schema]


def _least(told: list[list[str]]) -> list[str]:
    """What is told of the form of which least is told: nothing, where one fits."""
    return min(told, key=len)


def _takes(wide: Json, narrow: Json) -> bool:
    """Whether whatever has a type of the one may be the other, as far as types go."""
    return "any" in _types(wide) or _types(wide) >= _types(narrow)


def _types(schema: Json) -> set[str]:
    kind = schema.get("type")
    if kind is None:
        return {"any"}
    types = {kind} if isinstance(kind, str) else set(kind)
    return types | {"integer"} if "number" in types else types


def _enum(schema: Json) -> list[Any] | None:
    """The values that are allowed, None where any is."""
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _resolve(document: Json, content: Json) -> Json:
    while "$ref" in content:
        target: Any = document
        for part in content["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        content = target
    return content
