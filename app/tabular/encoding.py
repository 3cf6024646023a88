"""How the text of a file is encoded: UTF-8, GB18030 (which is GBK and more) or UTF-16."""

import codecs
import re
from typing import BinaryIO, Final

from app.tabular.faults import UnreadableFile

_PIECE: Final = 1_000_000
_TWO_CHINESE_LETTERS: Final = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
"""Two characters of UTF-8 in a row: text in GB18030 that looks so throughout a line is not to be met."""

_FITS, _CUT_OFF, _OTHER = range(3)


def encoding_of(file: BinaryIO) -> str:
    """The encoding of the whole file, which is left at its beginning; text that mixes two is refused."""
    file.seek(0)
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        possible = ["utf-16"]
    elif head.startswith(codecs.BOM_UTF8):
        possible = ["utf-8-sig"]
    else:
        possible = ["utf-8", "gb18030"]
    for encoding in possible:
        fit = _fit(file, encoding)
        if fit == _CUT_OFF:
            raise UnreadableFile("file_cut_off")
        if fit == _FITS:
            if encoding == "gb18030":
                _check_unmixed(file)
            file.seek(0)
            return encoding
    _check_unmixed(file)
    raise UnreadableFile("file_encoding_unknown")


def _fit(file: BinaryIO, encoding: str) -> int:
    """Whether the file is in an encoding, or is but for a character cut off at its end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    at_end = False
    try:
        while piece := file.read(_PIECE):
            if encoding != "utf-16" and b"\0" in piece:
                raise UnreadableFile("file_not_text")
            decoder.decode(piece)
        at_end = True
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _CUT_OFF if at_end else _OTHER
    return _FITS


def _check_unmixed(file: BinaryIO) -> None:
    """Refuse a file of which some lines are UTF-8 beyond doubt and others are not."""
    file.seek(0)
    first: dict[bool, int] = {}
    number = 0
    while line := file.readline(_PIECE):
        number += 1
        if line.isascii():
            continue
        is_utf8 = _is_utf8(line)
        if not is_utf8 or _TWO_CHINESE_LETTERS.search(line):
            first.setdefault(is_utf8, number)
        if len(first) == 2:
            raise UnreadableFile("file_encoding_mixed", number=number)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
