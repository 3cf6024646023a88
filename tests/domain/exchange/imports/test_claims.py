"""Declared credits from a school's list: drafts in the teachers' names, and nothing beyond."""

import pytest

from app.domain.credits.claims import (
    ClaimChanges,
    ClaimEvidenceEmpty,
    ClaimNotFound,
    ClaimSourceReserved,
    ClaimState,
    get_claim,
    list_claim_steps,
    list_claims,
    submit_claim,
    update_claim,
)
from app.domain.credits.claims.preparing import prepare_claims, take_back_prepared_claims
from app.domain.errors import NotAllowed
from app.domain.exchange.imports import ImportSubject
from app.domain.paging import PageRequest
from app.domain.people.teachers import TeacherNotFound, get_teacher
from app.request import Resources
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.domain.credits.making import make_pack
from tests.domain.exchange.test_imports import Case
from tests.make import NOW, City
from tests.make_claims import make_claim, new_claim
from tests.make_evidence import make_file
from tests.make_imports import csv

HEAD = "姓名,证件号码后四位,申报类别,成果名称,主办单位,取得日期,学时,级别,证书编号,证书文件"
CLAIM = "自主申报,省级骨干教师培训,湖南师范大学,2026-10-15,10,省级,{cert},{file}"
CLAIMS: dict[str, ImportSubject] = {"subject": ImportSubject.CLAIMS}
PAGE = PageRequest(limit=20)


class Declared(Case):
    """A school's administrator with a list of what its teachers earned."""

    async def line(self, teacher: Row, cert: str = "", file: str = "", claim: str = CLAIM) -> str:  # type: ignore[override]
        shown = await get_teacher(self.db, self.actor, teacher_id=teacher["id"])
        said = claim.format(cert=cert, file=file)
        return f"{shown['name']},{shown['id_number'][-4:]},{said}"


@pytest.fixture
async def case(db: Connection, pool: SharedPool, resources: Resources, city: City) -> Declared:
    made = Declared(db, pool, resources, city)
    made.actor, made.unit_id = city.school_admin.actor, city.school["id"]
    await make_pack(db, city.city)
    return made


async def test_a_row_is_a_draft_of_the_teacher_who_hands_it_in(case: Declared) -> None:
    teacher, own = case.city.teacher, case.city.teacher_account.actor
    file = await make_file(case.db, case.city.school, case.city.school_admin, name="证书.pdf")
    content = csv(HEAD, await case.line(teacher, "SJ-1", "证书.pdf"))
    run = await case.applied(content, **CLAIMS)
    assert (run["applied"], await case.codes(run)) == (1, [[]])
    [row] = await case.rows(run)
    # The one who prepared it sees it no more than anybody else.
    with pytest.raises(ClaimNotFound):
        await get_claim(case.db, case.actor, claim_id=row["target_id"])
    [claim] = (await list_claims(case.db, own, page=PAGE)).items
    assert (claim["id"], claim["state"], claim["level"]) == (row["target_id"], "draft", "province")
    assert [piece["file_id"] for piece in claim["evidence"]] == [str(file["id"])]
    submitted = await submit_claim(case.db, own, claim_id=claim["id"], now=NOW)
    assert submitted["state"] == ClaimState.SUBMITTED
    again = await case.checked(content, overwrite=True, **CLAIMS)
    assert (again["unchanged"], await case.codes(again)) == (1, [[]])
    more = CLAIM.replace(",10,", ",20,")
    other = await case.checked(csv(HEAD, await case.line(teacher, "SJ-1", claim=more)), **CLAIMS)
    assert await case.codes(other) == [["import_claim_differs"]]
    run = await case.undone(run["id"])
    assert (run["undone"], await case.codes(run)) == (0, [["credit_claim_state"]])


async def test_an_untouched_draft_is_taken_back_and_one_that_was_written_on_stays(
    case: Declared,
) -> None:
    lines = [await case.line(each) for each in (case.city.teacher, case.city.colleague)]
    run = await case.applied(csv(HEAD, *lines), **CLAIMS)
    assert run["applied"] == 2
    first, _ = await case.rows(run)
    own = case.city.teacher_account.actor
    changes = ClaimChanges(title="省级骨干教师研修")
    await update_claim(case.db, own, claim_id=first["target_id"], changes=changes)
    run = await case.undone(run["id"])
    assert (run["undone"], await case.codes(run)) == (1, [["credit_claim_written_on"], []])
    steps = await list_claim_steps(case.db, own, claim_id=first["target_id"], page=PAGE)
    assert steps.items == []


async def test_what_a_teacher_drafts_alone_is_not_seen_through_a_file(case: Declared) -> None:
    await make_claim(case.db, case.city.teacher_account, hours="99.00")
    run = await case.checked(csv(HEAD, await case.line(case.city.teacher)), **CLAIMS)
    [row] = await case.rows(run)
    assert (row["action"], row["before"], row["reasons"]) == ("create", {}, [])


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("2026-10-15", "2099-10-15", "credit_claim_in_future"),
        ("2026-10-15", "1979-10-15", "import_cell_unfit"),
        ("省级,", "Über-level,", "import_cell_unfit"),
        ("{file}", "没有.pdf", "import_certificate_file_unknown"),
        (",10,", ",-1,", "import_cell_unfit"),
    ],
)
async def test_what_cannot_be_claimed_is_set_apart(
    case: Declared, before: str, after: str, code: str
) -> None:
    line = await case.line(case.city.teacher, claim=CLAIM.replace(before, after))
    run = await case.checked(csv(HEAD, line), **CLAIMS)
    assert await case.codes(run) == [[code]]


async def test_of_two_rows_of_one_claim_the_first_is_drafted(case: Declared) -> None:
    line = await case.line(case.city.teacher)
    alike = line.replace("省级骨干教师培训", "省级骨干 教师培训")
    other = line.replace("省级骨干教师培训", "市级论文")
    run = await case.applied(csv(HEAD, line, alike, other), **CLAIMS)
    assert (run["applied"], await case.codes(run)) == (2, [[], ["import_row_repeated"], []])


async def test_a_part_costs_the_same_statements_however_many_are_claimed(case: Declared) -> None:
    costs = []
    for count in (1, 2):
        people = [case.city.teacher, case.city.colleague][:count]
        claim = CLAIM.replace("骨干", f"骨干{count}")
        lines = [await case.line(each, claim=claim) for each in people]
        before = case.db.statements
        run = await case.applied(csv(HEAD, *lines), **CLAIMS)
        costs.append(case.db.statements - before)
        assert run["applied"] == count
    assert costs[0] == costs[1]


async def test_claims_are_prepared_for_all_or_none_and_for_ones_own_school_alone(
    case: Declared,
) -> None:
    own, foreign = case.city.teacher["id"], case.city.sibling_teacher["id"]
    new = new_claim()
    for entries, refusal in (
        ([(own, new), (foreign, new)], TeacherNotFound),
        ([(own, new_claim(evidence=[{"kind": "paper", "title": "论文"}]))], ClaimEvidenceEmpty),
        ([(own, new_claim(source_kind="activity"))], ClaimSourceReserved),
    ):
        with pytest.raises(refusal):
            await prepare_claims(case.db, case.actor, entries=entries, now=NOW)
    teacher = case.city.teacher_account.actor
    with pytest.raises(NotAllowed):
        await prepare_claims(case.db, teacher, entries=[(own, new)], now=NOW)
    assert (await list_claims(case.db, teacher, page=PAGE)).items == []
    [key] = await prepare_claims(case.db, case.actor, entries=[(own, new)], now=NOW)
    with pytest.raises(ClaimNotFound):
        await take_back_prepared_claims(
            case.db, case.city.sibling_admin.actor, prepared={key: {}}, now=NOW
        )
