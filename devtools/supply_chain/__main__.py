"""`python -m devtools.supply_chain licences` or `sbom`: what `make licences` and `make sbom` run."""

import argparse
import sys

from devtools.supply_chain import licences, sbom
from devtools.supply_chain.packages import BASE_DIR
from devtools.supply_chain.pieces import data_licences, vendored_packages

SBOM = BASE_DIR / "var" / "sbom.json"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devtools.supply_chain", description=__doc__)
    parser.add_argument("what", choices=["licences", "sbom"])
    if parser.parse_args().what == "sbom":
        sbom.write(SBOM)
        print(f"Wrote {SBOM.relative_to(BASE_DIR)}.")
    else:
        show_licences()


def show_licences() -> None:
    rows = licences.read_rows()
    print(licences.as_table(rows))
    print("\nVendored files (static/vendor/), and data (DATA-LICENCES.md):")
    for package in vendored_packages():
        print(f"{package.name} {package.version}: {package.licence}")
    for data in data_licences():
        print(f"{data.files}: {data.licence}")
    refused = [row.package.name for row in rows if not row.is_accepted]
    if refused:
        sys.exit(f"\nThese licences are not accepted (docs/supply-chain.md): {', '.join(refused)}.")


if __name__ == "__main__":
    main()
