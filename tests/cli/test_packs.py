"""`yanxun packs check`: what it says of a document, where, and with which exit code."""

import json
from pathlib import Path

import pytest

from app.cli.packs import check, list_packs
from app.domain.credits.packs import shipped_packs
from app.domain.credits.packs.checking import positions_of
from tests.domain.credits.histories import TITLE, stated


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pack.json"


def outcome(file: Path, *, as_json: bool = False) -> int:
    try:
        check(file, as_json=as_json)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_every_problem_is_told_with_the_line_of_its_value(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = shipped_packs()["yueyang-2013"].model_dump(mode="json", exclude_defaults=True)
    pack["caps"][0]["maximum"]["value"] = "-1.00"
    pack["caps"][0]["of"]["colour"] = ["red"]
    del pack["rounding"]
    text = json.dumps(pack, ensure_ascii=False, indent=2)
    file.write_text(text, "utf-8")
    assert outcome(file, as_json=True) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    lines = text.splitlines()
    assert [(each["code"], each["path"]) for each in problems] == [
        ("field_missing", "rounding"),
        ("unknown_dimension", "caps.0.of"),
        ("below_zero", "caps.0.maximum.value"),
    ]
    for each, begins in zip(problems, ("{", "{", '"-1.00"'), strict=True):
        assert lines[each["line"] - 1][each["column"] - 1 :].startswith(begins)
    assert outcome(file) == 1
    shown = capsys.readouterr().out
    assert f"{file}:{problems[2]['line']}:{problems[2]['column']}: below_zero" in shown
    assert "此数不得为负" in shown


def test_a_valid_pack_and_a_valid_refinement(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refinement = {
        "id": "x", "version": 1, "title": TITLE, "issuer": "x", "refines": {"id": "y", "version": 1},
        "effective_from": stated("2026-01-01"),
        "numbers": [{"number": "caps.a.maximum", "value": stated("1.00")}],
    }  # fmt: skip
    for content in (shipped_packs()["yueyang-2013"].model_dump_json(), json.dumps(refinement)):
        file.write_text(content, "utf-8")
        assert outcome(file) == 0
        assert "有效" in capsys.readouterr().out
    refinement["numbers"] *= 2  # type: ignore[operator]
    file.write_text(json.dumps(refinement), "utf-8")
    assert (outcome(file), "number_repeated" in capsys.readouterr().out) == (1, True)


def test_what_is_no_json_or_no_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(file) == 2
    file.write_bytes(b"\xff")
    assert outcome(file) == 2
    file.write_text('{\n  "id": }', "utf-8")
    assert outcome(file) == 1
    assert f"{file}:2:9: not_json" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["[" * 3000, "[" * 900 + "]" * 900, "9" * 5000], ids=["open", "deep", "long number"]
)
def test_what_is_too_much_to_read_is_refused_with_words(
    text: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text, "utf-8")
    assert outcome(file) == 1
    assert f"{file}:1:1: not_" in capsys.readouterr().out


def test_positions_count_lines_and_columns_from_one() -> None:
    text = '{"a": [1,\n  {"b" : "x,}"}, [] ],\n\n "c":null}'
    assert positions_of(text) == {
        (): (1, 1), ("a",): (1, 7), ("a", 0): (1, 8), ("a", 1): (2, 3), ("a", 1, "b"): (2, 10),
        ("a", 2): (2, 18), ("c",): (4, 6),
    }  # fmt: skip


def test_the_shipped_packs_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    list_packs()
    assert len(capsys.readouterr().out.splitlines()) == len(shipped_packs())
