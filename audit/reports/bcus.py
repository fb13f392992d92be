"""The BCUs by which a report can be filtered."""

from boroughs.models.bcus import BoroughCommandUnit


def every_bcu() -> list[BoroughCommandUnit]:
    return list(BoroughCommandUnit.objects.order_by("name"))
