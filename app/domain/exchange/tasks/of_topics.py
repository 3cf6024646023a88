"""What waits in the workflows of topics, outputs, awards and resources."""

from sqlalchemy import case, func, select
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import TODAY, Waiting
from app.domain.learning.awards import AwardRound, AwardRoundState
from app.domain.learning.outputs import OutputState, ResearchOutput
from app.domain.learning.resources import Resource, ResourceSharing
from app.domain.learning.topic_steps import StepState, TopicStep
from app.domain.learning.topic_steps.step import AppraisalState, TopicAppraisal
from app.domain.learning.topics import Topic, TopicLevel, TopicState
from app.domain.organisation.networks import Network
from app.domain.people.teachers.strata import is_among

_STEPS = beside(TopicStep, Topic, col(TopicStep.topic_id) == col(Topic.id))
_level = col(Topic.level)
_DECIDED_AT = case(
    (_level == TopicLevel.SCHOOL, col(Topic.school_id)),
    (_level == TopicLevel.COUNTY, col(Topic.county_id)),
    else_=col(Topic.city_id),
)
_ABOVE_DECISION = case(
    (_level == TopicLevel.SCHOOL, col(Topic.county_id)),
    (_level == TopicLevel.COUNTY, func.nullif(col(Topic.city_id), col(Topic.county_id))),
)
_bureau_of_network = (
    select(col(Network.county_id))
    .where(col(Network.id) == col(Resource.asked_network_id))
    .correlate(Resource)
    .scalar_subquery()
)

OF_TOPICS = (
    Waiting(
        kind=TaskKind.TOPIC_STEP_TO_DECIDE,
        permission=Permission.TOPIC_REVIEW,
        table=TopicStep,
        rows=_STEPS,
        title=col(Topic.title),
        since=col(TopicStep.filed_at),
        at=_DECIDED_AT,
        above=_ABOVE_DECISION,
        waits=is_among(col(TopicStep.state), [StepState.FILED]),
        by=col(TopicStep.filed_by),
        of=col(Topic.leader_id),
    ),
    Waiting(
        kind=TaskKind.TOPIC_TO_APPRAISE,
        permission=Permission.RECORD_OWN,
        table=TopicAppraisal,
        rows=beside(
            TopicAppraisal, TopicStep, col(TopicAppraisal.step_id) == col(TopicStep.id)
        ).join(Topic.__table__, col(TopicStep.topic_id) == col(Topic.id)),  # type: ignore[attr-defined]
        title=col(Topic.title),
        since=col(TopicAppraisal.asked_at),
        at=col(TopicAppraisal.expert_id),
        waits=is_among(col(TopicAppraisal.state), [AppraisalState.ASKED])
        & is_among(col(TopicStep.state), [StepState.FILED]),
    ),
    Waiting(
        kind=TaskKind.TOPIC_TO_REVISE,
        permission=Permission.TOPIC_WRITE,
        table=Topic,
        title=col(Topic.title),
        since=col(Topic.created_at),
        at=col(Topic.leader_id),
        waits=is_among(col(Topic.state), [TopicState.RETURNED]),
    ),
    Waiting(
        kind=TaskKind.OUTPUT_TO_CONFIRM,
        permission=Permission.TOPIC_REVIEW,
        table=ResearchOutput,
        title=col(ResearchOutput.title),
        since=col(ResearchOutput.stated_at),
        at=unit_of(ResearchOutput),
        above=above_unit_of(ResearchOutput),
        waits=is_among(col(ResearchOutput.state), [OutputState.STATED]),
    ),
    Waiting(
        kind=TaskKind.RESOURCE_TO_REVIEW,
        permission=Permission.RESOURCE_REVIEW,
        table=Resource,
        title=col(Resource.title),
        since=col(Resource.asked_at),
        at=case(
            (col(Resource.asked_sharing) == ResourceSharing.CITY, col(Resource.city_id)),
            else_=func.coalesce(_bureau_of_network, col(Resource.county_id)),
        ),
        waits=col(Resource.asked_at).is_not(None),
        by=col(Resource.asked_by),
        of=col(Resource.teacher_id),
    ),
    Waiting(
        kind=TaskKind.AWARD_TO_GIVE,
        permission=Permission.TOPIC_REVIEW,
        table=AwardRound,
        title=col(AwardRound.title),
        since=col(AwardRound.opened_at),
        due=col(AwardRound.closes_on),
        at=unit_of(AwardRound),
        above=above_unit_of(AwardRound),
        waits=is_among(col(AwardRound.state), [AwardRoundState.OPEN])
        & (col(AwardRound.closes_on) < TODAY),
    ),
)
"""Steps, outputs and awards wait where they are decided on, appraisals with the expert."""
