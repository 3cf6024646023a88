"""Achievement awards (成果评选): the award for continuing education and research that a bureau gives each year.

"An achievement award is formulated and selected once a year." A bureau opens a round, schools enter
confirmed outputs and concluded topics, and the bureau publishes what was awarded, all at once.
In reading order: `award_round`, `entry` (tables, doors, reads), `awarding`.
"""

from app.domain.learning.awards.award_round import (
    AWARD_ROUNDS,
    AwardRound,
    AwardRoundExists,
    AwardRoundNotFound,
    AwardRoundState,
    AwardRoundView,
    AwardWindowOutOfOrder,
    NewAwardRound,
    award_rounds_by_id,
    create_award_round,
    get_award_round,
    list_award_rounds,
)
from app.domain.learning.awards.awarding import (
    Awarded,
    Awards,
    NewAwardEntry,
    award_achievements,
    enter_achievement,
    withdraw_achievement,
)
from app.domain.learning.awards.entry import (
    AWARD_ENTRIES,
    AwardEntry,
    AwardEntryNotFound,
    AwardEntryView,
    award_entries_of,
    get_award_entry,
    list_award_entries,
)

__all__ = [
    "AWARD_ENTRIES",
    "AWARD_ROUNDS",
    "AwardEntry",
    "AwardEntryNotFound",
    "AwardEntryView",
    "AwardRound",
    "AwardRoundExists",
    "AwardRoundNotFound",
    "AwardRoundState",
    "AwardRoundView",
    "AwardWindowOutOfOrder",
    "Awarded",
    "Awards",
    "NewAwardEntry",
    "NewAwardRound",
    "award_achievements",
    "award_entries_of",
    "award_rounds_by_id",
    "create_award_round",
    "enter_achievement",
    "get_award_entry",
    "get_award_round",
    "list_award_entries",
    "list_award_rounds",
    "withdraw_achievement",
]
