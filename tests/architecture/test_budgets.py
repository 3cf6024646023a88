"""No file and no function grows past what a reader holds in mind."""

import ast

import pytest

from tests.architecture.source import Source, sources

FILE = 300
TEST_FILE = 500
FUNCTION = 40
FUNCTION_AT_MOST = 60

LONG_FILES: dict[str, str] = {}
"""Files that may be longer, each with the reason why it is not a package."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions that may have up to 60 lines, each with the reason why it is not two."""


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function from `def` to its end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def long_files(found: tuple[Source, ...]) -> dict[str, int]:
    lines = {source.path: len(source.text.splitlines()) for source in found}
    return {
        path: count
        for path, count in lines.items()
        if count > (TEST_FILE if path.startswith("tests/") else FILE)
    }


def long_functions(found: tuple[Source, ...], limit: int) -> dict[str, int]:
    return {
        name: length(function)
        for source in found
        for name, function in source.functions
        if length(function) > limit
    }


@pytest.fixture(scope="module")
def ours() -> tuple[Source, ...]:
    found = sources("app", "bench", "fuzz", "mutate", "prove", "scripts", "tests")
    assert any(source.path == "app/sql.py" for source in found)
    return found


def test_files_are_short_or_on_the_written_list(ours: tuple[Source, ...]) -> None:
    found = long_files(ours)
    assert {path: lines for path, lines in found.items() if path not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(found), "this file is short again: take it off the list"


def test_functions_are_short_or_on_the_written_list(ours: tuple[Source, ...]) -> None:
    found = long_functions(ours, FUNCTION)
    assert {name: lines for name, lines in found.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) <= set(found), "this function is short again: take it off the list"


def test_no_function_passes_the_hard_limit(ours: tuple[Source, ...]) -> None:
    assert long_functions(ours, FUNCTION_AT_MOST) == {}


def test_the_measure_finds_what_is_too_long() -> None:
    body = "\n".join(["        pass"] * 41)
    example = Source(
        "app/example.py", f'class A:\n    async def b(self):\n        """B."""\n{body}'
    )
    assert long_functions((example,), FUNCTION) == {"app.example.A.b": 42}
    assert long_functions((example,), FUNCTION_AT_MOST) == {}
    assert long_files((Source("app/example.py", "\n" * 301),)) == {"app/example.py": 301}
