"""The licences that we accept. docs/supply-chain.md says why each of them is fine."""

from dataclasses import dataclass

from devtools.supply_chain.packages import DEVELOPMENT, PRODUCTION, Package, read_packages

ACCEPTED = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "PSF-2.0",
    "Zlib",
}
ACCEPTED_OF = {"psycopg2-binary": {"LGPL-3.0-or-later"}}


@dataclass(frozen=True)
class Row:
    package: Package
    in_production: bool

    @property
    def is_accepted(self) -> bool:
        """Return whether each part joined by AND offers an accepted licence."""
        accepted = ACCEPTED | ACCEPTED_OF.get(self.package.name, set())
        parts = [part.strip("() ").split(" OR ") for part in self.package.licence.split(" AND ")]
        return all(accepted & set(alternatives) for alternatives in parts)


def read_rows() -> list[Row]:
    production = {package.name for package in read_packages(PRODUCTION)}
    return [Row(package, package.name in production) for package in read_packages(DEVELOPMENT)]


def as_table(rows: list[Row]) -> str:
    lines = [("package", "version", "licence", "used in", "accepted")]
    lines += [
        (
            row.package.name,
            row.package.version,
            row.package.licence,
            "production" if row.in_production else "development",
            "yes" if row.is_accepted else "NO",
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
