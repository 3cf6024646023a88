"""Releases of growth files (成长档案提供授权): `release` (what the person lets go), `record` (pure: the signed
file and its verification), then `handing_over`.
"""

from app.domain.quality.growth_releases.handing_over import (
    GrowthNothingToHandOver,
    GrowthRecordTooLarge,
    GrowthRecordView,
    hand_over_growth_file,
)
from app.domain.quality.growth_releases.record import (
    GrowthRecordWrong,
    Opens,
    VerifiedRecord,
    issuer_of,
    open_token,
    verify_record,
)
from app.domain.quality.growth_releases.release import (
    GROWTH_RELEASES,
    GrowthRelease,
    GrowthReleaseNotFound,
    GrowthReleaseOver,
    GrowthReleasePast,
    GrowthReleaseView,
    NewGrowthRelease,
    ReleaseState,
    get_growth_release,
    give_growth_release,
    list_growth_releases,
    revoke_growth_release,
)

__all__ = [
    "GROWTH_RELEASES",
    "GrowthNothingToHandOver",
    "GrowthRecordTooLarge",
    "GrowthRecordView",
    "GrowthRecordWrong",
    "GrowthRelease",
    "GrowthReleaseNotFound",
    "GrowthReleaseOver",
    "GrowthReleasePast",
    "GrowthReleaseView",
    "NewGrowthRelease",
    "Opens",
    "ReleaseState",
    "VerifiedRecord",
    "get_growth_release",
    "give_growth_release",
    "hand_over_growth_file",
    "issuer_of",
    "list_growth_releases",
    "open_token",
    "revoke_growth_release",
    "verify_record",
]
