from app.domain.training.activities import ActivityContent
from app.domain.training.content_kinds import family_of, list_content_kinds, taxonomies
from app.sql import Connection
from tests.make import City

ART_11 = {
    "education_practice": {
        "class_management", "family_education", "student_psychology", "subject_moral_education",
    },
    "teaching_practice": {
        "curriculum_development", "instructional_design", "teaching_methods", "process_control",
        "teaching_evaluation", "learning_guidance",
    },
    "research_practice": {"teaching_research", "education_research"},
}  # fmt: skip
"""What article 11 of 岳市教发〔2013〕18号 lists under its three families."""

NAMED_BESIDE = {
    "instructional_design", "lesson_review", "learning_guidance", "academic_assessment",
    "language_and_script", "scientific_literacy", "curriculum_standards", "information_technology",
}  # fmt: skip
"""What article 10, article 19, the plan of a Shanghai school and a school's rules name."""


async def test_every_kind_is_named_and_cited(db: Connection, city: City) -> None:
    before = db.statements
    rows = await list_content_kinds(db, city.teacher_account.actor)
    assert db.statements == before
    assert {row["code"] for row in rows} == set(ActivityContent)
    assert len(rows) == len(ActivityContent)
    assert all(row["zh"] and row["en"] and row["source"]["article"] for row in rows)
    assert {row["code"] for row in rows} >= NAMED_BESIDE


def test_the_families_are_those_of_the_article() -> None:
    found = family_of()
    for family, kinds in ART_11.items():
        assert {found[ActivityContent(kind)] for kind in kinds} == {family}
    assert found[ActivityContent.ETHICS] == "ethics"


def test_the_taxonomies_have_the_classes_of_their_sources() -> None:
    whole = taxonomies()
    assert [len(each) for each in (whole.families, whole.areas, whole.aspects)] == [4, 4, 4]
    known = [
        {each.code for each in group} for group in (whole.families, whole.areas, whole.aspects)
    ]
    for name, codes in zip(("family", "area", "aspect"), known, strict=True):
        used = {getattr(kind, name) for kind in whole.kinds} - {None}
        assert used == codes, "each class has a kind, and each kind's class is known"


async def test_one_taxonomy_is_told_in_the_words_of_another(db: Connection, city: City) -> None:
    rows = {row["code"]: row for row in await list_content_kinds(db, city.school_admin.actor)}
    research = rows["education_research"]
    assert [research[name]["zh"] for name in ("family", "area")] == [
        "教科研实践知识", "教育科研能力研修"
    ]  # fmt: skip
    assert rows["scientific_literacy"]["family"] is None
