"""Compares figures between BCUs. The pages, the file and `manage.py figures` show nothing else to a lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from boroughs.models.bcus import BoroughCommandUnit
from figures.counting import Tally
from figures.showing import FIGURES, HIDDEN_TEXT, Cell, Figure, cell_of, compare_figure, exact_cell, format_figure
from figures.tallies.counted import ALL, Tallies

Cells = dict[str, Cell]
"""The cell of each figure, by its code."""
Texts = dict[str, str]


@dataclass(frozen=True)
class Comparison:
    """Figures of each BCU, by its id, and of all BCUs together, in words."""

    bcus: dict[int, Texts]
    total: Texts
    tallies: Tallies

    def cells_of(self, bcu: BoroughCommandUnit | None) -> Cells:
        """Return the cells of that BCU, or of all of them. They say no more than the words."""
        texts = self.bcus[bcu.pk] if bcu else self.total
        tally = self.tallies.get(bcu.pk if bcu else ALL, Tally())
        return {figure.code: cell_of(figure, tally, texts[figure.code]) for figure in FIGURES}


def every_bcu() -> list[BoroughCommandUnit]:
    return list(BoroughCommandUnit.objects.order_by("name"))


def compare(tallies: Tallies, bcus: Sequence[BoroughCommandUnit]) -> Comparison:
    """Compare BCUs. Hide small numbers, and any number that would reveal them."""
    compared = Comparison({bcu.pk: {} for bcu in bcus}, {}, tallies)
    for figure in FIGURES:
        texts, may_total = compare_figure(figure, [tallies.get(bcu.pk, Tally()) for bcu in bcus])
        for bcu, text in zip(bcus, texts, strict=True):
            compared.bcus[bcu.pk][figure.code] = text
        compared.total[figure.code] = _total(figure, tallies) if may_total else HIDDEN_TEXT
    return compared


def _total(figure: Figure, tallies: Tallies) -> str:
    return format_figure(figure, tallies.get(ALL, Tally()), exact=False)


def exact_cells(tallies: Tallies, bcu: BoroughCommandUnit) -> Cells:
    """Return the exact figures of a BCU, for an inspector who may open every booking behind them."""
    tally = tallies.get(bcu.pk, Tally())
    return {figure.code: exact_cell(figure, tally) for figure in FIGURES}
