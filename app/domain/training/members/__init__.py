"""Members (组员) of research groups: which teachers belong to a group, with which duty, from when until when.

Who may see the group sees its members in a narrow view: who, and with which duty. A group has one head
at a time; a head with a term is a member again when the term ends.
"""

from app.domain.training.members.changing import (
    GroupHasHead,
    MemberExists,
    MemberOutsideUnit,
    NewDuty,
    NewMember,
    TermOutOfOrder,
    add_member,
    add_members,
    change_duty,
    end_membership,
)
from app.domain.training.members.membership import (
    MEMBERS,
    MemberNotFound,
    MemberView,
    check_known,
    list_group_history,
    list_members,
    members_of,
)

__all__ = [
    "MEMBERS",
    "GroupHasHead",
    "MemberExists",
    "MemberNotFound",
    "MemberOutsideUnit",
    "MemberView",
    "NewDuty",
    "NewMember",
    "TermOutOfOrder",
    "add_member",
    "add_members",
    "change_duty",
    "check_known",
    "end_membership",
    "list_group_history",
    "list_members",
    "members_of",
]
