"""The partners of a new installation, from `data/partners.csv`. Administrators keep them up to date."""

from boroughs.models.bcus import Borough
from boroughs.reference import rows
from partners.models.partners import Partner

SEPARATOR = ";"


def load_partners() -> None:
    """Add them to an empty table alone: one that someone took out of use, or renamed, must not come back.

    They have no inbox. Two administrators enter each (docs/rules.md#partners).
    """
    if Partner.objects.exists():
        return
    boroughs = {borough.slug: borough for borough in Borough.objects.all()}
    for row in rows("partners.csv"):
        partner = Partner.objects.create(name=row["name"], type=row["type"], kinds=_codes(row["kinds"]), is_active=True)
        partner.boroughs.set([boroughs[slug] for slug in _codes(row["boroughs"])])


def _codes(cell: str) -> list[str]:
    return [code for code in cell.split(SEPARATOR) if code]
