"""What can be wrong with a file, and with a cell of it: stable codes, each in Chinese and in English."""

from typing import Any, Final

_FILES: Final = {
    "file_empty": (
        "文件为空，或没有任何数据行。",
        "The file is empty.",
    ),
    "file_too_large": (
        "文件过大：不得超过 {most} 字节。",
        "The file is too large: it may have {most} bytes.",
    ),
    "file_is_xls": (
        "这是旧版 Excel 文件（.xls）：请另存为 .xlsx 后重新上传。",
        "This is a workbook of the old kind (.xls): save it as .xlsx.",
    ),
    "file_is_encrypted": (
        "工作簿设有打开密码：请取消密码后重新上传。",
        "The workbook is protected by a password: take it off.",
    ),
    "file_is_html": (
        "这是改了后缀的网页文件：请在 Excel 中打开并另存为 .xlsx。",
        "This is a web page under another name: open it in Excel and save it as .xlsx.",
    ),
    "file_not_workbook": (
        "文件不是 .xlsx 工作簿。",
        "The file is not an .xlsx workbook.",
    ),
    "file_not_text": (
        "文件不是文本：其中含有空字符或为其他类型的文件。",
        "The file is not text: it contains NUL characters or is a file of another kind.",
    ),
    "file_cut_off": (
        "文件不完整，可能上传中断：请重新上传。",
        "The file is cut off: upload it again.",
    ),
    "file_damaged": (
        "工作簿已损坏，无法读取：请在 Excel 中打开并重新保存。",
        "The workbook is damaged: open it in Excel and save it again.",
    ),
    "file_bomb": (
        "工作簿解压后异常膨胀，已拒绝读取。",
        "The workbook unpacks to far more than it can rightly hold, and is not read.",
    ),
    "file_too_many_cells": (
        "工作表范围过大：可能有单元格远离数据区，请删除多余的行和列。",
        "The sheet is too large: there may be a cell far away from the others.",
    ),
    "file_too_slow": (
        "工作簿过于复杂，未能在限定时间内读完。",
        "The workbook is too complex to be read within its time.",
    ),
    "file_too_many_rows": (
        "行数过多：不得超过 {most} 行。",
        "There are too many rows: there may be {most}.",
    ),
    "file_too_many_columns": (
        "列数过多：不得超过 {most} 列。",
        "There are too many columns: there may be {most}.",
    ),
    "file_row_too_long": (
        "第 {number} 行过长，可能缺少引号或换行。",
        "Row {number} is too long: a quotation mark or a line break may be missing.",
    ),
    "file_quotes_malformed": (
        "第 {number} 行的引号不成对或位置不对。",
        "The quotation marks in row {number} do not fit.",
    ),
    "file_encoding_unknown": (
        "无法识别文件编码：请用 UTF-8、GBK/GB18030 或 UTF-16 保存。",
        "The encoding is not known: save the file as UTF-8, GB18030 or UTF-16.",
    ),
    "file_encoding_mixed": (
        "文件混用了不同编码，从第 {number} 行起与前文不同。",
        "The file mixes encodings: line {number} differs from those before it.",
    ),
    "file_head_missing": (
        "前 {most} 行中未找到表头，应含有：{expected}。",
        "No line of names was found in the first {most} rows; it has one of: {expected}.",
    ),
    "file_head_repeated": (
        "表头中的列名“{head}”重复。",
        "The name of a column stands twice: {head}.",
    ),
    "file_merged_cells": (
        "存在合并单元格（{address}）：请取消合并并逐格填写。",
        "There are merged cells ({address}): unmerge them and fill each.",
    ),
}

_CELLS: Final = {
    "cell_formula": (
        "单元格是公式：请粘贴为数值。",
        "The cell is a formula: paste its value.",
    ),
    "cell_error": (
        "单元格是错误值（如 #N/A）。",
        "The cell is an error, such as #N/A.",
    ),
    "cell_number_rounded": (
        "长数字已被 Excel 按数值保存而失真：请将该列设为文本格式后重新填写。",
        "A long number was rounded by the spreadsheet: make the column text and enter it again.",
    ),
    "cell_date_as_number": (
        "日期是一个数字：请设为日期格式，或写作 2026-09-01。",
        "The date is a bare number: format it as a date, or write 2026-09-01.",
    ),
    "cell_date_malformed": (
        "日期无法识别：请写作 2026-09-01。",
        "This is no date: write 2026-09-01.",
    ),
    "cell_too_long": (
        "单元格内容过长。",
        "The cell holds too much.",
    ),
    "cell_not_text": (
        "单元格含有空字符、残缺字符或嵌套的内容。",
        "The cell holds a NUL, a broken character or something nested.",
    ),
    "row_wider_than_head": (
        "该行在表头以外还有内容，可能列错位。",
        "The row goes on beyond the line of names: its cells may have shifted.",
    ),
    "row_malformed": (
        "该行不是一个 JSON 对象。",
        "The line is not a JSON object.",
    ),
}


class UnreadableFile(Exception):
    """A file that is not read, or no further: nothing of it may be kept.

    `code` is stable; `zh` and `en` are whole sentences; `details` filled their placeholders.
    """

    def __init__(self, code: str, **details: Any) -> None:
        zh, en = _FILES[code]
        self.code, self.details = code, details
        self.zh, self.en = zh.format(**details), en.format(**details)
        super().__init__(self.en)


class UnreadableCell(ValueError):
    """A cell whose text does not say what it should."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.zh, self.en = _CELLS[code]
        super().__init__(self.en)
