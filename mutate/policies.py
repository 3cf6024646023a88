"""Small wrong turns in the policies of the second wall, made in the database itself.

What a policy compares is taken away from it (`false`: somebody no longer sees what is theirs) or
always met (`true`: somebody sees what is another's), one comparison of one table at a time.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import asyncpg

from app.domain.access.walled import WALLED, policy_of

_TOLD: Final = r"\(SELECT NULLIF\(current_setting\('yanxun\.\w+', true\), ''\)::uuid"
_COMPARED: Final = re.compile(rf"\w+\.\w+ = (?:{_TOLD}\)|ANY \({_TOLD}\[\]\)::uuid\[\]\)|\w+\.\w+)")


class PolicyMutant(NamedTuple):
    """A policy with one of its comparisons decided beforehand."""

    table: str
    policy: str
    name: str


def mutants_of_policies() -> Iterator[PolicyMutant]:
    """Every such change in the policies that there are."""
    for table in sorted(WALLED):
        policy = policy_of(table)
        for number, found in enumerate(_COMPARED.finditer(policy)):
            for decided in ("false", "true"):
                changed = policy[: found.start()] + decided + policy[found.end() :]
                what = f"comparison {number}, {_shortly(found.group())}, becomes {decided}"
                yield PolicyMutant(table, changed, f"{table}: {what}")


def _shortly(comparison: str) -> str:
    """A comparison as people would write it: of what is told the name alone."""
    left, _, right = comparison.partition(" = ")
    told = re.search(r"'(yanxun\.\w+)'", right)
    return f"{left} = {told.group(1) if told else right}"


async def put_policy(owner_url: str, table: str, policy: str) -> None:
    """Give a table this policy instead of the one that it has."""
    owner = await asyncpg.connect(owner_url)
    try:
        await owner.execute(f"DROP POLICY within_bounds ON {table}; {policy}")
    finally:
        await owner.close()
