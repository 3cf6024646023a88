"""Arguments of valid documents: written out, as variables of every kind, by default, or left out."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    print_ast,
)
from graphql.utilities import value_to_literal

Values = dict[str, list[Any]]
"""JSON values to draw from: by `Type.field.argument`, by `field.argument`, by argument or by scalar.

For a field of an input `Input.field` and `field` are looked for in the same way.
"""

ABSURD: list[Any] = [
    None, "", "x", "\x00", "\ud7ff\U0010ffff", "9" * 400, "00000000-0000-0000-0000-000000000000",
    True, 0, -1, 2**31, 10**30, 1.5, -0.0, 1e308, [], [None], [[]], {}, {"x": 1}, {"": None},
]  # fmt: skip
"""What no client should send as the value of a variable; some of it fits some types."""


@dataclass
class Arguments:
    """Writes the arguments of one operation, and declares the variables that it gives them."""

    chance: Random
    values: Values
    declared: dict[str, str] = field(default_factory=dict)
    """The declarations of the variables, after the colon, by their names."""
    given: dict[str, Any] = field(default_factory=dict)
    """The values that are sent."""

    def write(self, place: str, definitions: Any) -> str:
        """The arguments of a field; `place` is `Type.field`."""
        written = []
        for name, definition in definitions.items():
            required = isinstance(definition.type, GraphQLNonNull)
            has_default = definition.default_value is not Undefined
            if (not required or has_default) and self.chance.random() < 0.5:
                continue
            key = f"{place}.{name}"
            if self.chance.random() < 0.5:
                value = self._variable(key, definition.type, has_default=has_default)
            else:
                value = self._literal(key, definition.type)
            written.append(f"{name}: {value}")
        return f"({', '.join(written)})" if written else ""

    def condition(self) -> str:
        """A variable for `@skip` and `@include`; there are four, so that they meet again."""
        name = f"b{self.chance.randint(0, 3)}"
        if name not in self.declared:
            self.declared[name] = self.chance.choice(["Boolean!", "Boolean! = true"])
            if self.declared[name] == "Boolean!" or self.chance.random() < 0.5:
                self.given[name] = self.chance.random() < 0.5
        return f"${name}"

    def spoil(self) -> None:
        """Let one variable have a value that means nothing, or be missing, or be one too many."""
        name = self.chance.choice([*self.declared, "stranger"])
        self.given[name] = self.chance.choice(ABSURD)
        if self.chance.random() < 0.2:
            del self.given[name]

    def _variable(self, key: str, kind: Any, *, has_default: bool = False) -> str:
        """A variable for this place, declared in any way that the place allows."""
        name = f"v{len(self.declared)}"
        required = isinstance(kind, GraphQLNonNull)
        default = f" = {self._literal(key, kind, fixed=True)}" if self.chance.random() < 0.3 else ""
        declared = kind
        if required and (has_default or default) and self.chance.random() < 0.5:
            declared = kind.of_type
        elif not required and not default and self.chance.random() < 0.2:
            declared = GraphQLNonNull(kind)
        if default == " = null":
            declared = kind.of_type if required else kind
        self.declared[name] = f"{declared}{default}"
        may_be_missing = default != "" or not isinstance(declared, GraphQLNonNull)
        if not may_be_missing or self.chance.random() < 0.7:
            self.given[name] = self._value(key, declared)
        return f"${name}"

    def _known(self, key: str, bare: Any) -> list[Any] | None:
        """What is known to be sent at this place; of an object of fields only whole objects are."""
        if isinstance(bare, GraphQLEnumType):
            return None
        parts = key.split(".")
        for start in range(len(parts)):
            known = self.values.get(".".join(parts[start:]))
            if known and (
                isinstance(known[0], dict) or not isinstance(bare, GraphQLInputObjectType)
            ):
                return known
        return None

    def _value(self, key: str, kind: Any) -> Any:
        """A value as a variable has it."""
        required = isinstance(kind, GraphQLNonNull)
        if not required and self.chance.random() < 0.1:
            return None
        bare = kind.of_type if required else kind
        if isinstance(bare, GraphQLEnumType):
            return self.chance.choice(list(bare.values))
        known = [each for each in self._known(key, bare) or () if each is not None or not required]
        if known:
            value = self.chance.choice(known)
            return [value] if isinstance(bare, GraphQLList) and value is not None else value
        if isinstance(bare, GraphQLList):
            count = self.chance.randint(0, 2)
            one = self._value("", bare.of_type)
            return one if self.chance.random() < 0.2 else [one] * count
        if isinstance(bare, GraphQLInputObjectType):
            return {
                name: self._value(f"{bare.name}.{name}", part.type)
                for name, part in bare.fields.items()
                if _is_needed(part) or self.chance.random() < 0.4
            }
        return self.chance.choice(self.values[bare.name])

    def _literal(self, key: str, kind: Any, *, fixed: bool = False) -> str:
        """A value as it is written out, perhaps with variables inside unless it is to be `fixed`."""
        required = isinstance(kind, GraphQLNonNull)
        bare = kind.of_type if required else kind
        if self._known(key, bare) is None and isinstance(bare, GraphQLInputObjectType):
            parts = [
                f"{name}: {self._inside(f'{bare.name}.{name}', part.type, fixed=fixed)}"
                for name, part in bare.fields.items()
                if _is_needed(part) or self.chance.random() < 0.4
            ]
            return f"{{{', '.join(parts)}}}"
        if self._known(key, bare) is None and isinstance(bare, GraphQLList):
            items = [
                self._inside("", bare.of_type, fixed=fixed)
                for _ in range(self.chance.randint(0, 2))
            ]
            return f"[{', '.join(items)}]"
        value = self._value(key, kind)
        literal = value_to_literal(value, kind)
        assert literal is not None, (value, kind)
        return print_ast(literal)

    def _inside(self, key: str, kind: Any, *, fixed: bool) -> str:
        if not fixed and self.chance.random() < 0.2:
            return self._variable(key, kind)
        return self._literal(key, kind, fixed=fixed)


def _is_needed(part: Any) -> bool:
    return isinstance(part.type, GraphQLNonNull) and part.default_value is Undefined
