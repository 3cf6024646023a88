"""Tables as they go out: what was written can be read again, and nothing of it runs."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from python_calamine import load_workbook

from app.tabular import (
    Column,
    SourceRow,
    TabularFormat,
    column_of_field,
    columns_handed_back,
    names_by_head,
    read_rows,
    row_handed_back,
    template_of,
    writer_of,
)
from app.tabular.sheets import XlsxWriter
from app.tabular.writing import BEGINS_FORMULA

COLUMNS = [
    Column("name", "姓名"),
    Column("hours", "学时"),
    Column("at", "时间"),
    Column("tags", "标签"),
]
ROWS: list[dict[str, Any]] = [
    {"name": "张三", "hours": Decimal("1.50"), "at": datetime(2026, 9, 1, 8, tzinfo=UTC), "tags": ["甲", "乙"]},
    {"name": 'a,"b"\n<&>\x01_x0041_', "hours": None, "at": date(2026, 9, 1), "tags": {"k": True}},
]  # fmt: skip


def written(
    format: TabularFormat, rows: list[dict[str, Any]], columns: list[Column] = COLUMNS
) -> bytes:
    writer = writer_of(format, columns)
    return b"".join([writer.begin(), *[writer.add([row]) for row in rows], writer.end()])


def parsed(part: bytes) -> ET.Element:
    return ET.fromstring(part)  # noqa: S314  written here


@pytest.mark.parametrize("format", [TabularFormat.CSV, TabularFormat.XLSX])
def test_what_was_written_is_read_again(format: TabularFormat) -> None:
    read = list(read_rows(io.BytesIO(written(format, ROWS))))
    amount = "1.50" if format is TabularFormat.CSV else "1.5"
    assert [list(row.cells.values()) for row in read] == [
        ["张三", amount, "2026-09-01T08:00:00Z", "甲;乙"],
        ['a,"b"\n<&>\x01_x0041_', "", "2026-09-01", '{"k":true}'],
    ]
    assert list(read[0].cells) == ["姓名 name", "学时 hours", "时间 at", "标签 tags"]


def test_json_lines_hold_what_the_interfaces_say() -> None:
    first, second = written(TabularFormat.JSONL, ROWS).splitlines()
    assert first.decode() == (
        '{"name":"张三","hours":"1.50","at":"2026-09-01T08:00:00Z","tags":["甲","乙"]}'
    )
    assert b'"hours":null' in second


@pytest.mark.parametrize("begins", BEGINS_FORMULA)
def test_nothing_that_was_written_runs(begins: str) -> None:
    rows = [{"name": f"{begins}cmd|' /C calc'!A0", "tags": [f"{begins}1+1"], "hours": Decimal(-1)}]
    line = written(TabularFormat.CSV, rows).decode("utf-8-sig").split("\n", 1)[1]
    assert line.lstrip('"').startswith(f"'{begins}")
    head = written(TabularFormat.CSV, [], [Column(f"{begins}1", f"{begins}1")]).decode("utf-8-sig")
    assert head.lstrip('"').startswith(f"'{begins}"), "what is handed back has its sender's names"
    assert ",-1,," in line, "a number is no text"
    assert f"'{begins}1+1" in line
    content = written(TabularFormat.XLSX, rows)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = parsed(archive.read("xl/worksheets/sheet1.xml"))
    tags = {each.tag.rpartition("}")[2] for each in sheet.iter()}
    assert "f" not in tags
    [row] = read_rows(io.BytesIO(content))
    assert row.faults == {}
    assert row.cells["标签 tags"] == f"{begins}1+1"


def test_a_full_sheet_is_followed_by_another() -> None:
    writer = XlsxWriter(COLUMNS, rows_of_sheet=2)
    content = writer.begin() + writer.add([{"name": str(n)} for n in range(5)]) + writer.end()
    book = load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["数据1", "数据2", "数据3"]
    assert [row[0] for row in book.get_sheet_by_name("数据3").to_python()] == ["姓名 name", "4"]


def test_a_workbook_goes_out_while_it_is_written() -> None:
    writer = XlsxWriter([Column("a", "甲")])
    assert writer.begin()
    rows = [{"a": f"{n * 7919}"} for n in range(5000)]
    assert sum(len(writer.add(rows)) for _ in range(10)) > 5 * len(writer.end())


def test_heads_are_known_by_either_name_and_fields_by_their_words() -> None:
    assert names_by_head([Column("name", "姓名")]) == {
        "姓名": "name",
        "name": "name",
        "姓名 name": "name",
    }
    assert (
        column_of_field("number", "市内批次号，从1起 / number within the city").title
        == "市内批次号"
    )
    assert column_of_field("x", None) == Column("x", "x")


def test_a_template_offers_choices_says_what_is_meant_and_is_read_as_empty() -> None:
    many = [f"学校{n}" for n in range(200)]
    columns = [
        Column("name", "姓名", "全名", examples=["张三"], required=True),
        Column("state", "状态", choices=["在职", "退休"]),
        Column("school", "学校", choices=many),
    ]
    content = template_of(columns, title="教师导入模板")
    book = load_workbook(io.BytesIO(content))
    assert book.get_sheet_by_name("数据").to_python() == [
        ["姓名 name *", "状态 state", "学校 school"]
    ]
    assert ["姓名", "name", "是", "全名", "", "张三"] in book.get_sheet_by_name(
        "填写说明"
    ).to_python()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "在职,退休" in sheet
    assert "选项!$C$1:$C$200" in sheet
    assert list(read_rows(io.BytesIO(content), expected=names_by_head(columns))) == []


@pytest.mark.parametrize("format", list(TabularFormat))
def test_a_file_is_handed_back_with_reasons_and_can_be_sent_again(format: TabularFormat) -> None:
    sent = [
        SourceRow(4, {"姓名": "=张三", "学校": "一中"}),
        SourceRow(7, {"姓名": "李四", "学校": ""}),
    ]
    writer = writer_of(format, columns_handed_back(["姓名", "学校", "核对结果 reason"]))
    rows = [row_handed_back(row, "学校不存在") for row in sent]
    content = writer.begin() + writer.add(rows) + writer.end()
    read = list(read_rows(io.BytesIO(content)))
    assert [row.cells["学校"] for row in read] == ["一中", ""]
    reason = "reason" if format is TabularFormat.JSONL else "核对结果 reason"
    assert {row.cells[reason] for row in read} == {"学校不存在"}
    assert "7" in read[1].cells.values()


def test_every_part_of_a_workbook_is_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(written(TabularFormat.XLSX, ROWS))) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert parsed(archive.read(name)) is not None
