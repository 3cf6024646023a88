"""The kinds of departments (部门类型), and which units have which."""

from enum import StrEnum


class DepartmentKind(StrEnum):
    """What a department is (类型)."""

    EDUCATION_SECTION = "education_section"
    """教育股"""
    RESEARCH_OFFICE = "research_office"
    """教研室"""
    TRAINING_COLLEGE = "training_college"
    """进修学校、进修学院"""
    TECHNOLOGY_CENTRE = "technology_centre"
    """电教中心"""
    EDUCATION_INSTITUTE = "education_institute"
    """教科院"""
    TRAINING_DIVISION = "training_division"
    """师训部门"""
    PRINCIPAL_OFFICE = "principal_office"
    """校长室"""
    PARTY_BRANCH = "party_branch"
    """党支部"""
    TRAINING_OFFICE = "training_office"
    """师训处"""
    ACADEMIC_OFFICE = "academic_office"
    """教导处"""
    MORAL_EDUCATION_OFFICE = "moral_education_office"
    """德育处（室）"""
    SCIENCE_OFFICE = "science_office"
    """科研室"""
    GENERAL_OFFICE = "general_office"
    """综合办"""
    OTHER = "other"
    """其他"""


OF_BUREAUX_ALONE = frozenset({
    DepartmentKind.EDUCATION_SECTION, DepartmentKind.TRAINING_COLLEGE,
    DepartmentKind.TECHNOLOGY_CENTRE, DepartmentKind.EDUCATION_INSTITUTE,
    DepartmentKind.TRAINING_DIVISION,
})  # fmt: skip
OF_SCHOOLS_ALONE = frozenset({
    DepartmentKind.PRINCIPAL_OFFICE, DepartmentKind.TRAINING_OFFICE,
    DepartmentKind.ACADEMIC_OFFICE, DepartmentKind.MORAL_EDUCATION_OFFICE,
    DepartmentKind.SCIENCE_OFFICE,
})  # fmt: skip
