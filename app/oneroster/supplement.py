"""What OneRoster does not tell and imports ask for: a table that says it of each `sourcedId`.

An import finds people by their ID numbers alone, and a school has stages; the standard need not tell either. A
provider may tell numbers (`userIds`); otherwise the table does, which need not leave this machine. Its columns
are those of our files, and go into them as they are.
"""

from collections.abc import Mapping
from pathlib import Path

from app.oneroster.roster import Unreadable
from app.tabular import UnreadableFile, read_rows

KEY = "sourcedId"
NUMBER, KIND = "证件号码", "证件类型"
OF_PEOPLE = ("出生日期", "任教学科", "任教学段", "职称", "岗位", "编制", "起始日期")
"""Columns besides of people."""
OF_SCHOOLS = ("学段", "城乡分类")
"""Columns of schools."""

Supplement = Mapping[str, Mapping[str, str]]
"""The cells of the table, by `sourcedId`."""


def read_supplement(file: Path) -> Supplement:
    """A table (CSV, XLSX or JSON Lines); raises `Unreadable`."""
    try:
        rows = [row.cells for row in read_rows(file, expected=[KEY])]
    except UnreadableFile as fault:
        raise Unreadable(f"{file.name}：{fault.zh}", f"{file.name}: {fault.en}") from None
    if any(KEY not in cells for cells in rows):
        raise Unreadable(f"{file.name} 没有 {KEY} 列。", f"{file.name} has no column {KEY}.")
    return {cells[KEY]: cells for cells in rows}
