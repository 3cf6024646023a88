"""Valid documents of any schema, drawn at random: whatever the language allows, by its own measure.

Several root fields and operations, arguments of all kinds, aliases, named and inline fragments on
types, interfaces and unions, nested and overlapping, `@skip` and `@include`, `__typename`. The same
`chance` writes the same document.
"""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import GraphQLSchema, get_named_type, is_abstract_type, is_leaf_type

from tests.graphql.execution.arguments import Arguments, Values

INTROSPECTION = [
    "__schema { queryType { name } mutationType { kind } }",
    '__type(name: "Query") { name kind fields { name type { kind ofType { name } } } }',
]


@dataclass
class Request:
    """A document with its variables, and which of its operations is meant."""

    text: str
    variables: dict[str, Any]
    operation_name: str | None = None


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
    start: str | None = None
    """A root field that the document begins with."""
    spoilt: float = 0.0
    """How often a variable has a value that means nothing."""
    fragments: list[str] = field(default_factory=list)
    arguments: Arguments = field(init=False)
    counted: int = 0
    alone: dict[tuple[str, str], str] = field(default_factory=dict)
    """The arguments with which a field of a type stands without an alias in this operation."""

    def write(self, operation: str = "query") -> Request:
        """A valid document."""
        name, text = self._operation(operation)
        given = self.arguments
        texts, single = [text], self.chance.random() < 0.85
        if not single:
            self.start, self.left = None, 8
            texts.insert(self.chance.randint(0, 1), self._operation("query")[1])
        if self.chance.random() < self.spoilt:
            given.spoil()
        chosen = None if single and self.chance.random() < 0.7 else name
        return Request("\n".join([*texts, *self.fragments]), given.given, chosen)

    def _operation(self, operation: str) -> tuple[str, str]:
        self.arguments = Arguments(self.chance, self.values)
        self.alone.clear()
        kind = self.schema.query_type if operation == "query" else self.schema.mutation_type
        body = self._selection(kind, 0, "", self.start)
        declared = ", ".join(f"${each}: {how}" for each, how in self.arguments.declared.items())
        name = self._name("Drawn")
        return name, f"{operation} {name}{f'({declared})' if declared else ''} {body}"

    def _selection(self, kind: Any, depth: int, prefix: str, start: str | None = None) -> str:
        parts = [] if start is None else [self._field(kind, start, depth, prefix)]
        parts.extend(
            self._part(kind, depth, prefix) for _ in range(self.chance.randint(1, self.widest))
        )
        return "{ " + " ".join(parts) + " }"

    def _part(self, kind: Any, depth: int, prefix: str) -> str:
        self.left -= 1
        dice = self.chance.random()
        if depth >= self.deepest or self.left < 0:
            dice = max(dice, 0.26)
        if dice < 0.16:
            return self._inline_fragment(kind, depth, prefix, on_a_type=dice < 0.12)
        if dice < 0.26:
            return self._named_fragment(kind, depth, prefix)
        if dice < 0.34:
            return f"{self._alias(prefix + 'typename_')}__typename{self._directives()}"
        if dice < 0.36 and kind is self.schema.query_type:
            return f"{self._name('known_')}: {self.chance.choice(INTROSPECTION)}"
        names = self._names(kind, depth)
        return (
            self._field(kind, self.chance.choice(names), depth, prefix) if names else "__typename"
        )

    def _inline_fragment(self, kind: Any, depth: int, prefix: str, *, on_a_type: bool) -> str:
        if not on_a_type:
            return f"...{self._directives()} {self._selection(kind, depth + 1, prefix)}"
        inner, prefix = self._narrower(kind, prefix)
        body = self._selection(inner, depth + 1, prefix)
        return f"... on {inner.name}{self._directives()} {body}"

    def _named_fragment(self, kind: Any, depth: int, prefix: str) -> str:
        inner, prefix = self._narrower(kind, prefix)
        name = self._name("F")
        body = self._selection(inner, depth + 1, prefix)
        self.fragments.append(f"fragment {name} on {inner.name} {body}")
        again = f" ...{name}{self._directives()}" if self.chance.random() < 0.3 else ""
        return f"...{name}{self._directives()}{again}"

    def _narrower(self, kind: Any, prefix: str) -> tuple[Any, str]:
        """A type on which a fragment may be here, and what its keys begin with.

        Fields of several types may stand at one place only under keys of their own.
        """
        kinds = (
            [*self.schema.get_possible_types(kind), *getattr(kind, "interfaces", ())]
            if is_abstract_type(kind)
            else [*kind.interfaces]
        )
        inner = self.chance.choice([kind, *kinds])
        return inner, prefix if inner is kind else f"{prefix}{inner.name}_"

    def _names(self, kind: Any, depth: int) -> list[str]:
        """The fields that may come next; those that lead on are as likely as all leaves together.

        Under the name of a type may stand those of its fields that are known to be answered.
        """
        fields = getattr(kind, "fields", {})
        if kind.name in self.values and self.chance.random() < 0.9:
            return self.values[kind.name]
        leaves = [name for name, each in fields.items() if is_leaf_type(get_named_type(each.type))]
        others = [name for name in fields if name not in leaves]
        if depth >= self.deepest or self.left <= 0:
            return leaves
        return others if others and (not leaves or self.chance.random() < 0.5) else leaves

    def _field(self, kind: Any, name: str, depth: int, prefix: str) -> str:
        definition = kind.fields[name]
        arguments = self.arguments.write(f"{kind.name}.{name}", definition.args)
        named = get_named_type(definition.type)
        # The same key must mean the same field with the same arguments and the same type.
        alone = not prefix and self.chance.random() < 0.6
        if alone and self.alone.setdefault((kind.name, name), arguments) != arguments:
            alone = False
        alias = "" if alone else f"{self._name(prefix + name + '_')}: "
        head = f"{alias}{name}{arguments}"
        if is_leaf_type(named):
            return f"{head}{self._directives()}"
        first = f"{head}{self._directives()} {self._selection(named, depth + 1, '')}"
        if self.left <= 0 or self.chance.random() > 0.12:
            return first
        again = f"{head}{self._directives()} {self._selection(named, depth + 1, '')}"
        return f"{first} {self.chance.choice([again, f'... {{ {again} }}'])}"

    def _directives(self) -> str:
        if self.chance.random() > 0.2:
            return ""
        name, other = self.chance.sample(["skip", "include"], 2)
        also = f" @{other}(if: {self._switch()})" if self.chance.random() < 0.15 else ""
        return f" @{name}(if: {self._switch()}){also}"

    def _switch(self) -> str:
        if self.chance.random() < 0.4:
            return self.chance.choice(["true", "false"])
        return self.arguments.condition()

    def _alias(self, prefix: str) -> str:
        return "" if self.chance.random() < 0.7 else f"{self._name(prefix)}: "

    def _name(self, prefix: str) -> str:
        self.counted += 1
        return f"{prefix}{self.counted}"
