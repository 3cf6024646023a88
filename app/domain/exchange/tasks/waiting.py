"""What a workflow says of what waits in it: one select over its own tables, and nothing is copied.

Work waits at one place: a unit, a group, a network, a department or a teacher. Whoever holds the permission
over that very place finds it in the own list, so that with a new clerk nothing has to be handed over.
What stays undone too long is found by whoever holds the same permission over the place above.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
)

from app.domain.access.roles import Permission
from app.domain.base import MOMENT, Table, civil_day

TITLE = 200
"""Characters that are shown of what names the work."""
ESCALATED_AFTER = timedelta(days=7)
"""After its due day, work is found by the place above too."""
WITHOUT_DUE_ESCALATED_AFTER = timedelta(days=21)
"""What has no due day is, so long after it began to wait."""
AHEAD = timedelta(days=30)
"""What falls due by itself (a goal, a stage of growth) is asked for so long before."""


class TaskKind(StrEnum):
    """What is to be done (待办类型), by the workflow in which it waits."""

    GUIDANCE_TO_ANSWER = "guidance_to_answer"
    """答复指导意见"""
    GUIDANCE_TO_CLOSE = "guidance_to_close"
    """办结指导记录"""
    STATISTIC_TO_CONFIRM = "statistic_to_confirm"
    """审核统计数据"""
    TARGET_TO_REVIEW = "target_to_review"
    """评价目标完成情况"""
    CORRECTION_TO_DECIDE = "correction_to_decide"
    """处理更正申请"""
    TRANSFER_TO_ANSWER = "transfer_to_answer"
    """答复调动"""
    TRANSFER_TO_COMPLETE = "transfer_to_complete"
    """办结调动"""
    GOAL_TO_REPORT = "goal_to_report"
    """填报发展目标完成情况"""
    GOAL_TO_APPRAISE = "goal_to_appraise"
    """评价发展目标"""
    GROWTH_TO_ASSESS = "growth_to_assess"
    """成长阶段考核"""
    NOMINATION_TO_DECIDE = "nomination_to_decide"
    """审定推荐人选"""
    PERSON_MERGER_TO_ANSWER = "person_merger_to_answer"
    """答复重复登记合并"""
    PLAN_OWED = "plan_owed"
    """报送计划"""
    PLAN_TO_REVIEW = "plan_to_review"
    """审核计划"""
    PLAN_TO_REVISE = "plan_to_revise"
    """修改退回的计划"""
    PLAN_TO_PUBLISH = "plan_to_publish"
    """发布已批准的计划"""
    SESSION_PLAN_TO_REVIEW = "session_plan_to_review"
    """审核培训者方案"""
    SESSION_PLAN_TO_REVISE = "session_plan_to_revise"
    """修改退回的培训者方案"""
    COURSE_TO_REVIEW = "course_to_review"
    """审核课程"""
    COURSE_TO_REVISE = "course_to_revise"
    """修改退回的课程"""
    COURSE_TO_PUBLISH = "course_to_publish"
    """发布已审核的课程"""
    EXERCISE_TO_REVIEW = "exercise_to_review"
    """批阅作业"""
    COURSE_CLASS_TO_SETTLE = "course_class_to_settle"
    """核定结业"""
    COURSE_RUN_TO_JUDGE = "course_run_to_judge"
    """评估已结课的课程"""
    CHOICE_ROUND_TO_SETTLE = "choice_round_to_settle"
    """待结束的选课轮次"""
    ANSWERS_TO_MARK = "answers_to_mark"
    """评阅测验"""
    ANSWER_RECHECK_TO_DECIDE = "answer_recheck_to_decide"
    """处理成绩复核"""
    SELF_STUDY_TO_DECIDE = "self_study_to_decide"
    """审定自主学习课程"""
    SELF_STUDY_TO_REVISE = "self_study_to_revise"
    """修改退回的自主学习课程"""
    LEAVE_TO_DECIDE = "leave_to_decide"
    """审批请假"""
    PARTNERSHIP_TO_ANSWER = "partnership_to_answer"
    """答复联合主办邀请"""
    OUTSIDE_TRAINING_TO_CONFIRM = "outside_training_to_confirm"
    """核实校外培训"""
    ACTIVITY_TO_CLOSE = "activity_to_close"
    """办结已举行的活动"""
    ACTIVITY_TO_SUMMARISE = "activity_to_summarise"
    """撰写活动总结"""
    ATTENDANCE_DOUBT_TO_DECIDE = "attendance_doubt_to_decide"
    """核查考勤疑点"""
    LEARNING_DOUBT_TO_DECIDE = "learning_doubt_to_decide"
    """核查学习疑点"""
    NOTES_TO_CHECK = "notes_to_check"
    """检查研修笔记"""
    NOTE_TO_REVISE = "note_to_revise"
    """修改退回的笔记"""
    RESEMBLANCE_TO_DECIDE = "resemblance_to_decide"
    """核查雷同线索"""
    OBSERVATION_TO_ANSWER = "observation_to_answer"
    """回应听课记录"""
    SURVEY_TO_ANSWER = "survey_to_answer"
    """填写问卷"""
    PROBLEM_TO_TRIAGE = "problem_to_triage"
    """办理教学问题"""
    TOPIC_STEP_TO_DECIDE = "topic_step_to_decide"
    """审核课题环节"""
    TOPIC_TO_APPRAISE = "topic_to_appraise"
    """评审课题"""
    TOPIC_TO_REVISE = "topic_to_revise"
    """修改退回的课题申报"""
    OUTPUT_TO_CONFIRM = "output_to_confirm"
    """核实研究成果"""
    RESOURCE_TO_REVIEW = "resource_to_review"
    """审核资源共享"""
    AWARD_TO_GIVE = "award_to_give"
    """公布成果评选结果"""
    DIAGNOSIS_TO_ANSWER = "diagnosis_to_answer"
    """答复校本培训诊断"""
    DIAGNOSIS_DUE = "diagnosis_due"
    """开展到期的诊断"""
    CLAIM_TO_REVIEW = "claim_to_review"
    """审核学分申报"""
    CLAIM_TO_REVISE = "claim_to_revise"
    """修改退回的学分申报"""
    CLAIM_TO_PUBLISH = "claim_to_publish"
    """公示审核通过的学分申报"""
    CLAIM_OBJECTION_TO_DECIDE = "claim_objection_to_decide"
    """处理公示异议"""
    HUMAN_REVIEW_TO_DECIDE = "human_review_to_decide"
    """办理人工复核"""
    GROUP_INSPECTION_TO_ANSWER = "group_inspection_to_answer"
    """答复教研组检查"""
    GROUP_INSPECTION_TO_CLOSE = "group_inspection_to_close"
    """办结教研组检查"""
    SELF_INSPECTION_TO_HAND_IN = "self_inspection_to_hand_in"
    """报送自查"""
    EVALUATION_TO_PUBLISH = "evaluation_to_publish"
    """核定并公布评估结果"""
    EVALUATION_APPEAL_TO_DECIDE = "evaluation_appeal_to_decide"
    """处理评估申诉"""
    RECTIFICATION_TO_PROVE = "rectification_to_prove"
    """报送整改结果"""
    RECTIFICATION_TO_CONCLUDE = "rectification_to_conclude"
    """复核整改结果"""
    CHALLENGE_TO_ANSWER = "challenge_to_answer"
    """答复省平台质疑"""
    ARRIVAL_TO_SETTLE = "arrival_to_settle"
    """办理省平台来件"""
    CERTIFICATE_TO_RECHECK = "certificate_to_recheck"
    """处理存疑证书"""
    HUMAN_REVIEW_TO_PUT_RIGHT = "human_review_to_put_right"
    """按复核意见更正学分"""
    CERTIFICATE_BATCH_TO_APPROVE = "certificate_batch_to_approve"
    """审批发证批次"""
    TRAINER_INVITATION_TO_ANSWER = "trainer_invitation_to_answer"
    """答复导师库邀请"""
    MENTORSHIP_TO_SIGN = "mentorship_to_sign"
    """签订师徒协议"""
    MENTORING_RECORD_TO_CONFIRM = "mentoring_record_to_confirm"
    """确认带教记录"""
    MENTORSHIP_TO_CONCLUDE = "mentorship_to_conclude"
    """师徒结对终期评价"""
    POST_TO_MODERATE = "post_to_moderate"
    """处理被举报的发言"""
    MENTION_TO_READ = "mention_to_read"
    """查看提及本人的发言"""
    HIDDEN_POST_TO_ACKNOWLEDGE = "hidden_post_to_acknowledge"
    """知悉本人发言被隐藏"""
    CONSULTATION_TO_ANSWER = "consultation_to_answer"
    """答复在线提问"""
    BUDGET_TO_APPROVE = "budget_to_approve"
    """批复预算"""
    BUDGET_TO_REVISE = "budget_to_revise"
    """修改退回的预算"""
    BUDGET_AMENDMENT_TO_DECIDE = "budget_amendment_to_decide"
    """审批预算调整"""
    APPROPRIATION_TO_ACKNOWLEDGE = "appropriation_to_acknowledge"
    """确认收到拨款"""
    EXPENSE_TO_APPROVE = "expense_to_approve"
    """审批支出"""
    NOTICE_TO_CONFIRM = "notice_to_confirm"
    """通知回执"""
    DOCUMENT_TO_RECEIVE = "document_to_receive"
    """签收公文"""
    WEBHOOK_TO_RESTORE = "webhook_to_restore"
    """恢复长期失败的变更推送"""


NOW = bindparam("now", type_=MOMENT)
TODAY = bindparam("today", type_=Date)
ACCOUNT = bindparam("account_id", type_=Uuid)
TEACHER = bindparam("teacher_id", type_=Uuid)
"""The teacher whom the account belongs to, or null."""
ADDRESSES = bindparam("addresses", type_=ARRAY(Uuid))
"""By what that teacher is addressed: units at and above, and the own key."""

_NO_DAY, _NOBODY = cast(null(), Date), cast(null(), Uuid)


@dataclass(frozen=True, eq=False)
class Waiting:
    """What waits in one workflow, and for whom.

    `waits` is the predicate of what is undone among `rows` (the table by default), `at` the key of the
    place where it waits, `above` that of the place over it, if the work is ever its concern. Who holds
    `permission` there does it, but for the account that handed it in (`by`) and the teacher whom it is
    about (`of`). `personal` is what only who asks can be told: nobody is reminded of it by others.
    """

    kind: TaskKind
    permission: Permission
    table: type[Table]
    title: Any
    since: Any
    at: Any
    waits: ColumnElement[bool]
    due: Any = None
    above: Any = None
    rows: Any = None
    subject: Any = None
    by: Any = None
    of: Any = None
    personal: bool = False

    @property
    def held(self) -> Any:
        """The places over which the actor holds the permission."""
        return bindparam(f"at_{self.permission.name.lower()}", type_=ARRAY(Uuid))

    def everything(self, *more: Any) -> Select[Any]:
        """All that waits, wherever."""
        subject = self.table.__table__.c.id if self.subject is None else self.subject  # type: ignore[attr-defined]
        due = _NO_DAY if self.due is None else self.due
        return (
            select(
                literal(self.kind.value, Text).label("kind"),
                subject.label("subject_id"),
                func.left(cast(self.title, Text), TITLE).label("title"),
                cast(self.since, MOMENT).label("since"),
                cast(due, Date).label("due_on"),
                self.at.label("waits_at"),
                (_NOBODY if self.above is None else self.above).label("above"),
                *more,
            )
            .select_from(self.table if self.rows is None else self.rows)
            .where(self.waits)
        )

    def for_actor(self) -> Select[Any]:
        """What waits where the actor holds the permission, or has waited too long below that."""
        here = self.at == any_(self.held)
        reached = here
        if self.above is not None:
            reached = or_(here, and_(self.above == any_(self.held), self._is_late()))
        others = not_own(self.by, self.of, ACCOUNT, TEACHER)
        return self.everything((~here).label("escalated")).where(reached, *others)

    def told(self) -> Select[Any]:
        """All that waits, with whom it is not for (`by`, `of`): `not_own` reads them."""
        more = {"by": self.by, "of": self.of}
        return self.everything(*(c.label(name) for name, c in more.items() if c is not None))

    def _is_late(self) -> ColumnElement[bool]:
        began = civil_day(cast(self.since, MOMENT))
        waited: ColumnElement[bool] = began < TODAY - WITHOUT_DUE_ESCALATED_AFTER.days
        if self.due is None:
            return waited
        late: ColumnElement[bool] = cast(self.due, Date) < TODAY - ESCALATED_AFTER.days
        return or_(late, and_(self.due.is_(None), waited))


def not_own(by: Any, of: Any, account: Any, teacher: Any) -> list[ColumnElement[bool]]:
    """The predicates 'neither has the account handed this in, nor is it about its teacher'."""
    others: list[ColumnElement[bool]] = [] if by is None else [by.is_distinct_from(account)]
    if of is not None:
        own = any_(of) == teacher if isinstance(of.type, ARRAY) else of == teacher
        others.append(own.is_not(literal_column("true")))
    return others


def held_places(values: dict[str, list[UUID]]) -> list[UUID]:
    """The keys of all places of a scope, of whatever kind."""
    return list({place for ids in values.values() for place in ids})
