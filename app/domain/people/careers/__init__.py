"""Careers (任职经历): the dated facts about a teacher, each with its two times.

What a rule of credit asks is what held on the day in question, not what holds now. Nothing is
overwritten: a fact that ends or was wrong is superseded by one that says so, and what was known
before can still be told. `as_of` asks what held on a day, `known_on` what was believed then.
"""

from app.domain.base import TODAY, holds_on
from app.domain.people.careers.reading import (
    CareerView,
    careers_of,
    get_career,
    list_facts,
)
from app.domain.people.careers.recording import (
    FactEnd,
    FactWithdrawal,
    end_fact,
    record_fact,
    record_facts,
    withdraw_fact,
    withdraw_facts,
)
from app.domain.people.facts.engagement import Employment
from app.domain.people.facts.posts import COUNTS_AS, Post, TeacherPost
from app.domain.people.facts.ranks import NewRank, Rank, RankNotLater, TeacherRank

__all__ = [
    "COUNTS_AS",
    "TODAY",
    "CareerView",
    "Employment",
    "FactEnd",
    "FactWithdrawal",
    "NewRank",
    "Post",
    "Rank",
    "RankNotLater",
    "TeacherPost",
    "TeacherRank",
    "careers_of",
    "end_fact",
    "get_career",
    "holds_on",
    "list_facts",
    "record_fact",
    "record_facts",
    "withdraw_fact",
    "withdraw_facts",
]
