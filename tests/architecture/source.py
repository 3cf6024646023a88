"""The project's own source, as the tests of its architecture read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
WINGS = (
    "access",
    "organisation",
    "people",
    "training",
    "learning",
    "credits",
    "quality",
    "exchange",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root of the repository, its text and its syntax tree."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def calls(self) -> Iterator[tuple[str, int]]:
        """The dotted name and the line of everything that is called."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield dotted(node.func), node.lineno

    @property
    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function with its qualified name, those inside others included."""
        pending: list[tuple[str, ast.AST]] = [(self.module, self.tree)]
        while pending:
            prefix, parent = pending.pop()
            for node in ast.iter_child_nodes(parent):
                name = prefix
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    name = f"{prefix}.{node.name}"
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield name, node
                pending.append((name, node))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression; a part that is not a plain name stands as an empty one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@lru_cache
def sources(*folders: str) -> tuple[Source, ...]:
    """The Python files below these folders, in the order of their paths."""
    return tuple(
        Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    )
