"""The packages pinned in the requirements, and the licence that each one's own metadata states."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PRODUCTION = BASE_DIR / "requirements.txt"
DEVELOPMENT = BASE_DIR / "requirements-dev.txt"  # contains the others
ENTRY = re.compile(r"^(\S[^\\\n]*==[^\\\n]*?) \\\n((?: +--hash=\S+(?: \\)?\n)+)((?: +#.*\n)*)", re.MULTILINE)
# SPDX identifiers of the names in older metadata. "BSD" is read from the licence's text: there are two.
IDENTIFIERS = {
    "Apache": "Apache-2.0",
    "Apache 2": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-3.0-or-later",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "New BSD": "BSD-3-Clause",
    "PSFL": "PSF-2.0",
}
# Read by a person in the licence of the package, because its metadata names none, or several without saying how.
READ_BY_A_PERSON = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    "django-import-export": "BSD-2-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "pypdfium2": "(Apache-2.0 OR BSD-3-Clause) AND BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
}


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    hashes: tuple[str, ...]
    is_asked_for: bool  # in a requirements*.in, and not only because another package needs it
    needed_by: tuple[str, ...]
    licence: str  # an SPDX expression, or the words of its metadata


def read_packages(path: Path) -> list[Package]:
    """Return the packages of a requirements file that this machine installs."""
    return list(_read(path.read_text()))


def _read(text: str) -> Iterator[Package]:
    for pin, hashes, comments in ENTRY.findall(text):
        requirement = Requirement(pin)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        via = comments.replace("# via", "#").replace("#", "").split()
        yield Package(
            name=requirement.name,
            version=str(requirement.specifier).removeprefix("=="),
            hashes=tuple(re.findall(r"sha256:(\w+)", hashes)),
            is_asked_for="-r" in via,
            needed_by=tuple(name for name in via if name != "-r" and not name.endswith((".in", ".txt"))),
            licence=_licence(requirement.name),
        )


def _licence(name: str) -> str:
    if name in READ_BY_A_PERSON:
        return READ_BY_A_PERSON[name]
    found = distribution(name)
    values = found.metadata.json
    if expression := values.get("license_expression"):
        return str(expression)
    classes = [each.rpartition(" :: ")[2] for each in values.get("classifier", []) if each.startswith("License")]
    names = [name for name in classes if name != "OSI Approved"]
    stated = str(values.get("license", "")).strip()
    if not names or stated in IDENTIFIERS:
        names = [stated]
    return " AND ".join(IDENTIFIERS.get(each) or _which_bsd(each, found) for each in names)


def _which_bsd(stated: str, found: Distribution) -> str:
    if stated.upper() not in ("BSD", "BSD LICENSE"):
        return stated
    paths = [path.locate() for path in found.files or () if re.search("licen[cs]e|copying", path.name, re.IGNORECASE)]
    texts = " ".join(" ".join(Path(str(path)).read_text(errors="replace").split()) for path in paths).lower()
    names_may_not_endorse = re.search("neither the names? of|may not be used to endorse", texts)
    return "BSD-3-Clause" if names_may_not_endorse else stated
