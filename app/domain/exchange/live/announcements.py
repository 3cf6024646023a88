"""Announcements (通知消息): what the database says of a change, and whom it concerns.

They are made by triggers and carry keys alone: `attendance` and the sessions whose registers changed;
`work` and where something changed that may wait for somebody, each as school/county/city or as the key
of whom a notice is for. A star in their place: there were too many to be named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.access.actors import Actor

CHANNEL = "live"
"""Under which name the database announces."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What one follows: the register of a session, or what is one's own."""

    topic: str
    at: frozenset[str]
    """The session; or the places from which something may come to oneself."""
    over: frozenset[str] = frozenset()
    """The places of oneself: what changes in them or below is one's concern."""

    @classmethod
    def attendance(cls, session_id: object) -> "Followed":
        """The register of a session."""
        return cls("attendance", frozenset({str(session_id)}))

    @classmethod
    def work(cls, actor: Actor) -> "Followed":
        """What waits for the actor, and what the actor is told."""
        own = (grant.school_id or grant.county_id or grant.city_id for grant in actor.grants)
        return cls("work", frozenset(map(str, actor.audience)), frozenset(map(str, own)))


def concerns(message: str, followed: Iterable[Followed]) -> list[Followed]:
    """Those of these whom an announcement concerns."""
    topic, *named = message.split(" ")
    alike = [each for each in followed if each.topic == topic]
    if "*" in named:
        return alike
    smallest = {each.partition("/")[0] for each in named}
    all_of_them = {key for each in named for key in each.split("/")}
    return [
        each
        for each in alike
        if not smallest.isdisjoint(each.at) or not all_of_them.isdisjoint(each.over)
    ]
