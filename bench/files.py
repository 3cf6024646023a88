"""Files of synthetic people and of their careers, the same each time."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from app.domain.people.identity import check_digit
from app.tabular import Column, TabularFormat, writer_of

_SEED = 20
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文"
_SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "体育", "音乐", "美术")
_RANKS = ("二级教师", "一级教师", "高级教师")
_POSTS = ("任课教师", "任课教师、班主任", "任课教师")

Line = dict[str, str]


class People:
    """Synthetic people, the same each time; their numbers are of no place that there is."""

    def __init__(self, number: int, schools: Sequence[str]) -> None:
        draw = random.Random(_SEED)  # noqa: S311  nothing of this is a secret
        self.lines = [self._line(draw, index, schools) for index in range(number)]

    @staticmethod
    def _line(draw: random.Random, index: int, schools: Sequence[str]) -> Line:
        born = date(1966, 1, 1) + timedelta(days=index % 12_000)
        body = f"100000{born:%Y%m%d}{index // 12_000:03d}"
        return {
            "姓名": draw.choice(_SURNAMES) + "".join(draw.choices(_GIVEN, k=2)),
            "身份证号": body + check_digit(body),
            "学校": schools[index % len(schools)],
            "任教学科": draw.choice(_SUBJECTS),
            "任教学段": "小学",
            "职称": draw.choice(_RANKS),
            "岗位": draw.choice(_POSTS),
            "起始日期": "2020-09-01",
        }

    def courses(self, number: int) -> Iterator[Line]:
        """So many courses of study, some of each person."""
        each = -(-number // len(self.lines))
        lines = (
            {
                "身份证号": line["身份证号"],
                "类别": "学历",
                "学历层次": "大学本科",
                "修业情况": "结业",
                "院校": f"某某师范大学{turn:02d}",
                "专业": "汉语言文学",
                "起始日期": f"{2000 + turn}-09-01",
                "终止日期": f"{2001 + turn}-07-01",
            }
            for line in self.lines
            for turn in range(each)
        )
        return islice(lines, number)


def write_file(
    path: Path, form: TabularFormat, lines: Iterator[Line], names: Sequence[str]
) -> None:
    """A file of these lines."""
    writer = writer_of(form, [Column(name, name) for name in names])
    with path.open("wb") as file:
        file.write(writer.begin())
        while some := list(islice(lines, 10_000)):
            file.write(writer.add(some))
        file.write(writer.end())
