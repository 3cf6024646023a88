"""Choice rounds (选课轮次): a time in which teachers choose among activities, and how places are given.

「教师可双向选择」 (宝山区实验小学 二.2): the teacher chooses, the organiser accepts or says why not; or whoever
comes first has the place. In reading order: `table`, `round` (door, reads), `offering` (what can be
chosen), `drafting` (publishing, calling off). What was chosen, and what becomes of it, are `choices`.

    draft ──publish──▶ published ──settle──▶ settled
      └─────cancel────────┴──────▶ cancelled
"""

from app.domain.learning.choice_rounds.drafting import (
    ChoiceOfferingsMissing,
    ChoiceOfferingUnpublished,
    ChoiceRoundOver,
    ChoiceRoundUnfit,
    cancel_choice_round,
    create_choice_round,
    publish_choice_round,
    update_choice_round,
)
from app.domain.learning.choice_rounds.offering import (
    ChoiceOfferingNotFound,
    ChoiceOfferingsTooMany,
    ChoiceOfferingTaken,
    ChoiceRoundStateWrong,
    NewChoiceOffering,
    add_choice_offering,
    hold_choice_round,
    hold_offerings,
    keep_places,
    remove_choice_offering,
)
from app.domain.learning.choice_rounds.round import (
    CHOICE_ROUNDS,
    ChoiceRoundChanges,
    ChoiceRoundNotFound,
    ChoiceRoundView,
    NewChoiceRound,
    choice_rounds_by_id,
    get_choice_round,
    list_choice_rounds,
    list_offered_choice_rounds,
)
from app.domain.learning.choice_rounds.table import (
    MOST_CHOICES,
    ChoiceOffering,
    ChoicePriority,
    ChoiceRound,
    ChoiceRoundState,
    ChoiceWay,
)

__all__ = [
    "CHOICE_ROUNDS",
    "MOST_CHOICES",
    "ChoiceOffering",
    "ChoiceOfferingNotFound",
    "ChoiceOfferingTaken",
    "ChoiceOfferingUnpublished",
    "ChoiceOfferingsMissing",
    "ChoiceOfferingsTooMany",
    "ChoicePriority",
    "ChoiceRound",
    "ChoiceRoundChanges",
    "ChoiceRoundNotFound",
    "ChoiceRoundOver",
    "ChoiceRoundState",
    "ChoiceRoundStateWrong",
    "ChoiceRoundUnfit",
    "ChoiceRoundView",
    "ChoiceWay",
    "NewChoiceOffering",
    "NewChoiceRound",
    "add_choice_offering",
    "cancel_choice_round",
    "choice_rounds_by_id",
    "create_choice_round",
    "get_choice_round",
    "hold_choice_round",
    "hold_offerings",
    "keep_places",
    "list_choice_rounds",
    "list_offered_choice_rounds",
    "publish_choice_round",
    "remove_choice_offering",
    "update_choice_round",
]
