"""The rules of credit: the only place where anything is counted. No SQL, no I/O, no clock.

    pack = compile_pack(document)                      once for each version of a pack
    award(facts, source, pack)                         what an activity earns, and by which rule
    evaluate(facts, entries, pack, as_of, known_on)    the standing, from the ledger
    explain(facts, entries, pack, entry_id, as_of)     one entry, step by step

A stored standing goes on from its state: `begin` a cycle, `advance` by an entry that `goes_on`, ask
`verdict_of` or `standing_of`; after a reversal `fold` the cycle again. Both ways give the same.

Amounts are `Decimal` with two places, in two units; dates are civil dates in Asia/Shanghai.
"""

from app.domain.credits.rules.award import Award, NoAward, award
from app.domain.credits.rules.calendar import Cycle
from app.domain.credits.rules.explanation import Explanation, explain
from app.domain.credits.rules.facts import Dated, Entry, Facts, Period, Source
from app.domain.credits.rules.fold import (
    Counted,
    Cut,
    State,
    advance,
    begin,
    begun,
    fits,
    fold,
    goes_on,
)
from app.domain.credits.rules.judgement import Verdict, WindowStanding
from app.domain.credits.rules.pack import Pack, compile_pack
from app.domain.credits.rules.standing import (
    CapStanding,
    RequirementStanding,
    Standing,
    Totals,
    evaluate,
    standing_of,
    verdict_of,
)
from app.domain.credits.rules.wording import Assumption, Basis, Said

__all__ = [
    "Assumption",
    "Award",
    "Basis",
    "CapStanding",
    "Counted",
    "Cut",
    "Cycle",
    "Dated",
    "Entry",
    "Explanation",
    "Facts",
    "NoAward",
    "Pack",
    "Period",
    "RequirementStanding",
    "Said",
    "Source",
    "Standing",
    "State",
    "Totals",
    "Verdict",
    "WindowStanding",
    "advance",
    "award",
    "begin",
    "begun",
    "compile_pack",
    "evaluate",
    "explain",
    "fits",
    "fold",
    "goes_on",
    "standing_of",
    "verdict_of",
]
