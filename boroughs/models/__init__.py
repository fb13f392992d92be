from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import (
    Officer,
    Rank,
    bcus_without_handler,
)
from boroughs.models.texts import HelpContact, Statement

__all__ = [
    "Borough",
    "BoroughCommandUnit",
    "HelpContact",
    "Officer",
    "Rank",
    "Statement",
    "Ward",
    "bcus_without_handler",
]
