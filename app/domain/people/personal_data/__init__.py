"""Personal data (个人信息): what is sealed of a teacher, who may see it in full, and who did.

looks       who saw what, when and why; the person is told
reveal      what is sealed is shown in full
finding     a teacher is found by a whole number
resealing   after a rotation of the key everything is sealed anew
"""

from app.domain.people.personal_data.finding import NumberSought, find_teachers
from app.domain.people.personal_data.looks import (
    LOOKS,
    Look,
    LookKind,
    LookView,
    PersonalDatum,
    list_looks,
    record_looks,
)
from app.domain.people.personal_data.resealing import (
    FIRST,
    SealedColumn,
    count_seals,
    reseal_batch,
    sealed_columns,
)
from app.domain.people.personal_data.reveal import (
    REVEALS_A_DAY,
    RevealedView,
    RevealRequest,
    RevealsUsedUp,
    reveal_personal_data,
)

__all__ = [
    "FIRST",
    "LOOKS",
    "REVEALS_A_DAY",
    "Look",
    "LookKind",
    "LookView",
    "NumberSought",
    "PersonalDatum",
    "RevealRequest",
    "RevealedView",
    "RevealsUsedUp",
    "SealedColumn",
    "count_seals",
    "find_teachers",
    "list_looks",
    "record_looks",
    "reseal_batch",
    "reveal_personal_data",
    "sealed_columns",
]
