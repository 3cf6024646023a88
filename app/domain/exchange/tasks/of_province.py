"""What waits of what the province asks and tells: challenges to answer, arrivals to settle."""

from sqlalchemy import func
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.arrivals import Arrival, ArrivalState
from app.domain.exchange.challenges import Challenge, ChallengeState
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.people.teachers.strata import is_among

OF_PROVINCE = (
    Waiting(
        kind=TaskKind.CHALLENGE_TO_ANSWER,
        permission=Permission.PROVINCE_ANSWER,
        table=Challenge,
        title=col(Challenge.question),
        since=col(Challenge.raised_at),
        due=col(Challenge.due_on),
        at=col(Challenge.county_id),
        above=func.nullif(col(Challenge.city_id), col(Challenge.county_id)),
        waits=is_among(col(Challenge.state), [ChallengeState.RAISED]),
        of=col(Challenge.teacher_id),
    ),
    Waiting(
        kind=TaskKind.ARRIVAL_TO_SETTLE,
        permission=Permission.PROVINCE_ANSWER,
        table=Arrival,
        title=col(Arrival.name),
        since=col(Arrival.received_at),
        at=col(Arrival.county_id),
        above=func.nullif(col(Arrival.city_id), col(Arrival.county_id)),
        waits=is_among(col(Arrival.state), [ArrivalState.WAITING]),
        of=col(Arrival.teacher_id),
    ),
)
