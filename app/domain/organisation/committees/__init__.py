"""Committees (委员会与领导小组): who stands together over teacher training, and from which day to which.

A county's report names a leading group headed by the head of the bureau and a working group headed
by the head of the research office; every school keeps a leading group of its own; the city keeps an
expert committee over all school-based training (岳市教发〔2013〕18号 第十六条、第二十八条). Who sits in
one is told by `committee_members`.
"""

from app.domain.organisation.committees.administration import (
    CommitteeDissolved,
    CommitteeOfBureau,
    CommitteeTermEmpty,
    LeadingGroupExists,
    NewCommittee,
    create_committee,
    dissolve_committee,
    open_committee,
)
from app.domain.organisation.committees.committee import (
    COMMITTEES,
    Committee,
    CommitteeDuty,
    CommitteeKind,
    CommitteeMember,
    CommitteeMemberFields,
    CommitteeNotFound,
    CommitteeView,
    Concern,
    committees_by_id,
    committees_of,
    get_committee,
    is_known,
    list_committees,
)

__all__ = [
    "COMMITTEES",
    "Committee",
    "CommitteeDissolved",
    "CommitteeDuty",
    "CommitteeKind",
    "CommitteeMember",
    "CommitteeMemberFields",
    "CommitteeNotFound",
    "CommitteeOfBureau",
    "CommitteeTermEmpty",
    "CommitteeView",
    "Concern",
    "LeadingGroupExists",
    "NewCommittee",
    "committees_by_id",
    "committees_of",
    "create_committee",
    "dissolve_committee",
    "get_committee",
    "is_known",
    "list_committees",
    "open_committee",
]
