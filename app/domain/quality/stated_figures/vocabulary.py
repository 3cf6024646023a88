"""The words of stated figures: how they are compared, what they are made of, and what is answered."""

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, Field

from app.domain.base import Command
from app.domain.organisation.units import Stage


class FigureComparison(StrEnum):
    """In what way what is stated is checked (核对方式)."""

    COUNT = "count"
    """与系统登记数核对"""
    PARTS = "parts"
    """分项之和与总数核对"""
    SHARE = "share"
    """百分比与分子、分母核对"""
    JOINT_SHARES = "joint_shares"
    """多个百分比是否有共同的基数"""
    WITHIN = "within"
    """部分不超过整体"""
    DATE_ORDER = "date_order"
    """日期先后"""
    ONE_VALUE = "one_value"
    """同一事项的多种说法"""
    NUMBERING = "numbering"
    """章节编号是否连续"""
    NAMES = "names"
    """名称是否完整、是否在册"""
    TEXT = "text"
    """文字是否损坏"""
    TERM = "term"
    """用语有无定义"""
    RULES = "rules"
    """规定是否相互冲突"""
    REMARK = "remark"
    """留待人工判断"""


class FigureSource(StrEnum):
    """In what kind of document something is stated (来源类型)."""

    REPORT = "report"
    """工作报告、总结"""
    PROVINCIAL_FILE = "provincial_file"
    """省平台文件"""
    FORM = "form"
    """报表"""
    PLAN = "plan"
    """计划、方案、制度"""
    DOCUMENT = "document"
    """公文"""
    OTHER = "other"


class FigureUnit(StrEnum):
    """In what something is counted (计量单位); figures in different units are never added."""

    PERSON = "person"
    """人"""
    PERSON_TIME = "person_time"
    """人次"""
    SCHOOL = "school"
    """所"""
    SESSION = "session"
    """场次"""
    THING = "thing"
    """项"""
    HOUR = "hour"
    """学时"""
    CREDIT = "credit"
    """学分"""
    PERCENT = "percent"
    """百分比，以百计"""


class FigureBound(StrEnum):
    """How exactly a number is stated (精确程度)."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    """以上、多、不少于"""
    AT_MOST = "at_most"
    """以内、近、不超过"""
    ABOUT = "about"
    """约"""


class ValueRole(StrEnum):
    """What a value is in its comparison (在核对中的作用)."""

    VALUE = "value"
    """填报数，或一种说法"""
    WHOLE = "whole"
    """总数"""
    PART = "part"
    """分项"""
    NUMERATOR = "numerator"
    """分子"""
    BASE = "base"
    """分母、基数"""
    SHARE = "share"
    """百分比"""
    EVENT = "event"
    """事件，按文中先后"""
    NAME = "name"
    """名称"""
    SECTION = "section"
    """章节编号"""
    TERM = "term"
    """用语"""
    DEFINITION = "definition"
    """定义"""
    RULE = "rule"
    """规定"""


class FigureCount(StrEnum):
    """What of the register a stated number is checked against (登记数)."""

    SCHOOLS = "schools"
    """学校数"""
    DESIGNATED_SCHOOLS = "designated_schools"
    """挂牌学校数：每校计一次"""
    TEACHERS = "teachers"
    """在册教师数"""
    ESTABLISHED_TEACHERS = "established_teachers"
    """在编教师数"""
    TRAINED_PERSONS = "trained_persons"
    """到会人数：每人计一次"""
    TRAINED_PERSON_TIMES = "trained_person_times"
    """到会人次：每场每人计一次"""
    TRAINING_SESSIONS = "training_sessions"
    """已举办的场次"""
    TITLE_HOLDERS = "title_holders"
    """荣誉称号获得者：每人按最高级别计一次"""
    DEMONSTRATORS = "demonstrators"
    """执教公开课、示范课的教师：每人计一次"""


class FigureVerdict(StrEnum):
    """What is answered to a stated figure (核对结论)."""

    AGREES = "agrees"
    """一致"""
    DIFFERS = "differs"
    """有差异"""
    CANNOT_BOTH_HOLD = "cannot_both_hold"
    """不能同时成立"""
    CANNOT_BE_DECIDED = "cannot_be_decided"
    """无法核对"""
    TEXT_DAMAGED = "text_damaged"
    """文字损坏"""
    UNDEFINED_TERM = "undefined_term"
    """用语未定义"""
    FOR_PEOPLE = "for_people"
    """留待人工判断"""


class FigureReason(StrEnum):
    """Why it is answered so (理由); `answer.REASONS` says each in words."""

    EQUAL = "equal"
    FITS = "fits"
    NUMBER_DIFFERS = "number_differs"
    PARTS_DIFFER = "parts_differ"
    COUNTED_IN_SEVERAL_PARTS = "counted_in_several_parts"
    NOTHING_REGISTERED = "nothing_registered"
    NOTHING_TO_COMPARE = "nothing_to_compare"
    OTHER_UNIT_OF_COUNTING = "other_unit_of_counting"
    PERSON_TIMES_AS_PERSONS = "person_times_as_persons"
    BASE_MISSING = "base_missing"
    EXCEEDS_WHOLE = "exceeds_whole"
    SHARE_DIFFERS = "share_differs"
    NO_COMMON_BASE = "no_common_base"
    BASES_DIFFER = "bases_differ"
    STATED_BASE_UNFIT = "stated_base_unfit"
    DATES_CONTRADICT = "dates_contradict"
    DATE_MISSING = "date_missing"
    VALUES_DIFFER = "values_differ"
    NUMBER_MISSING = "number_missing"
    NUMBER_REPEATED = "number_repeated"
    NAME_MASKED = "name_masked"
    NAME_INCOMPLETE = "name_incomplete"
    NAME_SHARED = "name_shared"
    NAME_UNKNOWN = "name_unknown"
    NOT_ALL_NAMED = "not_all_named"
    INSERTED_PINYIN = "inserted_pinyin"
    BROKEN_CHARACTERS = "broken_characters"
    MIXED_SCRIPTS = "mixed_scripts"
    PLACEHOLDER = "placeholder"
    PUNCTUATION_LOST = "punctuation_lost"
    MACHINE_TRANSLATED = "machine_translated"
    FOREIGN_TOKEN = "foreign_token"  # noqa: S105  A token of text, no secret.
    PAGE_FURNITURE = "page_furniture"
    NO_DAMAGE_FOUND = "no_damage_found"
    NOT_DEFINED = "not_defined"
    RULES_CONFLICT = "rules_conflict"
    JURISDICTIONS_DIFFER = "jurisdictions_differ"
    HUMAN_JUDGEMENT = "human_judgement"


class StatedValue(BaseModel):
    """One number, date, name or wording out of a statement (文中数据项)."""

    role: ValueRole = Field(description="作用 / what it is in the comparison")
    label: str = Field(description="名目，如初中 / what it is called there")
    number: Decimal | None = Field(description="数值 / number")
    counted_in: FigureUnit | None = Field(description="计量单位 / in what it is counted")
    bound: FigureBound = Field(description="精确程度 / how exactly it is stated")
    says: str | None = Field(description="日期、名称、编号或说法 / date, name, number or wording")
    scope: str | None = Field(description="所属口径或辖区 / to which group or place it belongs")
    stage: Stage | None = Field(description="学段 / stage of schooling")


class NewStatedValue(Command):
    """A number, date, name or wording out of a statement."""

    role: ValueRole = Field(default=ValueRole.VALUE, description="作用 / what it is")
    label: str = Field(min_length=1, max_length=100, description="名目 / what it is called there")
    number: Decimal | None = Field(
        default=None, ge=0, le=1_000_000_000, max_digits=12, decimal_places=2,
        description="数值 / number",
    )  # fmt: skip
    counted_in: FigureUnit | None = Field(
        default=None, description="计量单位，有数值时必填 / in what it is counted, of every number"
    )
    bound: FigureBound = Field(
        default=FigureBound.EXACT, description="精确程度 / how exactly it is stated"
    )
    says: str | None = Field(
        default=None, min_length=1, max_length=500,
        description="日期（2016、2016-06 或 2016-06-30）、名称、编号或说法 / date, name or wording",
    )  # fmt: skip
    scope: str | None = Field(
        default=None, min_length=1, max_length=100, description="所属口径或辖区 / group or place"
    )
    stage: Stage | None = Field(default=None, description="学段 / stage of schooling")


class FigureLine(BaseModel):
    """One value as it is stated, beside what was found of it (核对明细)."""

    label: str = Field(description="名目 / what it is called")
    stated: str | None = Field(description="文中所述 / as stated")
    found: str | None = Field(description="核对所得 / what was found instead")
    difference: Decimal | None = Field(description="差：文中数减核对数 / stated less found")
    reason: FigureReason | None = Field(description="理由 / why it does not hold")
