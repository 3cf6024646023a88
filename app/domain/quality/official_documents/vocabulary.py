"""The closed words of official documents, each with its Chinese name, and who may issue which kind."""

from enum import StrEnum

from app.domain.organisation.units import Level


class DocumentKind(StrEnum):
    """Which kind of document it is (文种)."""

    OPINION = "opinion"
    """意见"""
    NOTICE = "notice"
    """通知"""
    DECISION = "decision"
    """决定"""
    MEASURES = "measures"
    """办法"""
    PROVISIONS = "provisions"
    """规定"""
    DETAILED_RULES = "detailed_rules"
    """细则"""
    OUTLINE = "outline"
    """规划、纲要"""
    SCHEME = "scheme"
    """方案"""
    REPLY = "reply"
    """批复"""
    LETTER = "letter"
    """函"""
    MINUTES = "minutes"
    """会议纪要"""


BUREAUS_ALONE = frozenset({
    DocumentKind.OPINION, DocumentKind.MEASURES, DocumentKind.PROVISIONS,
    DocumentKind.DETAILED_RULES, DocumentKind.OUTLINE, DocumentKind.REPLY,
})  # fmt: skip
"""What binds others than the issuer's own people, or answers those below: a school issues none of these."""


class DocumentState(StrEnum):
    """How far it has come (状态)."""

    DRAFT = "draft"
    """起草"""
    ISSUED = "issued"
    """已印发"""


class DocumentStatus(StrEnum):
    """How it stands on a day (效力), which nobody sets: its days say it."""

    DRAFT = "draft"
    """未印发"""
    TO_COME = "to_come"
    """尚未施行"""
    IN_FORCE = "in_force"
    """现行有效"""
    EXPIRED = "expired"
    """有效期满"""
    REPEALED = "repealed"
    """已废止"""


class AddresseeSet(StrEnum):
    """Units that are addressed together (主送范围), as they are on the day of issue."""

    COUNTIES = "counties"
    """各县（市、区）教育局"""
    DIRECT_SCHOOLS = "direct_schools"
    """直属学校: the schools of which the issuer itself is the bureau in charge"""
    SCHOOLS = "schools"
    """辖区各学校: every school at or below the issuer"""


SETS_OF: dict[Level, frozenset[AddresseeSet]] = {
    Level.CITY: frozenset(AddresseeSet),
    Level.COUNTY: frozenset({AddresseeSet.DIRECT_SCHOOLS, AddresseeSet.SCHOOLS}),
    Level.SCHOOL: frozenset(),
}
"""Which of them an issuer of each level has below it."""
