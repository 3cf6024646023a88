"""What a program does with both Python clients: sign in, read page after page, ask, and be refused.

Usage: PYTHONPATH=sdk/build python sdk/python/tour.py ADDRESS TOKEN
"""

import json
import sys
from collections.abc import Iterator
from uuid import UUID, uuid4

from yanxun_client import AuthenticatedClient
from yanxun_client.api.people import get_teacher, list_teachers
from yanxun_client.models import PageOfTeacherView, Problem, TeacherView
from yanxun_client.types import UNSET, Unset
from yanxun_graphql import Client


def every_teacher(client: AuthenticatedClient) -> Iterator[TeacherView]:
    """The teachers in reach, page after page."""
    cursor: str | Unset = UNSET
    while True:
        page = list_teachers.sync(client=client, limit=2, cursor=cursor)
        if not isinstance(page, PageOfTeacherView):
            raise SystemExit(f"refused: {page}")
        yield from page.items
        if page.next_ is None:
            return
        cursor = page.next_


def main(address: str, token: str) -> None:
    """Print what was found as one JSON object."""
    client = AuthenticatedClient(base_url=address, token=token)
    teachers = list(every_teacher(client))
    refusal = get_teacher.sync(uuid4(), client=client)
    graphql = Client(f"{address}/graphql", headers={"Authorization": f"Bearer {token}"})
    standing = graphql.teacher_standing(UUID(str(teachers[0].id))).standing
    found = {
        "teachers": sorted(each.name for each in teachers),
        "refusal": refusal.code if isinstance(refusal, Problem) else None,
        "account": graphql.me().profile.display_name,
        "pack": standing.pack_id,
        "counted": str(standing.counted_credits),
        "requirements": len(standing.requirements),
    }
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:3])
