"""The closed words of archives: whose a volume is, where it stands, and what its pieces are."""

from enum import StrEnum


class ArchiveKind(StrEnum):
    """Whose materials a volume holds (档案类别)."""

    SCHOOL = "school"
    """校本研训档案: a school's"""
    GROWTH = "growth"
    """教师成长档案: a teacher's"""


class VolumeState(StrEnum):
    """Where a volume stands (案卷状态)."""

    OPENED = "opened"
    """已立卷"""
    ASSEMBLED = "assembled"
    """已归集，待检查"""
    CHECKED = "checked"
    """已检查，待封卷"""
    SEALED = "sealed"
    """已封卷"""
    DESTROYED = "destroyed"
    """已销毁，目录留存"""


UNSEALED = (VolumeState.OPENED, VolumeState.ASSEMBLED, VolumeState.CHECKED)
"""The states in which a volume is still being made."""


class PieceKind(StrEnum):
    """What a piece shows, by where it comes from (材料类别)."""

    PLAN = "plan"
    """计划与总结"""
    REGULATION = "regulation"
    """规章制度"""
    OFFICIAL_DOCUMENT = "official_document"
    """公文"""
    ACTIVITY = "activity"
    """研训活动"""
    EVIDENCE = "evidence"
    """活动材料"""
    TOPIC = "topic"
    """课题"""
    ASSESSMENT = "assessment"
    """个人鉴定（研修考核）"""
    YEAR_RESULT = "year_result"
    """学年考核结果"""
    EVALUATION = "evaluation"
    """单位评估结果"""
    PARTICIPATION = "participation"
    """参训记录"""
    CREDIT = "credit"
    """学分记录"""
    CERTIFICATE = "certificate"
    """培训证书"""
    GOAL = "goal"
    """发展目标"""
    HONOUR = "honour"
    """荣誉称号"""
    OUTPUT = "output"
    """研究成果"""
    CONTEST_RESULT = "contest_result"
    """竞赛成绩"""
    MENTORSHIP = "mentorship"
    """师徒结对"""
    NOTE = "note"
    """研修笔记"""


PIECE_WORDS = {
    PieceKind.PLAN: "计划与总结",
    PieceKind.REGULATION: "规章制度",
    PieceKind.OFFICIAL_DOCUMENT: "公文",
    PieceKind.ACTIVITY: "研训活动",
    PieceKind.EVIDENCE: "活动材料",
    PieceKind.TOPIC: "课题",
    PieceKind.ASSESSMENT: "个人鉴定",
    PieceKind.YEAR_RESULT: "学年考核结果",
    PieceKind.EVALUATION: "单位评估",
    PieceKind.PARTICIPATION: "参训记录",
    PieceKind.CREDIT: "学分记录",
    PieceKind.CERTIFICATE: "培训证书",
    PieceKind.GOAL: "发展目标",
    PieceKind.HONOUR: "荣誉称号",
    PieceKind.OUTPUT: "研究成果",
    PieceKind.CONTEST_RESULT: "竞赛成绩",
    PieceKind.MENTORSHIP: "师徒结对",
    PieceKind.NOTE: "研修笔记",
}
"""How an index calls each kind."""
