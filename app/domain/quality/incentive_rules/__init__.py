"""Rules of incentives (奖惩规则): for what a school or a bureau rewards or punishes, by which text, and how.

Each rests on a regulation of the unit or on an article of a document, and names the clause. A rule is
published in versions: what was proposed under one version is decided by that version.
"""

from app.domain.quality.incentive_rules.publishing import (
    IncentiveBasisUnfit,
    IncentiveRuleEnd,
    IncentiveRuleEnded,
    NewIncentiveRule,
    PenaltyRuleUnfair,
    RewardRuleUnfit,
    end_incentive_rule,
    publish_incentive_rule,
)
from app.domain.quality.incentive_rules.rule import (
    INCENTIVE_RULES,
    IncentiveForm,
    IncentiveKind,
    IncentiveRule,
    IncentiveRuleNotFound,
    IncentiveRuleView,
    get_incentive_rule,
    incentive_rules_by_id,
    list_incentive_rules,
    list_own_incentive_rules,
)

__all__ = [
    "INCENTIVE_RULES",
    "IncentiveBasisUnfit",
    "IncentiveForm",
    "IncentiveKind",
    "IncentiveRule",
    "IncentiveRuleEnd",
    "IncentiveRuleEnded",
    "IncentiveRuleNotFound",
    "IncentiveRuleView",
    "NewIncentiveRule",
    "PenaltyRuleUnfair",
    "RewardRuleUnfit",
    "end_incentive_rule",
    "get_incentive_rule",
    "incentive_rules_by_id",
    "list_incentive_rules",
    "list_own_incentive_rules",
    "publish_incentive_rule",
]
