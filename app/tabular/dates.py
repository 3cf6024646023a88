"""Days as people write them in a cell."""

import re
from datetime import date
from typing import Final

from app.tabular.faults import UnreadableCell

_WRITTEN: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"
    r"|(?P<both>[0-9]{4}))(?: 0{1,2}:00(?::00)?)?"
)


def date_of(text: str) -> date:
    """The day of `2026-09-01`, `2026/9/1`, `2026.9.1`, `2026年9月1日` or `20260901`.

    Raises `UnreadableCell`; a bare number, which is a date that lost its format, has a code of its own.
    """
    text = text.strip()
    found = _WRITTEN.fullmatch(text)
    if found is None:
        is_number = text.replace(".", "", 1).isdecimal()
        raise UnreadableCell("cell_date_as_number" if is_number else "cell_date_malformed")
    month, day = found["month"] or found["both"][:2], found["day"] or found["both"][2:]
    try:
        return date(int(found["year"]), int(month), int(day))
    except ValueError:
        raise UnreadableCell("cell_date_malformed") from None
