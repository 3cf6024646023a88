"""The things that statements are made of (xAPI 1.0.3, part 2, 2.4): agents, groups, activities, extensions."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.learning.learning_records.values import (
    Rule,
    check_iri,
    check_language,
    check_mbox,
    check_sha1,
    check_string,
    check_uuid,
    refuse,
)

Check = Callable[[Any, str], Any]
"""Refuses a value that does not fit; the text says where it stands."""
DEEPEST = 50
"""How deep objects and lists may lie within an extension; nothing else lies deep."""


# Parts.


def check_object(
    value: Any, at: str, known: Mapping[str, Check], required: tuple[str, ...] = ()
) -> None:
    """Refuse what is no object, lacks a property, or has one that is not known."""
    if type(value) is not dict:
        refuse(at, Rule.OBJECT)
    for name in required:
        if name not in value:
            refuse(f"{at}.{name}", Rule.MISSING)
    for name, each in value.items():
        check = known.get(name)
        if check is None:
            refuse(at, Rule.UNKNOWN)
        check(each, f"{at}.{name}")


def check_list(value: Any, at: str, check: Check) -> None:
    """Refuse what is no list of these."""
    if type(value) is not list:
        refuse(at, Rule.LIST)
    for position, each in enumerate(value):
        check(each, f"{at}[{position}]")


def list_of(check: Check) -> Check:
    """The check of a list of these."""
    return lambda value, at: check_list(value, at, check)


def word(*words: str) -> Check:
    """The check of one of these words."""

    def check(value: Any, at: str) -> None:
        if value not in words:
            refuse(at, Rule.WORD)

    return check


def check_languages(value: Any, at: str) -> None:
    """Refuse what is no language map: words by their language."""
    if type(value) is not dict:
        refuse(at, Rule.OBJECT)
    for language, words in value.items():
        check_language(language, at)
        check_string(words, at)


def check_extensions(value: Any, at: str) -> None:
    """Refuse extensions that are not named by IRIs, or lie too deep."""
    if type(value) is not dict:
        refuse(at, Rule.OBJECT)
    for name in value:
        check_iri(name, at)
    level = list(value.values())
    for _ in range(DEEPEST):
        inside = [each.values() if type(each) is dict else each
                  for each in level if type(each) in (dict, list)]  # fmt: skip
        if not inside:
            return
        level = [each for values in inside for each in values]
    refuse(at, Rule.DEPTH)


# Agents and groups.


def _check_account_name(value: Any, at: str) -> None:
    check_string(value, at)
    if "\0" in value:
        refuse(at, Rule.STRING)


_ACCOUNT: dict[str, Check] = {"homePage": check_iri, "name": _check_account_name}
_IDENTIFIERS: dict[str, Check] = {
    "mbox": check_mbox,
    "mbox_sha1sum": check_sha1,
    "openid": check_iri,
    "account": lambda value, at: check_object(value, at, _ACCOUNT, ("homePage", "name")),
}
_NAMED: dict[str, Check] = {"name": check_string, "objectType": check_string, **_IDENTIFIERS}


def check_agent(value: Any, at: str) -> None:
    """Refuse what is no Agent: somebody with exactly one identifier."""
    check_object(value, at, _NAMED)
    if value.get("objectType", "Agent") != "Agent":
        refuse(f"{at}.objectType", Rule.WORD)
    if len(_IDENTIFIERS.keys() & value.keys()) != 1:
        refuse(at, Rule.ONE_IDENTIFIER)


_GROUP: dict[str, Check] = {**_NAMED, "member": list_of(check_agent)}


def check_group(value: Any, at: str) -> None:
    """Refuse what is no Group: with one identifier, or else with members, of whom none is a group."""
    check_object(value, at, _GROUP, ("objectType",))
    if value["objectType"] != "Group":
        refuse(f"{at}.objectType", Rule.WORD)
    identifiers = len(_IDENTIFIERS.keys() & value.keys())
    if identifiers > 1 or (identifiers == 0 and "member" not in value):
        refuse(at, Rule.ONE_IDENTIFIER)
    if identifiers == 0 and not value["member"]:
        refuse(f"{at}.member", Rule.EMPTY)


def check_actor(value: Any, at: str) -> None:
    """Refuse what is neither an Agent nor a Group."""
    is_group = type(value) is dict and value.get("objectType") == "Group"
    (check_group if is_group else check_agent)(value, at)


# Activities.

_COMPONENTS = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "true-false": (),
    "fill-in": (),
    "long-fill-in": (),
    "numeric": (),
    "other": (),
}
"""The lists that each type of interaction may have."""
_ONE_OF_LIST: dict[str, Check] = {"id": check_string, "description": check_languages}


def _check_components(value: Any, at: str) -> None:
    check_list(value, at, lambda each, there: check_object(each, there, _ONE_OF_LIST, ("id",)))
    if len({each["id"] for each in value}) < len(value):
        refuse(at, Rule.REPEATED)


_LISTS = ("choices", "scale", "source", "target", "steps")
_DEFINITION: dict[str, Check] = {
    "name": check_languages,
    "description": check_languages,
    "type": check_iri,
    "moreInfo": check_iri,
    "extensions": check_extensions,
    "interactionType": word(*_COMPONENTS),
    "correctResponsesPattern": list_of(check_string),
    **dict.fromkeys(_LISTS, _check_components),
}


def _check_definition(value: Any, at: str) -> None:
    check_object(value, at, _DEFINITION)
    kind = value.get("interactionType")
    of_interaction = {"correctResponsesPattern", *_LISTS} & value.keys()
    if kind is None and of_interaction:
        refuse(f"{at}.interactionType", Rule.MISSING)
    if of_interaction - {"correctResponsesPattern", *_COMPONENTS.get(kind, ())}:
        refuse(at, Rule.MISPLACED)


_ACTIVITY: dict[str, Check] = {
    "objectType": word("Activity"),
    "id": check_iri,
    "definition": _check_definition,
}


def check_activity(value: Any, at: str) -> None:
    """Refuse what is no Activity."""
    check_object(value, at, _ACTIVITY, ("id",))


_REFERENCE: dict[str, Check] = {"objectType": word("StatementRef"), "id": check_uuid}


def check_reference(value: Any, at: str) -> None:
    """Refuse what is no StatementRef."""
    check_object(value, at, _REFERENCE, ("objectType", "id"))
