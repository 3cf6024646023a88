"""Each threat of the threat model has a mechanism and a test that is there."""

import ast
import re

import pytest

from tests.architecture.source import ROOT

TEXT = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if re.match(r"\| T\d+ \|", line)
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_threats_are_numbered_without_a_gap() -> None:
    assert [row[0] for row in ROWS] == [f"T{number}" for number in range(1, len(ROWS) + 1)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_is_met_by_something_that_is_shown(row: list[str]) -> None:
    _, threat, mechanism, shown = row
    assert len(threat) > 10
    assert len(mechanism) > 10
    named = NAMED.findall(shown)
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        there = {
            each.name
            for each in tree.body
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in there, f"{path} has no {name}"


def test_every_asset_and_actor_has_a_line() -> None:
    for letter, least in (("A", 6), ("P", 8)):
        found = re.findall(rf"(?m)^\| {letter}(\d+) \|", TEXT)
        assert found == [str(number) for number in range(1, len(found) + 1)]
        assert len(found) >= least


def test_what_is_linked_exists() -> None:
    for target in re.findall(r"\]\(([\w/.-]+\.md)\)", TEXT):
        assert (ROOT / "docs" / target).is_file()
    assert "## What remains" in TEXT
