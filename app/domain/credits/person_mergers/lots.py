"""Which lot falls to every table that refers to a teacher, when two records of one person are merged.

A test compares the lots with the tables: a new one needs its own.
"""

from app.domain.base import Table
from app.domain.organisation.committees import CommitteeMember
from app.domain.organisation.responsibilities import Responsibility
from app.domain.people.facts.engagement import (
    Employment,
    ServicePlace,
    TeacherEstablishment,
    TeacherState,
)
from app.domain.people.facts.kinds import KINDS
from app.domain.people.facts.posts import TeacherPost
from app.domain.training.groups import GroupMember

MOVED = (
    "activity_candidate.teacher_id",
    "activity_staff.teacher_id",
    "archive_piece.teacher_id",
    "archive_volume.teacher_id",
    "arrived_growth_file.teacher_id",
    "assessment.teacher_id",
    "attendance.teacher_id",
    "attendance_change.teacher_id",
    "checklist_tick.teacher_id",
    "choice.teacher_id",
    "cohort_member.teacher_id",
    "consultation.adviser_id",
    "consultation.teacher_id",
    "contest_result.teacher_id",
    "course.responsible_id",
    "course_completion.teacher_id",
    "course_judgement.teacher_id",
    "course_test_attempt.teacher_id",
    "credit_claim.teacher_id",
    "credit_loan.teacher_id",
    "discussion.teacher_id",
    "discussion_post.teacher_id",
    "enrolment.teacher_id",
    "evidence.teacher_id",
    "exercise_submission.teacher_id",
    "file.teacher_id",
    "follow_up.teacher_id",
    "goal.teacher_id",
    "growth_release.teacher_id",
    "human_review.teacher_id",
    "incentive.teacher_id",
    "learning_doubt.teacher_id",
    "learning_progress.teacher_id",
    "learning_record.teacher_id",
    "leave.teacher_id",
    "mentor.teacher_id",
    "mentorship.teacher_id",
    "note.teacher_id",
    "note_version.teacher_id",
    "notice_candidate.teacher_id",
    "observation_sheet.observer_id",
    "observation_sheet.teacher_id",
    "output_author.teacher_id",
    "outside_training.teacher_id",
    "pay_line.teacher_id",
    "plan.teacher_id",
    "post_mention.teacher_id",
    "resource.teacher_id",
    "self_study.teacher_id",
    "session_plan.teacher_id",
    "survey_candidate.teacher_id",
    "survey_receipt.teacher_id",
    "teaching_problem.teacher_id",
    "topic.leader_id",
    "topic_appraisal.expert_id",
    "topic_member.teacher_id",
    "trainer.teacher_id",
)
"""Columns by which rows go along, of tables of every wing; the database keeps the same list, and moves
nothing else. A row that the table does not let the record that stays have (it has one of the activity or
the session, or it would have observed itself) stays behind as history."""

DATED: dict[type[Table], tuple[str, ...] | None] = {
    **{kind.table: kind.slot for kind in KINDS.values()},
    ServicePlace: (),
    GroupMember: ("group_id",),
    CommitteeMember: ("committee_id",),
    Responsibility: None,
}
"""Tables of dated facts, and the columns of a slot in which one holds at a time (None: it is another's,
a unit's say, and always goes along). A fact goes along unless the record that stays has one of the
slot in that time. Service places are taken as one slot, for one of them is the main one."""

CLOSING = (Employment, TeacherEstablishment, TeacherState, ServicePlace, TeacherPost)
"""Of these, what is open ends today: where somebody works is what the record that stays says."""

STAYING: dict[str, str] = {
    "account": "It is suspended, and its roles end; an account of the record that stays goes on.",
    "arrival": "What the province told of this record; one that waits may be settled for another.",
    "certificate": "Issued under the name of that record; the person sees those of both.",
    "certificate_candidate": "What was proposed of this record.",
    "challenge": "What the province doubted of this record; an open one is answered as it stands.",
    "correction": "What was corrected of this record; an open one is settled before.",
    "credit_chain": "The head of its own chain, which is verified for ever.",
    "credit_entry": "Reversed and carried over, each by an entry of its own.",
    "credit_transfer": "What was registered of this record; its entries are carried over.",
    "data_consent": "Taken back with what was kept under it: the person consents for one record.",
    "distinct_people": "What was found of this record.",
    **dict.fromkeys(("lesson", "lesson_change"), "What a timetable said; the next one is entered."),
    "learning_due": "Who is to be counted; what goes along is counted of the record that stays.",
    "ledger_leaf": "Where its own chain stood on a day, under a signature.",
    "look": "Who saw what of this record.",
    "peer_pair": "An open pair ends: who is paired with whom is arranged anew.",
    "person_merger": "What was said of this record.",
    "province_record": "What the province was told of this record, which cannot be unsaid.",
    "recount_failure": "Nothing is counted of this record any more: removed.",
    "standing": "Yielded by the ledger, in which nothing is in force any more: removed.",
    "survey_response": "What was answered once, under the name that was given then.",
    "teacher": "Records merged into this one before say the one that stays.",
    "teacher_phone": "Erased: it was kept under the consent for this record.",
    "transfer": "What happened to this record; an open one is settled before.",
    "what_if_person": "What a draft would have meant for this record, forgotten after days.",
}
"""Tables whose rows stay with the merged record, with the reason."""
