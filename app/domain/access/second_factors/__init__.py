"""Second factors (两步验证): besides the password, a code of an authenticator that one holds.

Whoever has one is asked for its code wherever they sign in. A code is used once; wrong ones count as
wrong passwords do. Ten recovery codes stand in for an authenticator that is lost; when these are lost
too, a superior takes the second factor away. A deployment may demand one of all administrators.

In reading order: `codes` (pure: what an authenticator shows), `factor` (tables, using a code),
`enrolling` (beginning, confirming, removing).
"""

from app.domain.access.second_factors.codes import code_at, plain_code, step_of
from app.domain.access.second_factors.enrolling import (
    ENROLMENT_LASTS,
    ConfirmedView,
    EnrolmentOver,
    NoSecondFactor,
    OwnProof,
    SecondFactorCode,
    SecondFactorEnrolmentView,
    SecondFactorRequired,
    confirm_second_factor,
    drop_second_factor,
    enrol_second_factor,
    remove_second_factor,
)
from app.domain.access.second_factors.factor import (
    RecoveryCode,
    SecondFactor,
    SecondFactorNeeded,
    SecondFactorView,
    WrongSecondFactor,
    count_recovery_codes,
    read_second_factor,
    use_second_factor,
)

__all__ = [
    "ENROLMENT_LASTS",
    "ConfirmedView",
    "EnrolmentOver",
    "NoSecondFactor",
    "OwnProof",
    "RecoveryCode",
    "SecondFactor",
    "SecondFactorCode",
    "SecondFactorEnrolmentView",
    "SecondFactorNeeded",
    "SecondFactorRequired",
    "SecondFactorView",
    "WrongSecondFactor",
    "code_at",
    "confirm_second_factor",
    "count_recovery_codes",
    "drop_second_factor",
    "enrol_second_factor",
    "plain_code",
    "read_second_factor",
    "remove_second_factor",
    "step_of",
    "use_second_factor",
]
