"""What the feed shows of quality: what was settled, and nothing that follows from the day of reading."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, Field

from app.domain.quality.official_documents.table import DocumentFields
from app.domain.quality.official_documents.vocabulary import AddresseeSet, DocumentState
from app.domain.quality.regulations.table import RegulationFields
from app.domain.quality.unit_evaluations.table import AppealOutcome, EvaluationState


class DocumentChangeView(DocumentFields):
    """A document that was issued; how it stands on a day, its own days say."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="发文或登记单位 / unit that issues or registers it")
    state: DocumentState = Field(description="状态 / how far it has come")
    addressee_ids: list[UUID] = Field(description="主送单位与片区 / units and networks addressed")
    addressee_sets: list[AddresseeSet] = Field(description="主送范围 / sets of units addressed")
    issued_at: datetime | None = Field(description="印发操作时间 / when it was issued here")
    repealed_on: date | None = Field(description="废止日期 / first day without it, once repealed")
    successor_id: UUID | None = Field(description="代替它的文件 / document that takes its place")


class RegulationChangeView(RegulationFields):
    """A regulation of a unit; its words are read with its versions."""

    id: UUID = Field(description="标识 / key")
    unit_id: UUID = Field(description="制定单位 / unit that made it")
    version: int = Field(description="最新版本号 / number of the latest version")
    repealed_on: date | None = Field(description="废止日期 / first day without it, once repealed")


class UnitEvaluationChangeView(BaseModel):
    """The published result of an evaluation, and what became of an appeal; not what was said in it."""

    id: UUID = Field(description="标识 / key")
    order_id: UUID = Field(description="检查通知 / order to check")
    unit_id: UUID = Field(description="被评单位 / unit that is evaluated")
    by_unit_id: UUID = Field(description="评估教育局 / bureau that evaluates")
    state: EvaluationState = Field(description="状态 / how far it has come")
    score: Decimal | None = Field(description="得分 / score")
    score_before: Decimal | None = Field(description="申诉前得分 / score before the appeal")
    published_at: datetime | None = Field(description="公布时间 / when the result was published")
    appeal_outcome: AppealOutcome | None = Field(description="申诉结果 / outcome of the appeal")
