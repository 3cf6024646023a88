"""Writers of learning and of quality that do by chance whatever changes what somebody may see."""

import random
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from app.domain.learning.choices import Choice
from app.domain.learning.course_completions.table import CourseCompletion
from app.domain.learning.course_runs import CourseClass, CourseRun
from app.domain.learning.courses import Course, CourseVersion
from app.domain.learning.courses.table import CourseAudience
from app.domain.learning.mentorships.table import Mentor
from app.domain.learning.outputs.output import OutputAuthor
from app.domain.learning.resources import (
    NewResourceVersion,
    ResourceVersion,
    add_resource_version,
)
from app.domain.learning.topics import Topic, TopicMember
from app.domain.learning.trainers import Trainer
from app.domain.quality.check_orders import CheckOrder
from app.domain.quality.official_documents.table import OfficialDocument
from app.domain.quality.regulations import RegulationKind
from app.domain.quality.unit_evaluations.table import UnitEvaluation
from app.domain.training.staff import ActivityStaff
from app.request import Resources
from app.sql import Connection, Row, Statement, new_id
from tests.faces.world import place_of
from tests.make import NOW, City, make_activity
from tests.make_choice import make_choice, make_choice_round, make_chosen
from tests.make_courses import RUN, make_course
from tests.make_documents import make_campaign, make_document, make_regulation
from tests.make_evaluations import make_sheet
from tests.make_mentorships import make_mentorship
from tests.make_resources import make_resource
from tests.make_topics import make_output, make_topic
from tests.make_trainers import make_trainer

TEACHERS = Statement(text("SELECT * FROM teacher WHERE merged_into_id IS NULL ORDER BY id"))
SCHOOLS = Statement(
    text("SELECT * FROM unit WHERE level = 'school' AND closed_on IS NULL ORDER BY id")
)
ACTIVITIES = Statement(text("SELECT * FROM activity ORDER BY id"))
_COURSES = Statement(text("SELECT * FROM course ORDER BY id"))
_ADDRESSED = Statement(text("SELECT * FROM course_audience ORDER BY course_id, target_id"))
_NOT_FOR = Statement(
    text("DELETE FROM course_audience WHERE course_id = :course_id AND target_id = :target_id")
)
_CLASSES = Statement(text("SELECT * FROM course_class WHERE settled_at IS NULL ORDER BY id"))
_CHOICES = Statement(text("SELECT * FROM choice WHERE withdrawn_at IS NULL ORDER BY id"))
_COMPLETIONS = Statement(
    text("SELECT * FROM course_completion WHERE superseded_at IS NULL ORDER BY id")
)
_TRAINERS = Statement(text("SELECT * FROM trainer WHERE state = 'accepted' ORDER BY id"))
_STAFF = Statement(text("SELECT * FROM activity_staff ORDER BY id"))
_UNNAME = Statement(text("DELETE FROM activity_staff WHERE id = :id"))
_MENTORS = Statement(text("SELECT * FROM mentor ORDER BY id"))
_TOPICS = Statement(text("SELECT * FROM topic ORDER BY id"))
_LEAVE_TOPIC = Statement(
    text("DELETE FROM topic_member WHERE topic_id = :topic_id AND duty <> 'leader'")
)
_OUTPUTS = Statement(text("SELECT * FROM research_output ORDER BY id"))
_UNAUTHOR = Statement(text("DELETE FROM output_author WHERE output_id = :output_id"))
_RESOURCES = Statement(text("SELECT * FROM resource WHERE waiting_version IS NULL ORDER BY id"))
_SHELVED = Statement(text("SELECT * FROM resource_version ORDER BY id"))
_DRAFTED = Statement(text("SELECT * FROM official_document WHERE state = 'draft' ORDER BY id"))
_OPEN = Statement(text("SELECT * FROM unit_evaluation WHERE published_at IS NULL ORDER BY id"))


class Undone(Exception):
    """The writer thinks better of it."""


class LearningWriters:
    """What is done about learning and quality, one step at a time."""

    city: City
    held: Resources
    chance: random.Random

    @property
    def steps_of_learning(self) -> list[Callable[[Connection], Awaitable[Any]]]:
        """Every one of them."""
        return [
            self.drafts_a_course, self.addresses, self.runs, self.settles, self.chooses,
            self.unchooses, self.completes, self.corrects, self.keeps_a_trainer, self.lets_go,
            self.names, self.names, self.unnames, self.mentors, self.signs, self.begins_a_topic,
            self.rearranges, self.states, self.reauthors, self.shelves, self.reshelves,
            self.decrees, self.issues, self.regulates, self.campaigns, self.orders, self.judges,
        ]  # fmt: skip

    async def one(self, db: Connection, statement: Statement) -> Row:
        """Any of these, or there is nothing to do."""
        found = await db.all(statement)
        if not found:
            raise Undone
        return self.chance.choice(found)

    @property
    def by(self) -> Any:
        """Whoever does it."""
        return self.city.city_admin.actor.account_id

    async def in_school(self, db: Connection) -> tuple[Row, Row]:
        """A school and one of its teachers."""
        teacher = await self.one(db, TEACHERS)
        schools = {each["id"]: each for each in await db.all(SCHOOLS)}
        if teacher["school_id"] not in schools:
            raise Undone
        return schools[teacher["school_id"]], teacher

    async def drafts_a_course(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        await make_course(db, self.city.city_admin, unit_id=school["id"])

    async def addresses(self, db: Connection) -> None:
        """For others alone: of the course itself nothing is written."""
        course, school = await self.one(db, _COURSES), await self.one(db, SCHOOLS)
        given = await db.all(_ADDRESSED)
        if given and self.chance.random() < 0.5:
            await db.run(_NOT_FOR, **self.chance.choice(given))
            return
        row = {"course_id": course["id"], "target_id": school["id"]}
        await db.insert(CourseAudience, row)

    async def runs(self, db: Connection) -> None:
        """A version of a new course, with a class."""
        school = await self.one(db, SCHOOLS)
        course = await make_course(db, self.city.city_admin, unit_id=school["id"])
        version = {
            "id": new_id(), "course_id": course["id"], "number": 1, "document": {},
            "submitted_at": NOW, "submitted_by": self.by,
        }  # fmt: skip
        await db.insert(CourseVersion, version)
        await db.change(Course, course["id"], {"state": "approved", "version": 1, "in_force": 1})
        run = {
            "id": new_id(), "course_id": course["id"], "version": 1, "state": "open",
            **place_of(school), **RUN, "starts_on": date(2026, 11, 1),
            "ends_on": date(2026, 12, 31), "created_at": NOW, "created_by": self.by,
        }  # fmt: skip
        await db.insert(CourseRun, run)
        activity = await make_activity(db, school, self.city.city_admin)
        row = {"id": new_id(), "run_id": run["id"], "activity_id": activity["id"], "name": "一班"}
        await db.insert(CourseClass, row)

    async def settles(self, db: Connection) -> None:
        made = await self.one(db, _CLASSES)
        await db.change(CourseClass, made["id"], {"settled_at": NOW, "settled_by": self.by})

    async def chooses(self, db: Connection) -> None:
        school, teacher = await self.one(db, SCHOOLS), await self.one(db, TEACHERS)
        by = self.city.city_admin
        activity = await make_chosen(db, school, by)
        round_ = await make_choice_round(db, school, by, activity)
        await make_choice(db, round_, activity, teacher)

    async def unchooses(self, db: Connection) -> None:
        choice = await self.one(db, _CHOICES)
        await db.change(Choice, choice["id"], {"withdrawn_at": NOW})

    async def completes(self, db: Connection) -> None:
        teacher, activity = await self.one(db, TEACHERS), await self.one(db, ACTIVITIES)
        row = {
            "id": new_id(), "activity_id": activity["id"], "teacher_id": teacher["id"],
            **place_of(teacher), "completed": True, "conditions": [], "settled_at": NOW,
            "settled_by": self.by,
        }  # fmt: skip
        await db.insert(CourseCompletion, row)

    async def corrects(self, db: Connection) -> None:
        completion = await self.one(db, _COMPLETIONS)
        await db.change(CourseCompletion, completion["id"], {"superseded_at": NOW})

    async def keeps_a_trainer(self, db: Connection) -> None:
        school, teacher = await self.one(db, SCHOOLS), await self.one(db, TEACHERS)
        await make_trainer(db, school, self.city.city_admin, teacher)

    async def lets_go(self, db: Connection) -> None:
        trainer = await self.one(db, _TRAINERS)
        left = {"state": "left", "left_on": date(2026, 12, 1), "exit_kind": "own_wish"}
        await db.change(Trainer, trainer["id"], left | {"left_by": self.by})

    async def names(self, db: Connection) -> None:
        activity, teacher = await self.one(db, ACTIVITIES), await self.one(db, TEACHERS)
        row = {"activity_id": activity["id"], "teacher_id": teacher["id"], "role": "speaker"}
        await db.insert(ActivityStaff, {"id": new_id(), **row})

    async def unnames(self, db: Connection) -> None:
        if len(await db.all(_STAFF)) < 3:
            raise Undone
        await db.run(_UNNAME, id=(await self.one(db, _STAFF))["id"])

    async def mentors(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        apprentice, mentor = await self.one(db, TEACHERS), await self.one(db, TEACHERS)
        await make_mentorship(db, school, self.city.city_admin, apprentice, mentor)

    async def signs(self, db: Connection) -> None:
        await db.change(Mentor, (await self.one(db, _MENTORS))["id"], {"signed_at": NOW})

    async def begins_a_topic(self, db: Connection) -> None:
        school, teacher = await self.in_school(db)
        carried = {"unit_id": school["id"], "leader_id": teacher["id"]}
        await make_topic(db, self.city.city_admin, **carried)

    async def rearranges(self, db: Connection) -> None:
        """As whoever writes the members does: the topic is held, they are written anew."""
        topic, teacher = await self.one(db, _TOPICS), await self.one(db, TEACHERS)
        await db.change(Topic, topic["id"], {"shares_explained": "另行商定"})
        await db.run(_LEAVE_TOPIC, topic_id=topic["id"])
        row = {"topic_id": topic["id"], "teacher_id": teacher["id"], "duty": "core"}
        await db.insert(TopicMember, {"id": new_id(), **row, "share": Decimal(10)})

    async def states(self, db: Connection) -> None:
        school, teacher = await self.in_school(db)
        await make_output(db, self.city.city_admin, teacher, unit_id=str(school["id"]))

    async def reauthors(self, db: Connection) -> None:
        """The authors alone: of the output itself nothing is written."""
        output, teacher = await self.one(db, _OUTPUTS), await self.one(db, TEACHERS)
        await db.run(_UNAUTHOR, output_id=output["id"])
        row = {"output_id": output["id"], "teacher_id": teacher["id"], "ordinal": 1}
        await db.insert(OutputAuthor, {"id": new_id(), **row})

    async def shelves(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        await make_resource(db, self.city.city_admin, unit_id=school["id"])

    async def reshelves(self, db: Connection) -> None:
        """Another version, or that one was not agreed to."""
        resource, last = await self.one(db, _RESOURCES), await self.one(db, _SHELVED)
        await db.change(ResourceVersion, last["id"], {"refused_at": NOW})
        new = NewResourceVersion(link="https://example.org/new", changes="更新")
        await add_resource_version(
            db, self.city.city_admin.actor, resource_id=resource["id"], new=new, now=NOW
        )

    async def decrees(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        state = self.chance.choice(["draft", "issued"])
        await make_document(db, school, self.city.city_admin, state=state)

    async def issues(self, db: Connection) -> None:
        draft = await self.one(db, _DRAFTED)
        issued = {"state": "issued", "issued_at": NOW, "issued_by": self.by}
        await db.change(OfficialDocument, draft["id"], issued)

    async def regulates(self, db: Connection) -> None:
        school, kind = await self.one(db, SCHOOLS), RegulationKind.MANAGEMENT
        mark = str(self.chance.random())[2:12]
        await make_regulation(db, school, self.city.city_admin, kind, mark=mark)

    async def campaigns(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        await make_campaign(db, school, self.city.city_admin)

    async def orders(self, db: Connection) -> None:
        """A sheet of the city, and by it an order to one of its schools."""
        school, city = await self.one(db, SCHOOLS), self.city.city
        sheet = await make_sheet(db, city, self.city.city_admin)
        order = {
            "id": new_id(), **place_of(city), "sheet_id": sheet["id"], "title": "校本研修自查",
            "kind": "self_inspection", "list_number": "A-1", "school_year": 2026, "as_of": NOW.date(),
            "since": date(2026, 9, 1), "until": date(2026, 11, 20), "due_on": date(2026, 12, 10),
            "appeal_days": 15, "issued_at": NOW, "issued_by": self.by,
        }  # fmt: skip
        await db.insert(CheckOrder, order)
        row = {"order_id": order["id"], "by_unit_id": city["id"], "state": "open"}
        await db.insert(UnitEvaluation, {"id": new_id(), **place_of(school), **row})

    async def judges(self, db: Connection) -> None:
        evaluation = await self.one(db, _OPEN)
        result = {"opinion": "合格", "score": Decimal(80), "published_at": NOW}
        published = {"state": "published", "published_by": self.by}
        await db.change(UnitEvaluation, evaluation["id"], result | published)
