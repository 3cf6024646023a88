"""The bill of materials (SBOM) of what is delivered: `python scripts/sbom.py [OUT]`, CycloneDX 1.6.

It is made from what pins everything and from nothing else: `requirements.lock`, with the hash of each
file that may be installed and who asked for it, and the files of others that lie in `app/pages`. So it
needs neither the network nor an environment, says the same wherever it is made, and changes only when the
lock does. Licences are those that the installed distributions state; where one is not installed, none.
"""

import importlib.metadata
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_OURSELVES = "yanxun"


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each requirement with its hashes, and who asked for it."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        said = "\n".join(line for line in block.splitlines() if not line.startswith("#"))
        if "==" not in said:
            continue
        asked = re.findall(r"^\s+#(?: via)?\s+([A-Za-z0-9][\w.\-\[\]]*)", said, re.MULTILINE)
        yield re.sub(r"\s+#.*", "", said).replace("\\\n", " "), asked


def _licence(name: str) -> list[dict[str, Any]]:
    """The licence that the installed distribution states."""
    try:
        metadata = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return []
    for expression in metadata.get_all("License-Expression") or []:
        return [{"expression": expression}]
    classified = [
        each.rpartition(" :: ")[2]
        for each in metadata.get_all("Classifier") or []
        if each.startswith("License :: ") and not each.endswith("OSI Approved")
    ]
    return [{"license": {"name": each}} for each in classified]


def _python(text: str) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """The locked distributions, and by name which of them needs which."""
    components, needs = [], dict[str, list[str]]()
    for said, asked in _blocks(text):
        requirement = Requirement(said.partition("--hash")[0].strip())
        name = canonicalize_name(requirement.name)
        (specifier,) = requirement.specifier
        purl = f"pkg:pypi/{name}@{specifier.version}"
        found: dict[str, Any] = {
            "type": "library",
            "bom-ref": purl,
            "name": name,
            "version": specifier.version,
            "purl": purl,
            # One for each file that may be installed; pip refuses whatever has none of them.
            "properties": [
                {"name": "yanxun:file:sha256", "value": each}
                for each in sorted(_HASH.findall(said))
            ],
        }
        if requirement.marker is not None:
            found["scope"] = "optional"
            found["properties"].append({"name": "yanxun:marker", "value": str(requirement.marker)})
        licences = _licence(name)
        if licences:
            found["licenses"] = licences
        components.append(found)
        for each in asked:
            needs.setdefault(canonicalize_name(each.partition("[")[0]), []).append(purl)
    return components, needs


def _vendored() -> list[dict[str, Any]]:
    """The files of others that are served from our own pages, as `vendor_pages` fetched them."""
    sys.path.insert(0, str(ROOT))
    from scripts.vendor_pages import PACKAGES  # noqa: PLC0415  found only now

    return [
        {
            "type": "library",
            "bom-ref": f"pkg:npm/{each.name}@{each.version}",
            "name": each.name,
            "version": each.version,
            "purl": f"pkg:npm/{each.name}@{each.version}",
            "properties": [{"name": "yanxun:integrity", "value": each.integrity}],
        }
        for each in PACKAGES
    ]


def bill(lock: str) -> dict[str, Any]:
    """The bill of materials of what this lock file installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = project["version"]
    ours = f"pkg:generic/{_OURSELVES}@{version}"
    python, needs = _python(lock)
    vendored = _vendored()
    by_name = {each["name"]: each["bom-ref"] for each in python}
    direct = needs.pop(_OURSELVES, []) + [each["bom-ref"] for each in vendored]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": ours, "name": _OURSELVES, "version": version
            }
        },
        "components": python + vendored,
        "dependencies": [
            {"ref": ours, "dependsOn": sorted(set(direct))},
            *(
                {"ref": ref, "dependsOn": sorted(set(needs.get(name, [])))}
                for name, ref in sorted(by_name.items())
            ),
        ],
    }  # fmt: skip


def main() -> None:
    """Write it to the file that is named, or print it."""
    text = json.dumps(bill(LOCK.read_text("utf-8")), ensure_ascii=False, indent=2) + "\n"
    if len(sys.argv) > 1:
        target = Path(sys.argv[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        print(f"{target}: {text.count('bom-ref') - 1} components")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
