"""How the facts of a piece are called in print, and the words for those that are kept by a code."""

from collections.abc import Mapping

NAMES = {
    "name": "姓名", "kind": "类别", "mode": "方式", "hours": "学时", "credits": "学分",
    "starts_on": "开始日期", "ends_on": "结束日期", "people": "参加人数", "sessions": "参加场次",
    "minutes": "参加分钟数", "summary": "总结", "effects": "成效", "problems": "问题",
    "next_steps": "改进措施", "aims": "目标", "school_goals": "学校目标", "text": "正文",
    "effective_from": "施行日期", "signed_by": "落款", "changes": "修订说明",
    "document_number": "文号", "issued_on": "印发日期", "repealed_on": "废止日期",
    "remark": "备注", "activity": "所属活动", "level": "级别", "topic_number": "课题编号",
    "concluded_on": "结题日期", "grade": "等级", "certificate_number": "证书编号",
    "term": "周期", "judgement": "等次或自评", "opinion": "意见", "score": "得分",
    "achieved_effects": "取得成效", "appeal_outcome": "申诉结果", "entry_kind": "记录类型",
    "earned_on": "取得日期", "reason": "原因", "state": "状态", "measure": "达成标志",
    "due_on": "计划完成日期", "result": "达成情况", "honour": "荣誉称号", "valid_to": "有效期至",
    "valid_from": "起始日期", "ordinal": "署名次序", "doi": "DOI", "isbn": "ISBN",
    "award": "奖次", "rank": "名次", "points": "得分", "mentors": "导师", "aim": "培养目标",
    "assessments": "考核结果", "incentives": "奖惩情况", "checklists": "清单完成情况",
}  # fmt: skip
"""Every fact that a statement of `archive_volumes` reads has its name here; a test compares them."""

CODES = {
    "excellent": "优秀", "qualified": "合格", "basically_qualified": "基本合格",
    "unqualified": "不合格", "good": "良好", "year": "学年", "semester": "学期",
    "multi_year": "多年规划", "scheme": "实施方案", "individual": "个人计划",
    "concentrated": "集中研修", "self_directed": "自主研修", "off_job": "脱产研修",
    "national": "国家级", "provincial": "省级", "city": "市级", "county": "县级",
    "school": "校级", "earn": "获得", "convert": "折算", "offset": "冲抵", "exempt": "免修",
    "reverse": "冲销", "transfer_in": "转入", "lend": "预借", "repay": "归还",
    "special": "特等奖", "first": "一等奖", "second": "二等奖", "third": "三等奖",
    "none": "未获奖", "reached": "达成", "partly": "部分达成", "not_reached": "未达成",
    "note": "研修笔记", "reflection": "反思", "issued": "有效", "revoked": "已撤销",
    "replaced": "已换发", "active": "进行中", "concluded": "已结束", "ended": "已终止",
    "upheld": "维持", "school_teaching_research": "校本教研制度",
    "school_education_research": "校本科研制度", "theory_study": "理论学习制度",
    "management": "管理制度", "incentives": "激励制度",
    "lecture": "专题讲座", "lesson_observation": "听课评课", "collective_planning": "集体备课",
    "seminar": "研讨", "forum": "论坛", "salon": "沙龙", "remote_study": "远程研修",
    "visit": "考察学习", "outreach": "送教下乡", "competition": "竞赛评比",
    "action_research": "行动研究", "mentoring": "师徒带教", "meeting": "会议",
    "online_course": "网络课程", "reading": "读书活动", "workshop": "工作坊",
    "observation_sheet": "听课记录", "lesson_plan": "教案", "courseware": "课件",
    "recording": "录音录像", "photo": "照片", "written_survey": "书面问卷",
    "written_examination": "笔试", "paper": "论文", "contest_result": "竞赛成绩",
    "summary": "总结", "attendance_sheet": "签到表", "certificate": "证书", "comment": "评语",
    "other": "其他", "backbone_principal": "骨干校长", "master_teacher": "名师",
    "dual_master_candidate": "双名工程培养对象", "backbone_teacher": "骨干教师",
    "teaching_expert": "教学能手", "special_grade_teacher": "特级教师",
    "chief_teacher": "首席教师", "subject_leader": "学科带头人",
    "experimental_teacher": "实验教师", "book": "著作", "report": "报告", "show": "展示",
    "case": "案例", "province": "省级", "proposed": "待签订", "declined": "未达成",
    "changed": "变更", "overseas": "境外",
}  # fmt: skip
"""Words for codes; a code without one stands as it is."""

_CODED = frozenset({
    "kind", "mode", "level", "grade", "term", "judgement", "entry_kind", "state", "result",
    "honour", "award", "appeal_outcome",
})  # fmt: skip


def shown_facts(content: Mapping[str, str]) -> list[list[str]]:
    """Name and value of each fact that a piece states, in the order of the names above."""
    return [
        [word, CODES.get(content[name], content[name]) if name in _CODED else content[name]]
        for name, word in NAMES.items()
        if name in content
    ]
