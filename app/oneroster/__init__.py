"""OneRoster 1.2 as a consumer (名册接口的使用方): another system's roster, read and put into our files.

It is read from the REST interface of a provider (`provider`) or from a bundle of CSV (`bundle`) into one shape
(`roster`), and written as the files that imports take (`lines`), with what the standard does not tell
(`supplement`): what may be entered, what is refused and why is decided there. Knows nothing of the domain.
"""

from app.oneroster.bundle import read_bundle
from app.oneroster.lines import Lines, lines_of
from app.oneroster.provider import Provider
from app.oneroster.roster import Roster, Unreadable, keep_roster, kept_roster
from app.oneroster.supplement import Supplement, read_supplement

__all__ = [
    "Lines",
    "Provider",
    "Roster",
    "Supplement",
    "Unreadable",
    "keep_roster",
    "kept_roster",
    "lines_of",
    "read_bundle",
    "read_supplement",
]
