"""The second wall (第二道墙): that the database shows a reader their own place alone.

tables      which tables stand behind it, with the predicate of each; which stand outside, and why
bounds      what the one who asks is bound by, and why a statement looks beyond
"""

from app.domain.access.walled.bounds import Beyond, names_what_is_walled, wall_of
from app.domain.access.walled.tables import OUTSIDE, SEALED, SECRET, WALLED, policy_of

__all__ = [
    "OUTSIDE",
    "SEALED",
    "SECRET",
    "WALLED",
    "Beyond",
    "names_what_is_walled",
    "policy_of",
    "wall_of",
]
