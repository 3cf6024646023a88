"""The rows of the access matrix: what each operation needs, and what it is done with.

A row says which permission an operation needs, of which kind its target is, and what is sent. What
each role may then do at each place follows from one rule (`expected`), which knows the role table and
nothing of how the application decides.
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from app.domain.access.roles import PERMISSIONS, Permission, Role
from tests.faces.places import Someone, Thing, World


class Outcome(Enum):
    """What becomes of a request."""

    ALLOWED = "allowed"
    NOT_ALLOWED = "not allowed"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Row:
    """An operation on one thing.

    `needs` is the permission, `about` the target's kind, `body` makes what is sent from a key: the
    target's, or that of the thing of the kind `also` at the same place.
    """

    about: str
    needs: Permission
    _: KW_ONLY
    body: Callable[[UUID], dict[str, Any]] | None = None
    in_body: bool = False
    """Whether the target is named in the body alone."""
    also: str | None = None
    """Of which kind another thing of the same place is named: by the address, or by the body."""
    reads: bool = False
    """Whether `needs` is what the kind is read with, so that to be addressed is enough."""
    lists: bool = False
    """Whether a list is the answer: that needs the permission, if only somewhere."""
    by_place: bool = False
    """Whether the target is found by its place alone: to be addressed by it does not show it."""
    absent: str | None = None
    """A refusal that says that something else is not there, after the target was found."""


@dataclass(frozen=True)
class Personal(Row):
    """An operation that belongs to the person: a teacher does it with what is published to them."""


@dataclass(frozen=True)
class Listing:
    """An operation that lists everything of a kind within reach, or everything published."""

    about: tuple[str, ...]
    needs: Permission | None
    """The permission; None where whoever is addressed may look."""
    published: bool = False


@dataclass(frozen=True)
class Open:
    """An operation that everybody who is signed in may do; the reason is the value."""

    reason: str


def inside(actor: Someone, thing: Thing) -> bool:
    """Whether a thing lies where the actor has a role."""
    if actor.role is Role.TEACHER:
        return thing.teacher_id is not None and thing.teacher_id == actor.teacher_id
    if actor.role is Role.GROUP_LEADER:
        return thing.group_id is not None and thing.group_id == actor.group_id
    return thing.path[: len(actor.path)] == actor.path


def addressed(actor: Someone, thing: Thing) -> bool:
    """Whether a thing is published to the actor: to a unit at or above the actor's."""
    return thing.audience in actor.path


def expected(row: Row, actor: Someone, thing: Thing) -> Outcome:
    """The rule: unseen does not exist; seen without the permission is refused; else it is allowed."""
    holds = row.needs in PERMISSIONS[actor.role]
    if isinstance(row, Personal):
        if not holds:
            return Outcome.NOT_ALLOWED
        return Outcome.ALLOWED if addressed(actor, thing) else Outcome.NOT_FOUND
    if inside(actor, thing):
        return Outcome.ALLOWED if holds else Outcome.NOT_ALLOWED
    if addressed(actor, thing) and not row.by_place:
        suffices = row.reads and (holds or not row.lists)
        return Outcome.ALLOWED if suffices else Outcome.NOT_ALLOWED
    return Outcome.NOT_FOUND


def listed(row: Listing, actor: Someone, world: World) -> set[UUID] | None:
    """The keys that a list shows to an actor; None where it is refused."""
    if row.needs is not None and row.needs not in PERMISSIONS[actor.role]:
        return None
    chosen = addressed if row.published else inside
    return {thing.id for kind in row.about for thing in world.all_of(kind) if chosen(actor, thing)}


def _unit(**more: Any) -> Callable[[UUID], dict[str, Any]]:
    return lambda unit_id: {**more, "unit_id": str(unit_id)}


def _activity(unit_id: UUID) -> dict[str, Any]:
    return {
        "organiser_unit_id": str(unit_id), "title": "新活动", "kind": "lecture",
        "mode": "concentrated", "channel": "school_based", "hours": "2",
        "starts_on": "2026-11-20", "ends_on": "2026-11-20",
    }  # fmt: skip


def _session(_: UUID) -> dict[str, Any]:
    return {
        "starts_at": "2026-11-20T09:00:00+08:00", "ends_at": "2026-11-20T11:00:00+08:00",
        "place": "会议室", "speaker": "主讲", "hours": "2",
    }  # fmt: skip


def _account(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "new.account", "display_name": "新账号", "role": "school_admin",
        "subject_id": str(unit_id),
    }  # fmt: skip


def _teacher(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "新教师", "subject": "chinese", "stage": "primary", "school_id": str(unit_id),
        "id_kind": "passport", "id_number": "E12345678", "birth_date": "1990-01-01",
    }  # fmt: skip


def _school(unit_id: UUID) -> dict[str, Any]:
    return {
        "name": "新学校", "level": "school", "stages": ["primary"], "parent_id": str(unit_id),
    }  # fmt: skip


def _fixed(**body: Any) -> Callable[[UUID], dict[str, Any]]:
    return lambda _: body


MATRIX: dict[str, Row | Listing | Open] = {
    "get_profile": Open("One's own profile."),
    "change_password": Open("One's own password."),
    # access
    "list_accounts": Listing(("account",), Permission.ACCOUNT_READ),
    "create_account": Row(
        "unit", Permission.ACCOUNT_WRITE, body=_account, in_body=True, by_place=True
    ),
    "get_account": Row("account", Permission.ACCOUNT_READ, reads=True),
    "suspend_account": Row("account", Permission.ACCOUNT_WRITE),
    "restore_account": Row("account", Permission.ACCOUNT_WRITE),
    "list_grants": Row("account", Permission.ACCOUNT_READ, reads=True),
    "grant_role": Row(
        "account", Permission.ACCOUNT_WRITE, also="unit",
        body=lambda unit_id: {"role": "school_admin", "subject_id": str(unit_id)},
    ),
    "revoke_grant": Row("grant", Permission.ACCOUNT_WRITE),
    # organisation
    "list_units": Listing(("unit",), Permission.UNIT_READ),
    "create_unit": Row("unit", Permission.UNIT_WRITE, body=_school, in_body=True),
    "get_unit": Row("unit", Permission.UNIT_READ, reads=True),
    "list_children": Row("unit", Permission.UNIT_READ, reads=True, lists=True),
    # people
    "list_teachers": Listing(("teacher",), Permission.TEACHER_READ),
    "create_teacher": Row("unit", Permission.TEACHER_WRITE, body=_teacher, in_body=True),
    "get_teacher": Row("teacher", Permission.TEACHER_READ, reads=True),
    "record_rank": Row(
        "teacher", Permission.TEACHER_WRITE, body=_fixed(rank="senior", valid_from="2026-09-01")
    ),
    # training
    "list_groups": Listing(("group",), Permission.GROUP_READ),
    "create_group": Row(
        "unit", Permission.GROUP_WRITE, body=_unit(name="新组", kind="project"), in_body=True
    ),
    "get_group": Row("group", Permission.GROUP_READ, reads=True),
    "list_members": Row("group", Permission.GROUP_READ, reads=True),
    "add_member": Row(
        "group", Permission.GROUP_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_id": str(teacher_id)},
    ),
    "end_membership": Row(
        "group", Permission.GROUP_WRITE, also="teacher", absent="group_member_not_found"
    ),
    "list_activities": Listing(("activity", "offered"), Permission.ACTIVITY_READ),
    "list_offered_activities": Listing(
        ("activity", "offered"), Permission.ACTIVITY_READ, published=True
    ),
    "create_activity": Row("unit", Permission.ACTIVITY_WRITE, body=_activity, in_body=True),
    "get_activity": Row("activity", Permission.ACTIVITY_READ, reads=True),
    "update_activity": Row("activity", Permission.ACTIVITY_WRITE, body=_fixed(title="改名")),
    "publish_activity": Row("activity", Permission.ACTIVITY_WRITE),
    "hold_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "close_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "cancel_activity": Row("offered", Permission.ACTIVITY_WRITE),
    "list_sessions": Row("offered", Permission.ACTIVITY_READ, reads=True),
    "add_session": Row("activity", Permission.ACTIVITY_WRITE, body=_session),
    "get_session": Row("offered_session", Permission.ACTIVITY_READ, reads=True),
    "remove_session": Row("session", Permission.ACTIVITY_WRITE),
    "list_enrolments": Row("offered", Permission.ATTENDANCE_READ),
    "enrol_oneself": Personal("offered", Permission.PARTICIPATE),
    "withdraw_enrolment": Personal(
        "offered", Permission.PARTICIPATE, absent="enrolment_not_found"
    ),
    "list_teacher_enrolments": Row("teacher", Permission.TEACHER_READ, reads=True),
    "get_check_in_code": Row("offered_session", Permission.ATTENDANCE_WRITE),
    "check_in": Personal("offered_session", Permission.PARTICIPATE, body=_fixed(code="ABCD2345")),
    "record_attendance": Row(
        "offered_session", Permission.ATTENDANCE_WRITE, also="teacher",
        body=lambda teacher_id: {"teacher_ids": [str(teacher_id)], "status": "present"},
    ),
    "list_attendance": Row("offered", Permission.ATTENDANCE_READ),
    "list_teacher_attendance": Row("teacher", Permission.TEACHER_READ, reads=True),
    "list_notes": Row("offered", Permission.ATTENDANCE_READ),
    "submit_note": Personal(
        "offered", Permission.PARTICIPATE, body=_fixed(kind="note", text="研修笔记" * 10)
    ),
    "list_teacher_notes": Row("teacher", Permission.TEACHER_READ, reads=True),
    # credits
    "list_packs": Listing(("pack",), None, published=True),
    "publish_pack": Row(
        "unit", Permission.PACK_PUBLISH, body=_unit(document={}), in_body=True
    ),
    "get_pack": Row("pack", Permission.PACK_READ, reads=True),
    "recognise_activity": Row("offered", Permission.CREDIT_RECOGNISE),
    "list_entries": Row("teacher", Permission.CREDIT_READ),
    "get_entry": Row("entry", Permission.CREDIT_READ, reads=True),
    "get_explanation": Row("entry", Permission.CREDIT_READ, reads=True),
    "reverse_entry": Row("entry", Permission.CREDIT_REVERSE, body=_fixed(reason="记错了")),
    "get_standing": Row("teacher", Permission.CREDIT_READ),
    "get_credit_summary": Row("unit", Permission.CREDIT_READ),
    "list_compliance": Row("unit", Permission.CREDIT_READ),
    # exchange
    "list_changes": Listing((), Permission.CHANGE_READ),
    "list_batches": Listing(("batch",), Permission.PROVINCE_EXCHANGE),
    "create_batch": Row(
        "unit", Permission.PROVINCE_EXCHANGE, in_body=True,
        body=lambda unit_id: {"city_id": str(unit_id)},
    ),
    "get_batch": Row("batch", Permission.PROVINCE_EXCHANGE, reads=True),
    "get_batch_content": Row("batch", Permission.PROVINCE_EXCHANGE, reads=True),
}  # fmt: skip
"""Every operation that a signed-in person can ask for."""
