"""Finds out what one of the demo city's people can ask: keys, sorts and cursors that are answered."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_composite_type, is_required_argument

from app.domain.access.actors import Actor
from app.domain.base import Table
from app.graphql.context import Context
from app.graphql.execution import Answer, Engine
from app.request import Resources
from tests.graphql.execution.arguments import Values

NOBODY = "00000000-0000-7000-8000-000000000000"
"""A key that nothing has."""

SYNONYMS = {"school": "unit", "county": "unit", "city": "unit", "parent": "unit", "subject": "unit"}
"""What else the things of a table are called."""


@dataclass
class Asking:
    """One of the city's people, and what they know to ask about."""

    actor: Actor
    values: Values


@dataclass
class Explorer:
    """Adds to the values of one person what the schema's own answers show."""

    schema: GraphQLSchema
    engine: Engine
    held: Resources
    asking: Asking
    ways: dict[str, tuple[str, str]] = field(default_factory=dict)
    """For each type the shortest way to things of it: a document's beginning and its end."""

    async def explore(self) -> None:
        """Keys for each argument by its name, then what of it is answered, and each list's cursors.

        Under the name of the root type stand those of its fields that are answered at all.
        """
        self._name_keys()
        root: Any = self.schema.query_type
        self.ways[root.name] = ("{", "}")
        waiting = [root]
        while waiting:
            kind = waiting.pop(0)
            for name, part in kind.fields.items():
                leads_to: Any = get_named_type(part.type)
                if not is_composite_type(leads_to):
                    continue
                if kind is root and not await self._is_answered(name, part.args):
                    continue
                call = f"{name}{self._needed(f'{kind.name}.{name}', part.args)}"
                before, behind = self.ways[kind.name]
                if "after" in part.args:
                    await self._look_at_list(f"{kind.name}.{name}", part.args, call)
                if leads_to.name not in self.ways and hasattr(leads_to, "fields"):
                    self.ways[leads_to.name] = (f"{before} {call} {{", f"}} {behind}")
                    waiting.append(leads_to)

    def _name_keys(self) -> None:
        """Let arguments and fields of inputs take keys of the table that their names speak of."""
        known = self.asking.values
        for kind in self.schema.type_map.values():
            for name, part in getattr(kind, "fields", {}).items():
                places = {f"{kind.name}.{name}": (name, part)} if name.endswith("Id") else {}
                for argument, how in getattr(part, "args", {}).items():
                    spoken_of = name if argument in {"id", "ids"} else argument
                    places[f"{kind.name}.{name}.{argument}"] = (spoken_of, how)
                for place, (spoken_of, how) in places.items():
                    keys = known.get(_table_of(spoken_of))
                    if keys is not None and get_named_type(how.type).name in {"UUID", "ID"}:
                        known[place] = keys

    async def _is_answered(self, name: str, args: Any) -> bool:
        """Whether a root field is answered with any of the keys that it may take.

        Those with which it is are what is asked about most from now on.
        """
        known = self.asking.values
        place = f"Query.{name}"
        needed = [each for each, how in args.items() if is_required_argument(how)]
        keys = known.get(f"{place}.{needed[0]}", known["UUID"]) if needed else [None]
        # With variables, so that it is one document whoever asks, and with whichever key.
        declared = _listed(f"${each}: {args[each].type}" for each in needed)
        given = _listed(
            [*(["first: 3"] if "first" in args else []), *map("{0}: ${0}".format, needed)]
        )
        document = f"query{declared} {{ {name}{given} {{ __typename }} }}"
        answered = [
            key
            for key in dict.fromkeys(keys)
            if (await self._ask(document, dict.fromkeys(needed, key))).data is not None
        ]
        if answered:
            known.setdefault("Query", []).append(name)
            if needed:
                known[f"{place}.{needed[0]}"] = [*answered * 12, *keys]
        return bool(answered)

    async def _look_at_list(self, place: str, args: Any, call: str) -> None:
        """Remember some cursors and all sorts of a list."""
        known = self.asking.values
        before, behind = self.ways[place.partition(".")[0]]
        page = "edges { cursor } pageInfo { endCursor }"
        answer = await self._ask(f"{before} {call} {{ {page} }} {behind}")
        cursors = list(dict.fromkeys(_cursors(answer.data)))[:6]
        known[f"{place}.after"] = [*[None] * 4, *cursors * 2, "not a cursor"]
        if "sort" in args:
            wrong = f'{call[:-1]}, sort: "nothing") {{ __typename }}'
            for error in (await self._ask(f"{before} {wrong} {behind}")).errors:
                details = getattr(error.original_error, "details", {})
                sorts = re.findall(r"\w+", str(details.get("allowed", "")))
                every = [*sorts, *(f"-{each}" for each in sorts)]
                known[f"{place}.sort"] = [*[None] * 12, *every * 2, "nothing"]

    async def _ask(self, text: str, variables: dict[str, Any] | None = None) -> Answer:
        context = Context(self.held, self.asking.actor, "en")
        try:
            return await self.engine.execute(text, variables, context=context)
        finally:
            await context.close()

    def _needed(self, place: str, args: Any) -> str:
        """The arguments that a field cannot do without, and a small page."""
        given = []
        for name, how in args.items():
            if name == "first":
                given.append("first: 3")
            elif is_required_argument(how):
                known = self.asking.values
                value = known.get(f"{place}.{name}", known["UUID"])[0]
                given.append(f'{name}: "{value}"')
        return _listed(given)


def _listed(parts: Iterable[str]) -> str:
    """These in brackets, as GraphQL has arguments and variables; nothing of nothing."""
    return f"({held})" if (held := ", ".join(parts)) else ""


def _table_of(name: str) -> str:
    """The table that an argument or a root field speaks of; some other word if it speaks of none."""
    word = re.sub(r"(Ids?|s)$", "", name)
    last = re.split(r"(?=[A-Z])", word)[-1].lower()
    last = SYNONYMS.get(last, last)
    tables = Table.metadata.tables
    return next((each for each in tables if each == last or each.endswith(f"_{last}")), last)


def _cursors(value: Any) -> list[str]:
    """Every text in the data of an answer."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in _cursors(each)]
    if isinstance(value, list):
        return [text for each in value for text in _cursors(each)]
    return [value] if isinstance(value, str) else []
