"""Describes the open data to search engines (https://schema.org/Dataset)."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString

from figures.models.snapshots import Snapshot
from figures.open_data.columns import MEASURE_COLUMNS
from figures.open_data.publication import (
    DESCRIPTION,
    LANGUAGE,
    LICENCE,
    TITLE,
    file_address,
    page_address,
    publisher,
)
from walkandtalk.lib.structured_data import json_ld

FILES = {
    "figures_csv": "text/csv",
    "figures_json": "application/json",
    "improvements_json": "application/json",
    "improvements_feed": "application/atom+xml",
}


def dataset(snapshots: Sequence[Snapshot]) -> SafeString:
    """Describe the data of these snapshots, in any order, for the head of the page about all of London."""
    creator = {"@type": "GovernmentOrganization", "name": publisher()}
    description: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": str(TITLE),
        "description": str(DESCRIPTION),
        "url": page_address(),
        "license": LICENCE,
        "inLanguage": LANGUAGE,
        "isAccessibleForFree": True,
        "creator": creator,
        "publisher": creator,
        "spatialCoverage": {"@type": "Place", "name": "Greater London"},
        "variableMeasured": [str(column.title) for column in MEASURE_COLUMNS],
        "distribution": [_distribution(name, media_type) for name, media_type in FILES.items()],
    }
    if snapshots:
        quarters = sorted(snapshot.quarter for snapshot in snapshots)
        description["temporalCoverage"] = f"{quarters[0].first_day}/{quarters[-1].last_day}"
        description["dateModified"] = str(max(snapshot.made_on for snapshot in snapshots))
    return json_ld(description)


def _distribution(name: str, media_type: str) -> dict[str, str]:
    return {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": file_address(name)}
