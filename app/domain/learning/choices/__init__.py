"""Choices (选课): what teachers choose in a round, and who is given which place.

In reading order: `table`, `choice` (doors, reads), `requiring` (what comes before), `preferring`,
`choosing`, `allotment` (pure: who is given which place), `applying` (what it is told), `deciding` (one
by one, then all the rest).
"""

from app.domain.learning.choices.allotment import Allotment, Allotted, Applicant, Offered
from app.domain.learning.choices.choice import (
    CHOICES,
    MADE_CHOICES,
    ChoiceNotFound,
    ChoiceOfferingView,
    ChoiceState,
    ChoiceView,
    MadeChoiceView,
    list_choice_offerings,
    list_choices,
    list_teacher_choices,
)
from app.domain.learning.choices.choosing import (
    ChoiceClashes,
    ChoiceDecided,
    ChoiceRoundNotOpen,
    NewChoice,
    choose_activity,
    withdraw_choice,
)
from app.domain.learning.choices.deciding import (
    ChoiceDecision,
    ChoiceDecisions,
    ChoiceOfOneself,
    ChoiceRoundOneWay,
    ChoiceRoundOpen,
    ChoiceUnplaceable,
    decide_choices,
    settle_choice_round,
)
from app.domain.learning.choices.preferring import (
    ChoicesExhausted,
    ChosenAlready,
    PreferenceTaken,
)
from app.domain.learning.choices.requiring import ChoiceOutsideStrata, ChoicePrerequisiteUnmet
from app.domain.learning.choices.table import Choice, DeclineGround

__all__ = [
    "CHOICES",
    "MADE_CHOICES",
    "Allotment",
    "Allotted",
    "Applicant",
    "Choice",
    "ChoiceClashes",
    "ChoiceDecided",
    "ChoiceDecision",
    "ChoiceDecisions",
    "ChoiceNotFound",
    "ChoiceOfOneself",
    "ChoiceOfferingView",
    "ChoiceOutsideStrata",
    "ChoicePrerequisiteUnmet",
    "ChoiceRoundNotOpen",
    "ChoiceRoundOneWay",
    "ChoiceRoundOpen",
    "ChoiceState",
    "ChoiceUnplaceable",
    "ChoiceView",
    "ChoicesExhausted",
    "ChosenAlready",
    "DeclineGround",
    "MadeChoiceView",
    "NewChoice",
    "Offered",
    "PreferenceTaken",
    "choose_activity",
    "decide_choices",
    "list_choice_offerings",
    "list_choices",
    "list_teacher_choices",
    "settle_choice_round",
    "withdraw_choice",
]
