"""What waits with reports: drafts to be issued, and schools to be visited that hold too little."""

from sqlalchemy import func
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.organisation.units import Unit
from app.domain.people.teachers.strata import is_among
from app.domain.quality.activity_minimums.inactive import is_short, short_of
from app.domain.quality.reports import Report, ReportState

_SCHOOLS, _TOLD = short_of(TODAY)

OF_REPORTS = (
    Waiting(
        kind=TaskKind.REPORT_TO_ISSUE,
        permission=Permission.REPORT_ISSUE,
        table=Report,
        title=col(Report.title),
        since=col(Report.known_at),
        at=unit_of(Report),
        above=above_unit_of(Report),
        waits=is_among(col(Report.state), [ReportState.DRAFT]),
    ),
    Waiting(
        kind=TaskKind.INACTIVE_SCHOOL_TO_VISIT,
        permission=Permission.GUIDANCE_INSPECT,
        table=Unit,
        rows=_SCHOOLS,
        title=col(Unit.name),
        # It waits since the school last did something, or since anything was asked of it.
        since=func.greatest(_TOLD["set_on"], _TOLD["last_held_on"]),
        at=col(Unit.county_id),
        above=func.nullif(col(Unit.city_id), col(Unit.county_id)),
        # A visit within these months, or an activity, and nothing waits any more.
        waits=is_short(_TOLD, TODAY) & _TOLD["visited_on"].is_(None),
    ),
)
