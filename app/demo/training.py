"""What they did: research groups, activities with sessions, and who was there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from secrets import token_bytes
from typing import Any
from uuid import UUID

from app.demo.keys import Keys
from app.demo.people import Person
from app.demo.places import RECORDED, Place
from app.demo.rows import Rows
from app.demo.topics import SUBJECT_NAMES, TOPICS, Topic
from app.domain.base import SHANGHAI, civil_date
from app.domain.organisation.units import Level
from app.domain.people.teachers import Subject
from app.domain.training.activities.audience import ActivityAudience
from app.domain.training.activities.table import Activity, ActivitySession
from app.domain.training.attendance.record import (
    Attendance,
    AttendanceMethod,
    AttendanceRole,
    AttendanceStatus,
)
from app.domain.training.groups import GroupDuty, GroupKind, GroupMember, ResearchGroup
from app.domain.training.notes import Note, NoteKind
from app.domain.training.vocabulary import ActivityState

FIRST_DAY, LAST_DAY = date(2026, 1, 5), date(2026, 11, 13)
"""Between these days everything took place that is over."""
_HALF_DAY = Decimal(4)
_SMALLEST_GROUP = 3

_PRESENT, _LATE, _WITH_NOTE = 0.92, 0.03, 0.9


@dataclass(frozen=True)
class Organiser:
    """Who holds activities: a unit, with the accounts that act for it and for its bureau."""

    place: Place
    level: Level
    account_id: UUID
    bureau_account_id: UUID
    """The account that recognises: of the county, or of the city."""


@dataclass(frozen=True)
class Held:
    """An activity that is over, with what attendance and the ledger ask of it."""

    id: UUID
    organiser: Organiser
    topic: Topic
    sessions: tuple[UUID, ...]
    hours: Decimal
    earned_on: date
    requires_note: bool

    def described(self) -> dict[str, Any]:
        """What recognition reads of the activity's row."""
        return {
            "id": self.id,
            "city_id": self.organiser.place.city_id,
            "ends_on": self.earned_on,
            "level": self.organiser.level.value,
            "kind": self.topic.kind.value,
            "mode": self.topic.mode.value,
            "channel": self.topic.channel.value,
            "content": [each.value for each in self.topic.content],
        }

    @property
    def recognised_at(self) -> datetime:
        """Three days after it ended, at nine in the morning; each at a second of its own."""
        moment = datetime.combine(self.earned_on + timedelta(days=3), time(9), SHANGHAI)
        return moment + timedelta(seconds=self.id.int % 3600)


@dataclass(frozen=True)
class Trainings:
    """Makes groups, activities and attendance."""

    rows: Rows
    keys: Keys
    random: Random
    hours: Sequence[int]
    """The lengths that activities have, in hours."""
    forms: Mapping[str, UUID]
    """The city's forms of activities by their codes."""

    def form_groups(self, school: Place, people: Sequence[Person]) -> list[tuple[UUID, Person]]:
        """The teaching-research groups of a school by subject, each with its head."""
        by_subject: dict[Subject, list[Person]] = {}
        for person in people:
            by_subject.setdefault(person.subject, []).append(person)
        groups = []
        for subject, members in by_subject.items():
            if len(members) < _SMALLEST_GROUP:
                continue
            group_id = self.keys()
            self.rows.add(
                ResearchGroup,
                id=group_id,
                name=f"{SUBJECT_NAMES[subject]}教研组",
                kind=GroupKind.TEACHING_RESEARCH,
                stage=None,
                subject=subject,
                **school.columns,
            )
            for place, person in enumerate(members):
                self.rows.add(
                    GroupMember,
                    id=self.keys(),
                    group_id=group_id,
                    teacher_id=person.id,
                    duty=GroupDuty.MEMBER if place else GroupDuty.HEAD,
                    valid_from=civil_date(RECORDED),
                    recorded_at=RECORDED,
                )
            groups.append((group_id, members[0]))
        return groups

    def hold(self, organiser: Organiser, number: int) -> list[Held]:
        """So many activities of a unit over the year, all closed, in the order of their days."""
        held = []
        for ordinal in range(number):
            day = _weekday(FIRST_DAY + (LAST_DAY - FIRST_DAY) * ordinal / number)
            topic = self.random.choice(TOPICS)
            hours = Decimal(self.random.choice(self.hours))
            held.append(self._hold(organiser, topic, day, hours, noted=ordinal % 10 == 4))
        return held

    def announce(self, organiser: Organiser) -> None:
        """One activity that is still to come, and one that is being prepared."""
        for state, day in (
            (ActivityState.PUBLISHED, date(2026, 12, 16)),
            (ActivityState.DRAFT, date(2027, 1, 13)),
        ):
            activity_id, topic = self.keys(), self.random.choice(TOPICS)
            is_published = state is ActivityState.PUBLISHED
            self._add(activity_id, organiser, topic, state, (day, day), _HALF_DAY, None)
            self._add_session(activity_id, 1, day, _HALF_DAY, topic)
            if is_published:
                self._address(activity_id, organiser)

    def announce_of_network(
        self, organiser: Organiser, network_id: UUID, schools: Sequence[UUID]
    ) -> None:
        """An activity of a network that is still to come, published to the network and its schools."""
        activity_id, topic, day = self.keys(), TOPICS[0], date(2026, 12, 9)
        self._add(
            activity_id, organiser, topic, ActivityState.PUBLISHED, (day, day), _HALF_DAY, None,
            network_id=network_id,
        )  # fmt: skip
        self._add_session(activity_id, 1, day, _HALF_DAY, topic)
        for target_id in (network_id, *schools):
            self.rows.add(ActivityAudience, activity_id=activity_id, target_id=target_id)

    def attend(self, activity: Held, people: Sequence[Person]) -> Iterator[Person]:
        """Record who was there; those who have done all that the activity asks for."""
        for person in people:
            chance = self.random.random()
            if chance > _PRESENT + _LATE:
                continue
            status = AttendanceStatus.PRESENT if chance < _PRESENT else AttendanceStatus.LATE
            for session_id in activity.sessions:
                self._add_attendance(activity, session_id, person, status)
            if activity.requires_note:
                if self.random.random() > _WITH_NOTE:
                    continue
                self._add_note(activity, person)
            yield person

    def _hold(
        self, organiser: Organiser, topic: Topic, first: date, hours: Decimal, *, noted: bool
    ) -> Held:
        activity_id = self.keys()
        days = [first]
        # A day has at most eight hours; what is longer goes on a week later.
        while hours > 8 * len(days):
            days.append(days[-1] + timedelta(days=7))
        last = days[-1]
        closed_at = datetime.combine(last + timedelta(days=1), time(17), SHANGHAI)
        self._add(
            activity_id, organiser, topic, ActivityState.CLOSED, (first, last), hours, closed_at,
            requires_note=noted,
        )  # fmt: skip
        each = hours / len(days)
        sessions = tuple(
            self._add_session(activity_id, ordinal, day, each, topic)
            for ordinal, day in enumerate(days, start=1)
        )
        self._address(activity_id, organiser)
        return Held(activity_id, organiser, topic, sessions, hours, last, noted)

    def _add(
        self,
        activity_id: UUID,
        organiser: Organiser,
        topic: Topic,
        state: ActivityState,
        days: tuple[date, date],
        hours: Decimal,
        closed_at: datetime | None,
        *,
        requires_note: bool = False,
        network_id: UUID | None = None,
    ) -> None:
        published_at = datetime.combine(days[0] - timedelta(days=14), time(9), SHANGHAI)
        self.rows.add(
            Activity,
            id=activity_id,
            title=topic.title,
            kind=topic.kind,
            form_id=self.forms[topic.form] if topic.form else None,
            mode=topic.mode,
            channel=topic.channel,
            content=list(topic.content),
            hours=hours,
            capacity=None,
            requires_note=requires_note,
            starts_on=days[0],
            ends_on=days[1],
            **organiser.place.columns,
            organiser_group_id=None,
            organiser_network_id=network_id,
            state=state,
            published_at=None if state is ActivityState.DRAFT else published_at,
            closed_at=closed_at,
            created_by=organiser.account_id,
        )

    def _add_session(
        self, activity_id: UUID, ordinal: int, day: date, hours: Decimal, topic: Topic
    ) -> UUID:
        session_id = self.keys()
        starts_at = datetime.combine(day, time(8, 30), SHANGHAI)
        self.rows.add(
            ActivitySession,
            id=session_id,
            activity_id=activity_id,
            ordinal=ordinal,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=float(hours)),
            place="测试会议室",
            speaker=topic.speaker,
            hours=hours,
            # Beside passwords the one thing that differs from load to load.
            secret=token_bytes(32),
        )
        return session_id

    def _address(self, activity_id: UUID, organiser: Organiser) -> None:
        self.rows.add(ActivityAudience, activity_id=activity_id, target_id=organiser.place.id)

    def _add_attendance(
        self, activity: Held, session_id: UUID, person: Person, status: AttendanceStatus
    ) -> None:
        self.rows.add(
            Attendance,
            id=self.keys(),
            session_id=session_id,
            activity_id=activity.id,
            teacher_id=person.id,
            **person.school.columns,
            status=status,
            method=AttendanceMethod.ORGANISER,
            role=AttendanceRole.PARTICIPANT,
            checked_in_at=None,
            recorded_by=activity.organiser.account_id,
            recorded_at=datetime.combine(activity.earned_on, time(18), SHANGHAI),
        )

    def _add_note(self, activity: Held, person: Person) -> None:
        self.rows.add(
            Note,
            id=self.keys(),
            activity_id=activity.id,
            teacher_id=person.id,
            **person.school.columns,
            kind=NoteKind.NOTE,
            text=f"测试笔记：参加《{activity.topic.title}》后，准备在下一单元的教学中试用所学方法并记录效果。",
            submitted_at=datetime.combine(activity.earned_on, time(20), SHANGHAI),
        )


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
