"""Kinds of evidence (佐证材料): what can show that something in an activity took place.

The words are those of S3 part four (training records, written surveys, written examinations, paper
exchanges, competitions), S0 two (notes and reflections) and S1 two (lesson observation).
"""

from enum import StrEnum


class EvidenceKind(StrEnum):
    """What a piece of evidence is (佐证材料类型)."""

    NOTE = "note"
    """研修笔记"""
    REFLECTION = "reflection"
    """教学反思"""
    OBSERVATION_SHEET = "observation_sheet"
    """听课记录、观课量表"""
    LESSON_PLAN = "lesson_plan"
    """教案、教学设计"""
    COURSEWARE = "courseware"
    """课件"""
    RECORDING = "recording"
    """录音、录像"""
    PHOTO = "photo"
    """照片"""
    WRITTEN_SURVEY = "written_survey"
    """书面调查"""
    WRITTEN_EXAMINATION = "written_examination"
    """书面考试"""
    PAPER = "paper"
    """论文交流"""
    CONTEST_RESULT = "contest_result"
    """竞赛成绩"""
    SUMMARY = "summary"
    """活动总结"""
    ATTENDANCE_SHEET = "attendance_sheet"
    """签到表"""
    CERTIFICATE = "certificate"
    """证书"""
    COMMENT = "comment"
    """网上观摩、在线研讨发言"""
    OTHER = "other"
    """其他"""
