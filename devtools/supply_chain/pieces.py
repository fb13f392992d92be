"""Vendored files and data of others, from the manifest in static/vendor/ and the table in DATA-LICENCES.md."""

import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from devtools.supply_chain.packages import BASE_DIR

MANIFEST = BASE_DIR / "static" / "vendor" / "manifest.json"
DATA_LICENCES = BASE_DIR / "DATA-LICENCES.md"
DATA = ["data/**/*", "static/map/*", "static/places.json"]
ABOUT_THE_DATA = {"SOURCES.md", "LICENCE.txt"}


@dataclass(frozen=True)
class VendoredPackage:
    name: str
    version: str
    licence: str
    sha512: str


@dataclass(frozen=True)
class DataLicence:
    files: str  # a glob, or several with commas
    source: str
    licence: str
    attribution: str

    @property
    def paths(self) -> list[Path]:
        return sorted(path for pattern in self.files.split(", ") for path in BASE_DIR.glob(pattern) if path.is_file())

    def digest(self) -> str:
        digest = sha256()
        for path in self.paths:
            digest.update(path.read_bytes())
        return digest.hexdigest()


def vendored_packages() -> list[VendoredPackage]:
    return [
        VendoredPackage(
            name=source["package"],
            version=source["version"],
            licence=source["licence"],
            sha512=b64decode(source["integrity"].removeprefix("sha512-")).hex(),
        )
        for source in json.loads(MANIFEST.read_text())["sources"]
    ]


def data_licences() -> list[DataLicence]:
    return list(_rows(DATA_LICENCES.read_text()))


def _rows(text: str) -> Iterator[DataLicence]:
    for line in text.splitlines():
        if line.startswith("| `"):
            files, source, licence, attribution = (cell.strip() for cell in line.strip("| ").split(" | "))
            yield DataLicence(files.replace("`", ""), source, licence, attribution)


def data_files() -> list[Path]:
    """Return every file of data that the service ships, without what is written about them."""
    paths = {path for pattern in DATA for path in BASE_DIR.glob(pattern) if path.is_file()}
    return sorted(path for path in paths if path.name not in ABOUT_THE_DATA)
