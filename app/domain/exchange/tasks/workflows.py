"""The workflows in which something waits for somebody: a new one adds its entry here."""

from app.domain.exchange.tasks.of_activities import OF_ACTIVITIES, OF_EVIDENCE
from app.domain.exchange.tasks.of_archives import OF_ARCHIVES
from app.domain.exchange.tasks.of_credits import OF_CREDITS
from app.domain.exchange.tasks.of_demonstrations import OF_DEMONSTRATIONS, OF_MODEL_CASES
from app.domain.exchange.tasks.of_discussions import OF_CONSULTATIONS, OF_DISCUSSIONS
from app.domain.exchange.tasks.of_documents import OF_DOCUMENTS
from app.domain.exchange.tasks.of_evaluations import (
    OF_COLLECTION_FORMS,
    OF_EVALUATIONS,
    OF_STATED_FIGURES,
)
from app.domain.exchange.tasks.of_exchange import OF_EXCHANGE
from app.domain.exchange.tasks.of_funds import OF_FUNDS
from app.domain.exchange.tasks.of_incentives import OF_FOLLOW_UPS, OF_INCENTIVES, OF_PAY_SHEETS
from app.domain.exchange.tasks.of_inspections import OF_INSPECTIONS
from app.domain.exchange.tasks.of_learning import (
    OF_CHOICES,
    OF_COMPLETIONS,
    OF_COURSE_RUNS,
    OF_COURSES,
    OF_LEARNING_DOUBTS,
    OF_SELF_STUDIES,
)
from app.domain.exchange.tasks.of_mentoring import OF_MENTORING
from app.domain.exchange.tasks.of_needs import OF_NEEDS, OF_NOTICES
from app.domain.exchange.tasks.of_people import OF_PEOPLE, OF_UNITS
from app.domain.exchange.tasks.of_plans import OF_PLANS, OF_SESSION_PLANS
from app.domain.exchange.tasks.of_province import OF_PROVINCE
from app.domain.exchange.tasks.of_reports import OF_REPORTS
from app.domain.exchange.tasks.of_tests import OF_TESTS
from app.domain.exchange.tasks.of_topics import OF_TOPICS
from app.domain.exchange.tasks.waiting import Waiting

WORKFLOWS: tuple[Waiting, ...] = (
    *OF_UNITS,
    *OF_PEOPLE,
    *OF_PLANS,
    *OF_SESSION_PLANS,
    *OF_COURSES,
    *OF_COURSE_RUNS,
    *OF_COMPLETIONS,
    *OF_CHOICES,
    *OF_SELF_STUDIES,
    *OF_TESTS,
    *OF_LEARNING_DOUBTS,
    *OF_NEEDS,
    *OF_ACTIVITIES,
    *OF_EVIDENCE,
    *OF_MENTORING,
    *OF_DISCUSSIONS,
    *OF_CONSULTATIONS,
    *OF_TOPICS,
    *OF_CREDITS,
    *OF_INSPECTIONS,
    *OF_FUNDS,
    *OF_EVALUATIONS,
    *OF_REPORTS,
    *OF_INCENTIVES,
    *OF_PAY_SHEETS,
    *OF_FOLLOW_UPS,
    *OF_ARCHIVES,
    *OF_STATED_FIGURES,
    *OF_COLLECTION_FORMS,
    *OF_DEMONSTRATIONS,
    *OF_MODEL_CASES,
    *OF_NOTICES,
    *OF_DOCUMENTS,
    *OF_EXCHANGE,
    *OF_PROVINCE,
)
"""Every workflow, each with what waits in it and for whom."""

PERMISSIONS = tuple(dict.fromkeys(each.permission for each in WORKFLOWS))
"""The permissions by which anybody finds work."""
