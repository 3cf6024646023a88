"""Small wrong turns in a syntax tree, each at one place."""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

Change = Callable[[ast.AST], str | None]
"""Makes a node wrong and says how; None where it has nothing to make wrong there."""


@dataclass(frozen=True)
class Mutant:
    """One wrong turn: the node by its number in the tree, and which of its changes."""

    file: Path
    line: int
    last_line: int
    node: int
    change: int
    told: str

    @property
    def name(self) -> str:
        """Where it is, and what was changed there."""
        return f"{self.file}:{self.line}: {self.told}"


def _compare(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Compare) or type(node.ops[0]) not in _COMPARED:
        return None
    was = type(node.ops[0])
    node.ops[0] = _COMPARED[was]()
    return f"{was.__name__} becomes {_COMPARED[was].__name__}"


def _combine(node: ast.AST) -> str | None:
    if not isinstance(node, ast.BoolOp):
        return None
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"it becomes {type(node.op).__name__}"


def _deny(node: ast.AST) -> str | None:
    if not isinstance(node, ast.If | ast.IfExp | ast.While):
        return None
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return "the condition is turned round"


def _compute(node: ast.AST) -> str | None:
    if not isinstance(node, ast.BinOp) or type(node.op) not in _COMPUTED:
        return None
    was = type(node.op)
    node.op = _COMPUTED[was]()
    return f"{was.__name__} becomes {_COMPUTED[was].__name__}"


def _constant(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool | int):
        return None
    was = node.value
    node.value = not was if isinstance(was, bool) else was + 1
    return f"{was} becomes {node.value}"


def _return(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Return) or node.value is None:
        return None
    if isinstance(node.value, ast.Constant) and node.value.value is None:
        return None
    node.value = ast.Constant(None)
    return "it returns None"


_CHANGES: tuple[Change, ...] = (_compare, _combine, _deny, _compute, _constant, _return)
_LEFT_OUT = len(_CHANGES)
"""The number of the change that leaves a statement out: it is made in the list that holds it."""


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every change in the functions of a file."""
    tree = ast.parse(file.read_text("utf-8"))
    inside = {id(each) for each in _inside_functions(tree)}
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in inside or not hasattr(node, "lineno"):
            continue
        place = file, node.lineno, getattr(node, "end_lineno", node.lineno), number
        for at, change in enumerate(_CHANGES):
            told = change(deepcopy(node))
            if told is not None:
                yield Mutant(*place, at, told)
        if _may_be_left_out(node):
            yield Mutant(*place, _LEFT_OUT, "it is left out")


def _inside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    for function in ast.walk(tree):
        if isinstance(function, _FUNCTIONS):
            for statement in function.body:
                yield from ast.walk(statement)


def _may_be_left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.AugAssign):
        return True
    return isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant | ast.Yield)


def mutated(mutant: Mutant) -> ast.Module:
    """The tree of its file with the change made."""
    tree = ast.parse(mutant.file.read_text("utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        if number == mutant.node:
            if mutant.change == _LEFT_OUT:
                _leave_out(tree, node)
            else:
                _CHANGES[mutant.change](node)
            break
    return ast.fix_missing_locations(tree)


def _leave_out(tree: ast.AST, unwanted: ast.AST) -> None:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(node, name, None)
            if isinstance(statements, list) and unwanted in statements:
                statements[statements.index(unwanted)] = ast.Pass()
