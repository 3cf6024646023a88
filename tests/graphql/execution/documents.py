"""Valid documents of any schema, drawn at random: variables, fragments, aliases, directives, edges."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    print_ast,
)
from graphql.utilities import value_to_literal

Values = dict[str, list[Any]]
"""JSON values to draw from for an argument: by `field.argument`, by argument, or by scalar type."""


@dataclass
class Request:
    """A document with its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class Author:
    """Writes one document; `chance` decides everything."""

    schema: GraphQLSchema
    chance: Random
    values: Values
    deepest: int = 5
    widest: int = 4
    left: int = 60
    """How many more parts the document may have, about."""
    variables: dict[str, Any] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    counted: int = 0

    def write(self, operation: str = "query") -> Request:
        """A valid document."""
        kind = self.schema.query_type if operation == "query" else self.schema.mutation_type
        body = self._selection(kind, 0, "")
        variables = ", ".join(f"${name}: {kind}" for name, kind in self.declared.items())
        head = f"{operation} Drawn{f'({variables})' if variables else ''}"
        return Request("\n".join([f"{head} {body}", *self.fragments]), self.variables)

    def _selection(self, kind: Any, depth: int, prefix: str) -> str:
        parts = [
            self._part(kind, depth, prefix) for _ in range(self.chance.randint(1, self.widest))
        ]
        return "{ " + " ".join(parts) + " }"

    def _part(self, kind: Any, depth: int, prefix: str) -> str:
        self.left -= 1
        inner = self._narrower(kind)
        dice = self.chance.random()
        if depth >= self.deepest or self.left < 0:
            dice = max(dice, 0.26)
        if dice < 0.12:
            body = self._selection(inner, depth + 1, f"{prefix}{inner.name}_")
            return f"... on {inner.name}{self._directives()} {body}"
        if dice < 0.16:
            return f"...{self._directives()} {self._selection(kind, depth + 1, prefix)}"
        if dice < 0.26:
            name = self._name("F")
            body = self._selection(inner, depth + 1, f"{prefix}{inner.name}_")
            self.fragments.append(f"fragment {name} on {inner.name} {body}")
            again = f" ...{name}{self._directives()}" if self.chance.random() < 0.3 else ""
            return f"...{name}{self._directives()}{again}"
        if dice < 0.36:
            return f"{self._alias(prefix + 'typename_')}__typename{self._directives()}"
        return self._field(kind, depth, prefix)

    def _narrower(self, kind: Any) -> Any:
        """A type on which a fragment may be here."""
        if is_abstract_type(kind):
            return self.chance.choice([kind, *self.schema.get_possible_types(kind)])
        return self.chance.choice([kind, *kind.interfaces])

    def _field(self, kind: Any, depth: int, prefix: str) -> str:
        fields = getattr(kind, "fields", {})
        names = [
            name
            for name, each in fields.items()
            if (depth < self.deepest and self.left > 0) or is_leaf_type(get_named_type(each.type))
        ]
        if not names:
            return "__typename"
        name = self.chance.choice(names)
        definition = fields[name]
        arguments = self._arguments(name, definition.args)
        named = get_named_type(definition.type)
        leaf = is_leaf_type(named)
        body = "" if leaf else " " + self._selection(named, depth + 1, "")
        # The same key must mean the same field with the same arguments and the same type.
        alone = not arguments and not prefix and self.chance.random() < 0.6
        alias = "" if alone else f"{self._name(prefix + name + '_')}: "
        return f"{alias}{name}{arguments}{self._directives()}{body}"

    def _arguments(self, field_name: str, definitions: Any) -> str:
        given = []
        for name, definition in definitions.items():
            required = isinstance(definition.type, GraphQLNonNull)
            optional = not required or definition.default_value is not Undefined
            if optional and self.chance.random() < 0.5:
                continue
            value = self._value(field_name, name, definition.type)
            if self.chance.random() < 0.5:
                variable = self._name("v")
                self.declared[variable] = str(definition.type)
                self.variables[variable] = value
                given.append(f"{name}: ${variable}")
            else:
                given.append(f"{name}: {self._literal(value, definition.type)}")
        return f"({', '.join(given)})" if given else ""

    def _value(self, field_name: str, name: str, kind: Any) -> Any:
        """A value as a variable has it."""
        for known in (f"{field_name}.{name}", name):
            if known in self.values:
                return self.chance.choice(self.values[known])
        if isinstance(kind, GraphQLNonNull):
            return self._value(field_name, name, kind.of_type)
        if isinstance(kind, GraphQLList):
            return [
                self._value(field_name, "", kind.of_type) for _ in range(self.chance.randint(0, 2))
            ]
        if isinstance(kind, GraphQLEnumType):
            return self.chance.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                each: self._value(field_name, each, part.type)
                for each, part in kind.fields.items()
                if isinstance(part.type, GraphQLNonNull) or self.chance.random() < 0.5
            }
        return self.chance.choice(self.values[kind.name])

    def _literal(self, value: Any, kind: Any) -> str:
        literal = value_to_literal(value, kind)
        assert literal is not None, (value, kind)
        return print_ast(literal)

    def _directives(self) -> str:
        if self.chance.random() > 0.2:
            return ""
        name = self.chance.choice(["skip", "include"])
        if self.chance.random() < 0.4:
            return f" @{name}(if: {self.chance.choice(['true', 'false'])})"
        variable = f"b{self.chance.randint(0, 3)}"
        if variable not in self.declared:
            self.declared[variable] = self.chance.choice(["Boolean!", "Boolean! = true"])
            if self.declared[variable] == "Boolean!" or self.chance.random() < 0.5:
                self.variables[variable] = self.chance.random() < 0.5
        return f" @{name}(if: ${variable})"

    def _alias(self, prefix: str) -> str:
        return "" if self.chance.random() < 0.7 else f"{self._name(prefix)}: "

    def _name(self, prefix: str) -> str:
        self.counted += 1
        return f"{prefix}{self.counted}"
