"""Files as people send them: each is read, or refused with a code, and this process lives on."""

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.tabular import (
    ROW,
    Limits,
    SourceRow,
    TabularFormat,
    UnreadableCell,
    UnreadableFile,
    date_of,
    read_rows,
    read_some,
)
from app.tabular import workbook as workbook_module
from tests.tabular.workbooks import SHEET, bomb, far_cell, with_part, workbook

HEAD = ["姓名", "身份证号", "任教起"]
PEOPLE = [["张三", "110101199001011234", "2026-09-01"], ["李四，副校长", "", '说"好"\n第二行']]


def csv_of(rows: list[list[str]], delimiter: str = ",") -> str:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    return "".join(delimiter.join(row) + "\r\n" for row in quoted)


def rows(content: bytes, **rest: Any) -> list[SourceRow]:
    return list(read_rows(io.BytesIO(content), **rest))


def refusal(content: bytes, **rest: Any) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        rows(content, **rest)
    assert refused.value.zh
    assert refused.value.en
    return refused.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_any_encoding_says_the_same(encoding: str, delimiter: str) -> None:
    read = rows(csv_of([HEAD, *PEOPLE], delimiter).encode(encoding))
    assert [(row.number, list(row.cells.values())) for row in read] == [
        (2, PEOPLE[0]),
        (3, PEOPLE[1]),
    ]
    assert [row.faults for row in read] == [{}, {}]
    assert list(read[0].cells) == HEAD


def test_workbooks_json_lines_and_csv_say_the_same(tmp_path: Path) -> None:
    objects = [dict(zip(HEAD, row, strict=True)) for row in PEOPLE]
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)
    read = rows(lines.encode())
    assert [row.cells for row in read] == objects
    assert [row.number for row in read] == [1, 2]
    path = tmp_path / "people.xlsx"
    path.write_bytes(workbook([HEAD, *PEOPLE]))
    assert [row.cells for row in read_rows(path)] == objects
    assert [row.number for row in read_rows(path)] == [2, 3]


def test_the_line_of_names_may_stand_below_a_title_and_be_written_with_ornaments() -> None:
    sheet: list[list[str | int | None]] = [
        ["某县教师信息表", None],
        [],
        [" 姓名* ", "任教\n学科"],
        ["张三", "语文"],
        [],
        ["李四", 5],
    ]
    read = rows(
        workbook(sheet, lambda _, page: page.merge_range(0, 0, 0, 1, "某县教师信息表")),
        expected={"姓名"},
    )
    assert [(row.number, row.cells) for row in read] == [
        (4, {"姓名": "张三", "任教学科": "语文"}),
        (6, {"姓名": "李四", "任教学科": "5"}),
    ]
    assert refusal(csv_of([["甲"], ["乙"]]).encode(), expected={"姓名"}).code == "file_head_missing"


def test_what_spreadsheets_make_of_values_is_said_of_the_cell() -> None:
    def finish(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 1, "=A2&A2", None, "张三张三")
        sheet.write_formula(1, 2, "=VLOOKUP(1,A:A,1)", None, "#N/A")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(2, 2, date(2026, 9, 1), day)

    content = workbook(
        [HEAD, ["张三"], ["李四", 110101199001011234], [0.1 + 0.2, True, 46266]], finish
    )
    first, second, third = rows(content)
    assert first.faults == {"身份证号": "cell_formula", "任教起": "cell_formula"}
    assert second.faults == {"身份证号": "cell_number_rounded"}
    assert second.cells["任教起"] == "2026-09-01"
    assert third.cells == {"姓名": "0.3", "身份证号": "true", "任教起": "46266"}
    [row] = rows("姓名,身份证号\n张三,1.10101E+17\n".encode())
    assert row.faults == {"身份证号": "cell_number_rounded"}


def test_days_as_people_write_them() -> None:
    day = date(2026, 9, 1)
    for text in (
        "2026-09-01",
        "2026/9/1",
        "2026.9.1",
        " 2026年9月1日 ",
        "20260901",
        "2026/9/1 0:00",
    ):
        assert date_of(text) == day, text
    for text, code in {
        "46266": "cell_date_as_number", "46266.0": "cell_date_as_number", "昨天": "cell_date_malformed",
        "2026-02-30": "cell_date_malformed", "20261301": "cell_date_malformed", "": "cell_date_malformed",
    }.items():  # fmt: skip
        with pytest.raises(UnreadableCell) as refused:
            date_of(text)
        assert refused.value.code == code, text


def test_rows_that_do_not_fit_are_named_and_the_others_read() -> None:
    read = rows("姓名,备注\n张三,a,b\n李四\n王五,好,\n".encode() + b"x," + b"y" * 10_001 + b"\n")
    assert [dict(row.faults) for row in read] == [
        {ROW: "row_wider_than_head"}, {}, {}, {"备注": "cell_too_long"},
    ]  # fmt: skip
    assert read[1].cells == {"姓名": "李四", "备注": ""}
    read = rows(
        b'{"a": [1]}\n[]\nnonsense\n{"a": 1.10, "b": null, "c": ["x", "y"]}\n{"a": "\\u0000"}\n'
    )
    assert [dict(row.faults) for row in read] == [
        {"a": "cell_not_text"}, {ROW: "row_malformed"}, {ROW: "row_malformed"}, {}, {"a": "cell_not_text"},
    ]  # fmt: skip
    assert read[3].cells == {"a": "1.10", "b": "", "c": "x;y"}


TEXT = csv_of([HEAD, *PEOPLE])
MIXED = "姓名,备注\n张三,好的\n".encode() + "李四,也好\n".encode("gbk")
BOOK = workbook([HEAD, *PEOPLE])

REFUSED = {
    "nothing": (b"", "file_empty"),
    "blanks": (b"\n\n \n", "file_empty"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file_is_xls"),
    "a sealed workbook": (
        b"\xd0\xcf\x11\xe0" + bytes(900) + "EncryptedPackage".encode("utf-16-le"), "file_is_encrypted",
    ),
    "a web page": (b"<html><table><tr><td>1</td></tr></table></html>", "file_is_html"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "file_not_text"),
    "text with NUL": ("姓名\n张\0三\n".encode(), "file_not_text"),
    "UTF-16 without its mark": (TEXT.encode("utf-16-le"), "file_not_text"),
    "no encoding": ("姓名\n".encode() + b"\xff\xff\xff\n", "file_encoding_mixed"),
    "no encoding at all": (b"a,b\n\xff\xff\xff,\x81\n", "file_encoding_unknown"),
    "two encodings": (MIXED, "file_encoding_mixed"),
    "the other way round": ("李四,也好\n".encode("gbk") + "张三,好的\n".encode(), "file_encoding_mixed"),
    "cut within a character": ("姓名\n张三".encode()[:-1], "file_cut_off"),
    "cut within quotes": (b'a,b\n"x,y\n', "file_cut_off"),
    "cut within a row": (b"a,b,c\n1,2,3\n1,2", "file_cut_off"),
    "cut within an object": (b'{"a": 1}\n{"a": ', "file_cut_off"),
    "cut workbook": (BOOK[: len(BOOK) // 2], "file_cut_off"),
    "quotes in the wrong place": (b'a,b\n"x"y,z\n', "file_quotes_malformed"),
    "a quote that never ends": (b'a,b\n"x' + b"y\n" * 100_000, "file_row_too_long"),
    "a line without end": (b"a,b\n" + b"y" * 1_100_000, "file_row_too_long"),
    "a million columns": (b"a," * 400_000 + b"\n", "file_too_many_columns"),
    "a name twice": ("姓名,姓名 \n1,2\n".encode(), "file_head_repeated"),
    "another office file": (with_part(BOOK, "x", bytes).replace(b"xl/workbook", b"ww/workbook"),
                            "file_not_workbook"),
    "a sparse sheet": (far_cell(BOOK), "file_too_many_cells"),
    "a bomb": (bomb(BOOK), "file_bomb"),
    "a broken sheet": (
        with_part(BOOK, "xl/worksheets/sheet1.xml", lambda sheet: sheet[: len(sheet) // 2]), "file_damaged",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_by_its_own_name(case: str) -> None:
    content, code = REFUSED[case]
    assert refusal(content).code == code


def test_merged_cells_and_kinds_that_were_not_said_are_refused() -> None:
    merged = workbook([HEAD, *PEOPLE], lambda _, page: page.merge_range(2, 0, 3, 1, "合"))
    refused = refusal(merged)
    assert (refused.code, refused.details) == ("file_merged_cells", {"address": "A3:B4"})
    assert "A3:B4" in refused.zh
    assert refusal(TEXT.encode(), format=TabularFormat.XLSX).code == "file_not_workbook"
    assert refusal(BOOK, format=TabularFormat.CSV).code == "file_not_text"
    assert refusal(TEXT.encode(), limits=Limits(rows=1)).code == "file_too_many_rows"
    assert refusal(BOOK, limits=Limits(rows=1)).code == "file_too_many_rows"


def test_whoever_stops_early_leaves_no_process_behind_and_keeps_the_file() -> None:
    file = io.BytesIO(workbook([["a"], *[[f"行{number}" * 20] for number in range(20_000)]]))
    reading = read_rows(file)
    assert next(reading).number == 2
    reading.close()  # type: ignore[attr-defined]
    assert (
        subprocess.run(
            ["pgrep", "-P", str(os.getpid()), "-f", "workbook_process.py"],
            check=False,
            capture_output=True,
        ).stdout
        == b""
    )
    assert not file.closed
    assert len(list(read_rows(io.BytesIO(TEXT.encode())))) == 2


async def test_rows_come_some_at_a_time_beside_the_event_loop() -> None:
    content = b"a\n" + b"x\n" * 25
    read = [len(some) async for some in read_some(read_rows(io.BytesIO(content)), 10)]
    assert read == [10, 10, 5]


_MEASURE = """
import resource, sys, pathlib
from app.tabular import UnreadableFile, read_rows
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = 0
try:
    for row in read_rows(pathlib.Path(sys.argv[1])):
        count += 1
except UnreadableFile as refused:
    print(refused.code, file=sys.stderr)
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("kind", ["rows.csv", "bomb.xlsx", "rows.xlsx"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "rows.csv":
        path.write_bytes("姓名,学校,备注\n".encode() + "张三,第一中学,无\n".encode() * 300_000)
    elif kind == "rows.xlsx":
        path.write_bytes(workbook([["甲", "乙"], *[[f"{n}", n] for n in range(60_000)]]))
    else:
        path.write_bytes(bomb(BOOK))
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], check=True, capture_output=True, text=True
    )
    count, kilobytes = map(int, done.stdout.split())
    assert count == {"rows.csv": 300_000, "rows.xlsx": 60_000, "bomb.xlsx": 0}[kind]
    assert kilobytes < 64_000


def test_a_cell_as_long_as_no_spreadsheet_has_is_cut_off_before_it_is_sent() -> None:
    cell = b'<row r="3"><c t="inlineStr"><is><t>' + 200_000 * b"a" + b"</t></is></c></row>"
    content = with_part(
        workbook([["备注"], ["b"]]), SHEET,
        lambda sheet: sheet.replace(b"</sheetData>", cell + b"</sheetData>"),
    )  # fmt: skip
    _, row = read_rows(io.BytesIO(content))
    assert (len(row.cells["备注"]), row.faults) == (32_768, {"备注": "cell_too_long"})


def test_a_reader_that_is_ended_in_the_middle_of_a_line_is_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text(
        "import os, signal\n"
        'os.write(1, b\'{"merged": null}\\n[[1, ["a"], {}\')\n'
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        "utf-8",
    )
    monkeypatch.setattr(workbook_module, "_READER", reader)
    assert refusal(workbook([["a"], ["b"]])).code == "file_too_slow"
