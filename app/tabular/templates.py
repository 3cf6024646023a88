"""Templates to be filled in, and files handed back with what became of their rows."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook

from app.tabular.columns import Column
from app.tabular.rows import SourceRow

REASON: Final = Column("reason", "核对结果")
"""The column that says what became of a row; whoever sends the file again may leave it in."""
ROW_NUMBER: Final = Column("row", "原文件行号")

_CHOICES_IN_PLACE: Final = 255
"""Characters of a list of choices that a spreadsheet keeps beside the cell; longer ones lie in a sheet."""
_ROWS_TO_FILL: Final = 100_000


def template_of(columns: Sequence[Column], *, title: str) -> bytes:
    """A workbook to be filled in: the line of names, drop-downs, and a sheet that says what each means.

    Every cell is text, so that no number loses its digits and no date its form.
    """
    content = BytesIO()
    book = Workbook(content, {"strings_to_formulas": False})
    sheet = book.add_worksheet("数据")
    notes = book.add_worksheet("填写说明")
    text = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "num_format": "@", "bg_color": "#DDEBF7"})
    required = book.add_format({"bold": True, "num_format": "@", "bg_color": "#FCE4D6"})
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, min(40, max(12, 2 * len(column.head))), text)
        star = " *" if column.required else ""
        sheet.write_string(0, at, f"{column.head}{star}", required if star else head)
        if column.note:
            sheet.write_comment(0, at, column.note)
    _offer_choices(book, sheet, columns)
    _explain(notes, columns, title, head)
    book.close()
    return content.getvalue()


def _offer_choices(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    listed = book.add_worksheet("选项")
    listed.hide()
    for at, column in enumerate(columns):
        if not column.choices:
            continue
        source: Any = list(column.choices)
        if len(",".join(source)) > _CHOICES_IN_PLACE or any("," in each for each in source):
            listed.write_column(0, at, source)
            letters = _letters(at)
            source = f"=选项!${letters}$1:${letters}${len(column.choices)}"
        rule = {
            "validate": "list",
            "source": source,
            "error_title": "请从下拉列表中选择",
            "error_message": "该列只能填写下拉列表中的值。",
        }
        sheet.data_validation(1, at, _ROWS_TO_FILL, at, rule)


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _explain(notes: Any, columns: Sequence[Column], title: str, head: Any) -> None:
    heads = (
        "列 column",
        "名称 name",
        "必填 required",
        "说明 note",
        "可选值 choices",
        "示例 examples",
    )
    notes.write_string(0, 0, title, head)
    notes.set_column(0, 5, 24)
    for at, each in enumerate(heads):
        notes.write_string(1, at, each, head)
    for row, column in enumerate(columns, 2):
        cells = (
            column.title, column.name, "是" if column.required else "", column.note,
            "、".join(column.choices), "、".join(column.examples),
        )  # fmt: skip
        for at, cell in enumerate(cells):
            notes.write_string(row, at, cell)


def row_handed_back(row: SourceRow, reason: str) -> Mapping[str, str]:
    """A row for a writer of `columns_handed_back`: as it was sent, with its number and the reason."""
    return {**row.cells, REASON.name: reason, ROW_NUMBER.name: str(row.number)}


def columns_handed_back(heads: Sequence[str]) -> list[Column]:
    """The columns of a file handed back: those that it was sent with, then the reason and the number."""
    added = {REASON.head, ROW_NUMBER.head}
    sent = [Column(head, head) for head in heads if head not in added]
    return [*sent, REASON, ROW_NUMBER]
