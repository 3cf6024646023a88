"""What the records of a submission say, field by field: the layout that the catalogue publishes.

What is marked as a code is one of the province's, by the city's mapping. The layout is our own: the
interface of a real platform is not public, and whoever connects one translates from this.
"""

from pydantic import BaseModel, Field


class TeacherContent(BaseModel):
    """A teacher of the roster as now known."""

    teacher_id: str = Field(description="教师标识 / key of the teacher")
    name: str = Field(description="姓名 / name")
    id_number: str = Field(description="证件号码（脱敏） / ID number, masked")
    subject: str | None = Field(description="任教学科（省码） / subject, a code")
    stage: str | None = Field(description="任教学段（省码） / stage, a code")
    rank: str | None = Field(description="职称（省码） / rank, a code")
    school_id: str = Field(description="学校 / key of the school")
    school_code: str | None = Field(
        description="学校标识码，无则空 / code of the school, if it has one"
    )
    school_name: str = Field(description="学校名称 / name of the school")
    county_id: str = Field(description="主管教育局 / bureau in charge")


class TeacherEndContent(BaseModel):
    """That somebody who was told of is on the roster no longer."""

    teacher_id: str = Field(description="教师标识 / key of the teacher")
    ends: str = Field(description="所终止的记录键 / key of the record that it ends")
    because: str | None = Field(description="离册原因（省码） / why, a code")
    ended_on: str | None = Field(description="离册日期 / since which day")
    same_as: str | None = Field(
        description="与之系同一人的教师标识，并档时填 / key of the teacher who is the same person"
    )


class CreditContent(BaseModel):
    """An entry of the ledger: what was earned, or what strikes it."""

    entry_id: str = Field(description="记录标识 / key of the entry")
    teacher_id: str = Field(description="教师标识 / key of the teacher")
    sequence: int = Field(description="本人台账序号 / place in the person's ledger")
    kind: str | None = Field(description="学分类别（省码） / kind, a code")
    earned_on: str = Field(description="取得日期 / day of earning")
    recorded_at: str = Field(description="入账时间 / when it was recorded")
    hours: str = Field(description="学时 / hours")
    credits: str = Field(description="学分 / credits")
    level: str | None = Field(description="层级（省码） / level, a code")
    activity_kind: str | None = Field(description="活动类型（省码） / kind of activity, a code")
    mode: str | None = Field(description="研修方式（省码） / mode, a code")
    channel: str | None = Field(description="培训渠道（省码） / channel, a code")
    rank: str | None = Field(description="当时职称（省码） / rank then, a code")
    content: list[str] = Field(description="内容标签 / content tags")
    school_id: str | None = Field(description="当时学校 / school then")
    reverses: str | None = Field(description="所冲销的记录键 / key of the record that it strikes")
    reason: str | None = Field(description="冲销理由 / why it strikes it")
    hash: str = Field(description="台账散列 / hash of the entry in its chain")


class CertificateContent(BaseModel):
    """A certificate as it was issued."""

    certificate_id: str = Field(description="证书标识 / key of the certificate")
    number: str = Field(description="证书编号 / number")
    teacher_id: str = Field(description="教师标识 / key of the teacher")
    kind: str | None = Field(description="证书类型（省码） / kind, a code")
    issued_on: str = Field(description="发证日期 / day of issue")
    hours: str = Field(description="学时 / hours")
    credits: str = Field(description="学分 / credits")
    awarded_by: str = Field(description="颁发单位 / unit that awards it")
    replaces: str | None = Field(description="所换发的记录键 / key of the record that it replaces")


class CertificateEndContent(BaseModel):
    """That a certificate holds no more."""

    certificate_id: str = Field(description="证书标识 / key of the certificate")
    number: str = Field(description="证书编号 / number")
    ends: str = Field(description="所终止的记录键 / key of the record that it ends")
    state: str = Field(description="失效方式 / how it ended")
    ended_at: str = Field(description="失效时间 / when it ended")
    reason: str | None = Field(description="理由 / why")
