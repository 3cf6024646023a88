"""The types of activities and sessions with their edges, and what is sent of them."""

import strawberry

from app.domain.organisation import departments, networks, units
from app.domain.training import (
    activities,
    contest_results,
    destinations,
    forms,
    groups,
    staff,
)
from app.domain.training.activities import (
    ActivityChanges,
    ActivityView,
    NewActivity,
    NewSession,
    SessionView,
)
from app.graphql.edges import edge, lazy, paged_edge
from app.graphql.nodes import Node, node


@node(activities.SESSIONS, name="Session", description="场次 / a session of an activity")
class SessionNode(Node, SessionView):
    """A session with its edge."""

    activity = edge(
        activities.activities_by_id,
        lazy(__name__, "ActivityNode"),
        many=False,
        keys="activity_ids",
        key="activity_id",
        description="活动 / the activity that it belongs to",
    )
    staff = edge(
        staff.staff_of_sessions,
        lazy("app.graphql.training.staff", "StaffNode"),
        many=True,
        keys="session_ids",
        description="本场次的承担者 / who carries it",
    )


@node(activities.ACTIVITIES, name="Activity", description="研修活动 / an activity")
class ActivityNode(Node, ActivityView):
    """An activity with its edges."""

    sessions = edge(
        activities.sessions_of,
        lazy(__name__, "SessionNode"),
        many=True,
        keys="activity_ids",
        description="场次 / its sessions in their order",
    )
    form = edge(
        forms.forms_by_id,
        lazy("app.graphql.training.forms", "FormNode"),
        many=False,
        keys="form_ids",
        key="form_id",
        description="活动样式（所用版本） / the version of the form that it has, if any",
    )
    staff = edge(
        staff.staff_of,
        lazy("app.graphql.training.staff", "StaffNode"),
        many=True,
        keys="activity_ids",
        description="承担者 / who carries it and its sessions",
    )
    destinations = edge(
        destinations.destinations_of,
        lazy("app.graphql.training.destinations", "DestinationNode"),
        many=True,
        keys="activity_ids",
        description="考察地点 / where it leads",
    )
    results = paged_edge(
        contest_results.contest_results_of,
        lazy("app.graphql.training.contest_results", "ContestantNode"),
        keys="activity_ids",
        first=20,
        description="竞赛成绩，组织者可见 / results, for whoever organises it",
    )
    organiser = edge(
        units.units_by_id,
        lazy("app.graphql.organisation.units", "UnitNode"),
        many=False,
        keys="unit_ids",
        key="organiser_unit_id",
        description="组织单位 / the unit that organises it, null where the actor may not see it",
    )
    organiser_group = edge(
        groups.groups_by_id,
        lazy("app.graphql.training.groups", "GroupNode"),
        many=False,
        keys="group_ids",
        key="organiser_group_id",
        description="组织教研组 / the group that organises it, if one does",
    )
    organiser_network = edge(
        networks.networks_by_id,
        lazy("app.graphql.organisation.networks", "NetworkNode"),
        many=False,
        keys="network_ids",
        key="organiser_network_id",
        description="组织片区、联校、学区、联盟 / the network that organises it, if one does",
    )
    organiser_department = edge(
        departments.departments_by_id,
        lazy("app.graphql.organisation.departments", "DepartmentNode"),
        many=False,
        keys="department_ids",
        key="organiser_department_id",
        description="组织部门 / the department that organises it, if one does",
    )


@strawberry.pydantic.input(name="NewActivity")
class NewActivityInput(NewActivity):
    """An activity to be drafted."""


@strawberry.pydantic.input(name="ActivityChanges")
class ActivityChangesInput(ActivityChanges):
    """What of a draft is to be changed."""


@strawberry.pydantic.input(name="NewSession")
class NewSessionInput(NewSession):
    """A session to be added."""
