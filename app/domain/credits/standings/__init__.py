"""Standings (学分状况): what counts for a person in a cycle, and what is missing.

One person's standing is counted from the ledger whenever it is asked for, with every cut and every
reason. Beside that each is stored in short (`table`), so that lists and sums of thousands need no
counting: `writing` keeps those rows in the transaction of each entry, `counting` is the pure way
from the rules' state to a row and back.
"""

from app.domain.credits.standings.governing import NoRulePack
from app.domain.credits.standings.reading import get_standing, standings_of
from app.domain.credits.standings.table import SchoolCredit, Standing, StandingFields
from app.domain.credits.standings.views import StandingView

__all__ = [
    "NoRulePack",
    "SchoolCredit",
    "Standing",
    "StandingFields",
    "StandingView",
    "get_standing",
    "standings_of",
]
