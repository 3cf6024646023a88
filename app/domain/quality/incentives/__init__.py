"""Incentives (奖惩): rewards and penalties of teachers, from the proposal to the day on which they are over.

A rule says for what (`incentive_rules`), somebody proposes with what shows it, the person is heard before a
penalty, somebody else decides, a reward is shown for objections and then given, a penalty may be appealed
against; what was given may be revoked. Read `table`, `incentive`, then `proposing`, `deciding`, `appeals`;
objections are in `incentive_objections`.
"""

from app.domain.quality.incentives.appeals import (
    ANSWERED_WITHIN,
    IncentiveAppeal,
    IncentiveAppealDecision,
    IncentiveAppealed,
    appeal_incentive,
    decide_incentive_appeal,
)
from app.domain.quality.incentives.deciding import (
    IncentiveDecidedByParty,
    IncentiveDecision,
    IncentivePublicityOpen,
    IncentiveRevocation,
    PenaltyNotHeard,
    check_not_party,
    decide_incentive,
    give_incentive,
    hold_to_decide,
    revoke_incentive,
)
from app.domain.quality.incentives.incentive import (
    INCENTIVES,
    PUBLISHED_INCENTIVES,
    REWARDS,
    IncentiveNotFound,
    IncentiveOfOneself,
    IncentiveView,
    IncentiveWrongState,
    PublishedIncentiveView,
    get_incentive,
    incentives_by_id,
    incentives_of,
    list_incentives,
    list_published_incentives,
)
from app.domain.quality.incentives.proposing import (
    IncentiveNotReached,
    IncentiveProposedAlready,
    NewIncentive,
    PersonsStatement,
    propose_incentive,
    state_on_incentive,
    withdraw_incentive,
)
from app.domain.quality.incentives.table import Incentive, IncentiveObjection, IncentiveState

__all__ = [
    "ANSWERED_WITHIN",
    "INCENTIVES",
    "PUBLISHED_INCENTIVES",
    "REWARDS",
    "Incentive",
    "IncentiveAppeal",
    "IncentiveAppealDecision",
    "IncentiveAppealed",
    "IncentiveDecidedByParty",
    "IncentiveDecision",
    "IncentiveNotFound",
    "IncentiveNotReached",
    "IncentiveObjection",
    "IncentiveOfOneself",
    "IncentiveProposedAlready",
    "IncentivePublicityOpen",
    "IncentiveRevocation",
    "IncentiveState",
    "IncentiveView",
    "IncentiveWrongState",
    "NewIncentive",
    "PenaltyNotHeard",
    "PersonsStatement",
    "PublishedIncentiveView",
    "appeal_incentive",
    "check_not_party",
    "decide_incentive",
    "decide_incentive_appeal",
    "get_incentive",
    "give_incentive",
    "hold_to_decide",
    "incentives_by_id",
    "incentives_of",
    "list_incentives",
    "list_published_incentives",
    "propose_incentive",
    "revoke_incentive",
    "state_on_incentive",
    "withdraw_incentive",
]
