"""Members of cohorts (培养对象): who is nominated, admitted, completes or withdraws.

`member` says what a membership is and who sees it, `nominating` how it comes about and ends, `replacing`
how a place passes to another.
"""

from app.domain.people.cohort_members.member import (
    COHORT_MEMBERS,
    NOMINATIONS,
    CohortMember,
    CohortMemberNotFound,
    CohortMemberView,
    MembershipOfOneself,
    MembershipState,
    list_cohort_members,
    list_nominations,
    programmes_of,
)
from app.domain.people.cohort_members.nominating import (
    CohortFull,
    EndedInFuture,
    MembershipEnd,
    MembershipNotThere,
    NewNomination,
    NominatedAlready,
    NominationClosed,
    NominationDecision,
    QuotaUsedUp,
    ResultsMissing,
    TeacherOutsideProgramme,
    decide_nomination,
    end_cohort_member,
    nominate_teacher,
    require_place,
)
from app.domain.people.cohort_members.replacing import (
    MemberReplacement,
    ReplacementElsewhere,
    replace_cohort_member,
)

__all__ = [
    "COHORT_MEMBERS",
    "NOMINATIONS",
    "CohortFull",
    "CohortMember",
    "CohortMemberNotFound",
    "CohortMemberView",
    "EndedInFuture",
    "MemberReplacement",
    "MembershipEnd",
    "MembershipNotThere",
    "MembershipOfOneself",
    "MembershipState",
    "NewNomination",
    "NominatedAlready",
    "NominationClosed",
    "NominationDecision",
    "QuotaUsedUp",
    "ReplacementElsewhere",
    "ResultsMissing",
    "TeacherOutsideProgramme",
    "decide_nomination",
    "end_cohort_member",
    "list_cohort_members",
    "list_nominations",
    "nominate_teacher",
    "programmes_of",
    "replace_cohort_member",
    "require_place",
]
