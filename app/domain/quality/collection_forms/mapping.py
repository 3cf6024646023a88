"""The mapping of a form: which cell holds what, checked against the sheet as it was uploaded."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from app.domain.base import Command
from app.domain.errors import Invalid
from app.domain.quality.measures import MEANINGS, IndicatorMeasure, rows_behind
from app.domain.quality.stated_figures import FigureCount
from app.tabular import Layout, position_of

STATED = "stated"
"""The mapping of a cell of which the register knows nothing: every school states it."""
MOST_CELLS = 200
CellAddress = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,2}[1-9][0-9]{0,3}$")]

_ROWS = {
    FigureCount.SCHOOLS: "/api/v1/units/{unit_id}",
    FigureCount.DESIGNATED_SCHOOLS: "/api/v1/designations?unit_id={unit_id}&as_of={until}",
    FigureCount.TEACHERS: "/api/v1/teachers?school_id={unit_id}",
    FigureCount.ESTABLISHED_TEACHERS: "/api/v1/teachers?school_id={unit_id}&establishment=established",
    FigureCount.TITLE_HOLDERS: "/api/v1/teachers?school_id={unit_id}",
}
_HELD = "/api/v1/board-activities?unit_id={unit_id}&figure=held&since={since}&until={until}"
"""Where the rows behind a number of the register are; what happened is in the activities held.

A test asks every one of them.
"""


class FormCell(BaseModel):
    """A cell of a form: where it stands, what it is called, and what fills it."""

    cell: str = Field(description="单元格，如 C4 / address of the cell")
    label: str = Field(description="名目 / what it is called")
    measure: str = Field(description="计量项或登记数代码；stated 为学校自填 / what fills it")


class NewFormCell(Command):
    """A cell to be filled."""

    cell: CellAddress = Field(description="单元格，如 C4 / address of the cell")
    label: str = Field(min_length=1, max_length=100, description="名目 / what it is called")
    measure: str = Field(
        min_length=1, max_length=40,
        description="计量项或登记数代码；stated 为学校自填 / measure, or number of the register; or stated",
    )  # fmt: skip


# What can be refused.


class FormMeasureUnknown(Invalid):
    """A cell is filled by what can be computed, or stated by the school."""

    code = "form_measure_unknown"
    zh = "单元格 {cell} 的计量项“{measure}”不存在。"
    en = "Cell {cell} is to hold '{measure}', which nobody computes."


class FormCellMerged(Invalid):
    """A number stands in a cell by itself."""

    code = "form_cell_merged"
    zh = "单元格 {cell} 在合并区域 {area} 内：请取消合并后重新上传。"
    en = "Cell {cell} lies in the merged range {area}: unmerge it."


class FormCellFormula(Invalid):
    """What the sheet computes itself is not filled in."""

    code = "form_cell_formula"
    zh = "单元格 {cell} 是公式或错误值：请清空后重新上传。"
    en = "Cell {cell} holds a formula or an error: clear it."


class FormCellTaken(Invalid):
    """A label is not written over."""

    code = "form_cell_taken"
    zh = "单元格 {cell} 已有内容“{text}”。"
    en = "Cell {cell} holds '{text}' already."


class FormCellRepeated(Invalid):
    """A cell is filled once."""

    code = "form_cell_repeated"
    zh = "单元格 {cell} 重复。"
    en = "Cell {cell} stands twice."


def check_mapping(layout: Layout, cells: list[NewFormCell]) -> None:
    """Refuse a mapping that the sheet cannot hold, naming the first cell."""
    seen: set[str] = set()
    for each in cells:
        if each.cell in seen:
            raise FormCellRepeated(cell=each.cell)
        seen.add(each.cell)
        if source_of(each.measure) is None and each.measure != STATED:
            raise FormMeasureUnknown(cell=each.cell, measure=each.measure)
        position = position_of(each.cell) or (0, 0)
        area = layout.merged_at(position)
        if area is not None:
            raise FormCellMerged(cell=each.cell, area=area)
        if position in layout.computed:
            raise FormCellFormula(cell=each.cell)
        text = layout.cells.get(position, "").strip()
        if text:
            raise FormCellTaken(cell=each.cell, text=text[:40])


def source_of(code: str) -> IndicatorMeasure | FigureCount | None:
    """What computes a cell; None for what is stated, and for what nobody knows."""
    if code in set(IndicatorMeasure):
        return IndicatorMeasure(code)
    return FigureCount(code) if code in set(FigureCount) else None


def is_share(code: str) -> bool:
    """Whether a cell holds a share of a hundred, which is never added up."""
    source = source_of(code)
    return isinstance(source, IndicatorMeasure) and MEANINGS[source].is_share


def rows_of(code: str, *, unit_id: UUID, since: date, until: date) -> str | None:
    """The address of the rows behind a cell of one school; None for what it states."""
    source = source_of(code)
    if isinstance(source, IndicatorMeasure):
        return rows_behind(source, unit_id=unit_id, since=since, until=until)
    if source is None:
        return None
    return _ROWS.get(source, _HELD).format(unit_id=unit_id, since=since, until=until)
