"""The report: what was tried how often, what was found, and whether it is as promised."""

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from prove.ground import Found, Proof


@dataclass(frozen=True)
class Proved:
    """What became of one proof."""

    proof: Proof
    found: Found
    seconds: float
    seed: int

    @property
    def verdict(self) -> str:
        """`proved`, `not as promised`, or `not possible here`."""
        if self.found.wrong:
            return "not as promised"
        return "not possible here" if self.found.not_possible else "proved"

    def told(self) -> dict[str, object]:
        """As JSON."""
        return {
            "proof": self.proof.name, "target": self.proof.target, "verdict": self.verdict,
            "seconds": round(self.seconds, 1), "seed": self.seed, **asdict(self.found),
        }  # fmt: skip

    def line(self) -> str:
        """A few words for whoever watches."""
        figures = "; ".join(f"{name} {figure}" for name, figure in self.found.figures.items())
        wrong = "".join(f"\n    {each}" for each in self.found.wrong[:10])
        return (
            f"{self.proof.name}: {self.verdict} ({self.found.repetitions} times, "
            f"{self.seconds:.0f} s) {figures}{self.found.not_possible}{wrong}"
        )


def as_json(proved: list[Proved], *, seed: int, by_hand: bool) -> str:
    """The report for programs."""
    told = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "seed": seed,
        "long": by_hand,
        "proofs": [each.told() for each in proved],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def as_text(proved: list[Proved], *, seed: int, by_hand: bool) -> str:
    """The report for people, as Markdown."""
    rows = [
        f"| {each.proof.name} | {each.found.repetitions} | {each.proof.target} |"
        f" {_figures(each.found)} | {each.seconds:.0f} | {each.verdict} |"
        for each in proved
    ]
    wrong = [f"- {each.proof.name}: {words}" for each in proved for words in each.found.wrong]
    head = "by hand" if by_hand else "bounded"
    return "\n".join(
        [
            f"# Proved {datetime.now(UTC):%Y-%m-%d}, {head}, seed {seed}",
            "",
            f"Python {platform.python_version()}. Seconds are those of a machine that others used too.",
            "",
            "| proof | times | promised by hand | found | s | verdict |",
            "|---|---|---|---|---|---|",
            *rows,
            *(["", "Not as promised:", "", *wrong] if wrong else []),
            "",
        ]
    )


def _figures(found: Found) -> str:
    figures = [f"{name}: {figure}" for name, figure in found.figures.items()]
    return found.not_possible or "; ".join(figures)
