"""Give a target what a file holds: `python -m fuzz.replay statements .yanxun-fuzz/corpus/statements/FILE`."""

import sys
from pathlib import Path

from fuzz.parsers import feed


def main() -> None:
    """Read it again; what is a fault ends with its trace."""
    name, file = sys.argv[1:]
    feed(name, Path(file).read_bytes())


if __name__ == "__main__":
    main()
