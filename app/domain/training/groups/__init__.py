"""Research groups (教研组): teachers who study together, owned by a school or by a bureau.

Membership is a dated fact: who belonged to a group on a day, and who headed it, can still be told
later. A group's account of the role `group_leader` reads the members in a narrow view and organises
the group's activities; the duty of a member is what the group knows of it, and permits nothing by
itself.
"""

from app.domain.training.groups.administration import (
    GroupChanges,
    GroupClosed,
    GroupKindOfBureau,
    NewGroup,
    Taught,
    change_taught,
    close_group,
    create_group,
    create_groups,
    open_group,
    open_groups,
    update_group,
)
from app.domain.training.groups.group import (
    GROUP_PLACES,
    GROUPS,
    GroupFields,
    GroupMember,
    GroupNotFound,
    GroupView,
    ResearchGroup,
    get_group,
    groups_by_id,
    groups_of,
    groups_with,
    list_groups,
)
from app.domain.training.groups.kinds import (
    OF_BUREAUX_ALONE,
    STAGE_DEFAULT,
    GroupDuty,
    GroupKind,
)

__all__ = [
    "GROUPS",
    "GROUP_PLACES",
    "OF_BUREAUX_ALONE",
    "STAGE_DEFAULT",
    "GroupChanges",
    "GroupClosed",
    "GroupDuty",
    "GroupFields",
    "GroupKind",
    "GroupKindOfBureau",
    "GroupMember",
    "GroupNotFound",
    "GroupView",
    "NewGroup",
    "ResearchGroup",
    "Taught",
    "change_taught",
    "close_group",
    "create_group",
    "create_groups",
    "get_group",
    "groups_by_id",
    "groups_of",
    "groups_with",
    "list_groups",
    "open_group",
    "open_groups",
    "update_group",
]
