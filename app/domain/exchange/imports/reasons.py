"""Reasons (原因): why a row of a file cannot be entered, or what is to be known about one that can.

Each is a refusal of the domain, the noun's own wherever it has one; here are those that only a file can
give rise to. A reason never repeats what stands in a cell: it may be an ID number.
"""

from typing import Any

from pydantic import BaseModel, Field

from app.domain.errors import Conflict, DomainError, Invalid


class Reason(BaseModel):
    """Why a row is as it is, in both languages."""

    code: str = Field(description="代码 / stable code")
    zh: str = Field(description="中文说明 / in Chinese")
    en: str = Field(description="英文说明 / in English")
    column: str | None = Field(description="所涉列的表头 / header of the column, null for the row")
    note: bool = Field(
        description="仅为提示，不影响导入 / whether it is a note, with which the row is entered"
    )


class ColumnUnfit(Invalid):
    """A cell says what the column cannot mean."""

    code = "import_cell_unfit"
    zh = "“{column}”填写有误。{allowed_zh}"
    en = "What is in '{column}' does not fit. {allowed_en}"


class ColumnNeeded(Invalid):
    """A cell is empty without which the row cannot be entered."""

    code = "import_cell_needed"
    zh = "“{column}”必填。"
    en = "'{column}' cannot be empty."


class RowRepeated(Conflict):
    """An earlier row of the file is about the same."""

    code = "import_row_repeated"
    zh = "与第 {first} 行重复。"
    en = "It repeats row {first}."


class UnitUnknown(Invalid):
    """In the place of the import there is no unit of that name or code."""

    code = "import_unit_unknown"
    zh = "导入范围内没有该名称或代码的单位。"
    en = "In the place of this import there is no unit of that name or code."


class UnitAmbiguous(Invalid):
    """Several units have that name: the code says which."""

    code = "import_unit_ambiguous"
    zh = "有多个同名单位，请填写单位代码。"
    en = "Several units have that name: give the code."


class PersonUnknown(Invalid):
    """In the place of the import nobody with that ID number is registered."""

    code = "import_person_unknown"
    zh = "导入范围内没有该证件号码的教师，请先导入人员。"
    en = "In the place of this import nobody has that ID number: import the people first."


class PersonElsewhere(Conflict):
    """The person is registered at another school: a file transfers nobody."""

    code = "import_person_elsewhere"
    zh = "该教师的人事关系在另一所学校，请通过调动流程办理。"
    en = "The teacher is registered at another school. For a transfer, use the transfer procedure."


class UnitElsewhere(Conflict):
    """The unit has another superior: a file rearranges nothing."""

    code = "import_unit_elsewhere"
    zh = "该单位的上级或层级与系统不符，请通过机构调整办理。"
    en = "The unit has another superior or level. To move it, use the reorganisation procedure."


class KeptByHand(Conflict):
    """The value was changed after an import had written it: it stays."""

    code = "import_kept_by_hand"
    zh = "“{column}”在上次导入后已人工更正，保留更正后的内容。"
    en = "'{column}' was corrected after the last import: the correction stays."


class CareerApart(Conflict):
    """Rank and posts of somebody who is registered are facts of the career, which has its own file."""

    code = "import_career_apart"
    zh = "“{column}”与系统不一致；已登记人员的职称和岗位请用“任职”文件导入。"
    en = "'{column}' is another than here; of those registered it is imported with the careers."


class ChangedSince(Conflict):
    """What the import had written was changed since: taking it back would undo that too."""

    code = "import_changed_since"
    zh = "导入后该内容已有变更，未撤回。"
    en = "It was changed after the import, and so it was not taken back."


class RestedOn(Conflict):
    """Other records rest on what the import had made."""

    code = "import_rested_on"
    zh = "导入后已有其他记录引用该内容，未撤回。"
    en = "Other records rest on it by now, and so it was not taken back."


class ImportOnlyCompares(Conflict):
    """Such a file is compared with what is kept, and never entered."""

    code = "import_only_compares"
    zh = "此类文件只作比对，不写入；差异请用“人员”“任职”文件导入，或逐项更正。"
    en = "Such a file is only compared: put differences right by files of people or careers, or by hand."


class RowClashes(Conflict):
    """The row contradicts what is kept, in a way that only the database sees."""

    code = "import_row_clashes"
    zh = "与现有数据冲突。"
    en = "It conflicts with what is kept."


def reason_of(
    refusal: DomainError, *, column: str | None = None, note: bool = False
) -> dict[str, Any]:
    """A refusal as the reason of a row."""
    return {
        "code": refusal.code,
        "zh": refusal.message("zh").strip(),
        "en": refusal.message("en").strip(),
        "column": column,
        "note": note,
    }
