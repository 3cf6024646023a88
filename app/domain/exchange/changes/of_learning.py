"""What the feed tells of learning: courses and those who take them, trainers, mentors, topics, resources.

Names of people and titles that may be corrected are read where they stand; here stand keys. That there
is another version of a course or a resource is told to who reads them where they are kept. Reviews, tests and
exercises, rounds of choice, records of mentoring and of study are not told: they are work in progress, or said
by the thing itself once it counts.
"""

from dataclasses import replace

from sqlmodel import col

from app.domain.access.doors import Door
from app.domain.access.roles import Permission
from app.domain.exchange.changes.learning_views import (
    ChoiceChangeView,
    CourseClassChangeView,
    CourseRunChangeView,
    CourseVersionChangeView,
    MentorChangeView,
    MentorshipChangeView,
    ResourceChangeView,
    ResourceVersionChangeView,
    TopicChangeView,
    TopicMemberChangeView,
    TrainerChangeView,
)
from app.domain.exchange.changes.source import (
    IS_NOBODY_ELSE,
    ChangeKind,
    Source,
    of_teacher,
    part_of,
    place_of,
    placed_by,
    with_teacher,
)
from app.domain.learning.choices.table import Choice
from app.domain.learning.course_completions.completion import COMPLETIONS
from app.domain.learning.course_completions.table import CourseCompletion
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.courses import COURSES, Course, CourseVersion
from app.domain.learning.mentorships.table import Mentor, Mentorship
from app.domain.learning.outputs.output import OUTPUTS, ResearchOutput
from app.domain.learning.resources.table import Resource, ResourceVersion
from app.domain.learning.topics import Topic, TopicMember
from app.domain.learning.trainers import Trainer
from app.domain.people.teachers import Teacher

_COURSE_VERSIONS = Door(
    table=CourseVersion,
    view=CourseVersionChangeView,
    read=Permission.COURSE_READ,
    places=placed_by(Course),
    joined=part_of(CourseVersion, Course, "course_id"),
)
_RUNS = Door(table=CourseRun, view=CourseRunChangeView, read=Permission.COURSE_READ)
_CLASSES = Door(
    table=CourseClass,
    view=CourseClassChangeView,
    read=Permission.COURSE_READ,
    places=placed_by(CourseRun),
    computed={"course_id": col(CourseRun.course_id)},
    joined=part_of(CourseClass, CourseRun, "run_id"),
)
_CHOICES = Door(
    table=Choice,
    view=ChoiceChangeView,
    read=Permission.ATTENDANCE_READ,
    joined=with_teacher(Choice),
)
_TRAINERS = Door(table=Trainer, view=TrainerChangeView, read=Permission.TRAINER_READ)
_MENTORSHIPS = Door(
    table=Mentorship,
    view=MentorshipChangeView,
    read=Permission.PAIR_READ,
    joined=with_teacher(Mentorship),
)
_MENTORS = Door(
    table=Mentor,
    view=MentorChangeView,
    read=Permission.PAIR_READ,
    places=placed_by(Mentorship),
    joined=part_of(Mentor, Mentorship, "mentorship_id").join(
        Teacher.__table__,  # type: ignore[attr-defined]
        col(Mentorship.teacher_id) == col(Teacher.id),
    ),
)
_TOPICS = Door(table=Topic, view=TopicChangeView, read=Permission.TOPIC_READ)
_TOPIC_MEMBERS = Door(
    table=TopicMember,
    view=TopicMemberChangeView,
    read=Permission.TOPIC_READ,
    places=placed_by(Topic),
    joined=part_of(TopicMember, Topic, "topic_id"),
)
_RESOURCES = Door(table=Resource, view=ResourceChangeView, read=Permission.RESOURCE_READ)
_RESOURCE_VERSIONS = Door(
    table=ResourceVersion,
    view=ResourceVersionChangeView,
    read=Permission.RESOURCE_READ,
    places=placed_by(Resource),
    joined=part_of(ResourceVersion, Resource, "resource_id"),
)

LEARNING: dict[ChangeKind, Source] = {
    ChangeKind.COURSE: Source(COURSES, place_of(Course)),
    ChangeKind.COURSE_VERSION: Source(
        _COURSE_VERSIONS,
        (*place_of(Course), col(CourseVersion.course_id)),
        along_with=ChangeKind.COURSE,
    ),
    ChangeKind.COURSE_RUN: Source(_RUNS, place_of(CourseRun)),
    ChangeKind.COURSE_CLASS: Source(
        _CLASSES,
        (*place_of(CourseRun), col(CourseClass.run_id)),
        along_with=ChangeKind.COURSE_RUN,
    ),
    ChangeKind.CHOICE: of_teacher(_CHOICES, Choice),
    ChangeKind.COURSE_COMPLETION: of_teacher(
        replace(COMPLETIONS, places={}, joined=with_teacher(CourseCompletion)), CourseCompletion
    ),
    ChangeKind.TRAINER: Source(_TRAINERS, place_of(Trainer)),
    ChangeKind.MENTORSHIP: of_teacher(_MENTORSHIPS, Mentorship),
    ChangeKind.MENTOR: Source(
        _MENTORS,
        (*place_of(Mentorship), col(Mentorship.teacher_id), col(Mentor.mentorship_id)),
        along_with=ChangeKind.TEACHER,
        believed=(IS_NOBODY_ELSE,),
    ),
    ChangeKind.TOPIC: Source(_TOPICS, place_of(Topic)),
    ChangeKind.TOPIC_MEMBER: Source(
        _TOPIC_MEMBERS,
        (*place_of(Topic), col(TopicMember.topic_id)),
        along_with=ChangeKind.TOPIC,
    ),
    ChangeKind.OUTPUT: Source(OUTPUTS, place_of(ResearchOutput)),
    ChangeKind.RESOURCE: Source(_RESOURCES, place_of(Resource)),
    ChangeKind.RESOURCE_VERSION: Source(
        _RESOURCE_VERSIONS,
        (*place_of(Resource), col(ResourceVersion.resource_id)),
        along_with=ChangeKind.RESOURCE,
    ),
}
