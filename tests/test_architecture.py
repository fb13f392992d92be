"""The picture in docs/architecture.md matches the imports in the code."""

from itertools import pairwise

import grimp
import pytest
from django.conf import settings

APPS = ("walkandtalk", "boroughs", "accounts", "outbox", "walks", "bookings", "feedback", "figures", "devtools")
BESIDE = {"admin", "management", "migrations"}  # Django loads these, and no module of ours imports them
PAGE = settings.BASE_DIR / "docs" / "architecture.md"


@pytest.fixture(scope="module")
def imports():
    """The direct imports between the boxes of the picture: apps, and the folders and core of bookings."""
    graph = grimp.build_graph(*APPS, cache_dir=None)
    found = {
        (box_of(module), box_of(imported))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if not BESIDE & set(module.split("."))
    }
    # Settings and URLs use devtools only in development (tests/test_production_settings.py).
    return {(one, other) for one, other in found if one != other} - {("walkandtalk", "devtools")}


def box_of(module):
    app, *rest = module.split(".")
    if app == "bookings":
        folder = settings.BASE_DIR / "bookings" / rest[0] if rest else None
        return (
            f"bookings.{rest[0]}" if folder is not None and folder.is_dir() and rest[0] != "models" else "bookings core"
        )
    return "walkandtalk.lib" if module.startswith("walkandtalk.lib") else app


def needed(edges):
    """Return the edges without those that a longer path implies. With all of them the picture would be unreadable."""
    below = {}

    def reach(box):
        if box not in below:
            below[box] = set()
            for other in {to for start, to in edges if start == box}:
                below[box] |= {other} | reach(other)
        return below[box]

    return {
        (one, other)
        for one, other in edges
        if not any(other in reach(between) for start, between in edges if start == one and between != other)
    }


def drawn(edges):
    return "\n".join(f"    {_id(one)} --> {_id(other)}" for one, other in sorted(needed(edges)))


def _id(box):
    return box.replace(".", "_").replace(" ", "_")


def test_no_imports_are_circular(imports):
    order = []

    def visit(box, path):
        assert box not in path, " → ".join([*path, box])
        if box not in order:
            for other in sorted(to for start, to in imports if start == box):
                visit(other, [*path, box])
            order.append(box)

    for box in sorted({start for start, _to in imports}):
        visit(box, [])

    place = {box: number for number, box in enumerate(order)}
    assert all(place[one] > place[other] for one, other in imports)


def test_picture_shows_the_imports(imports):
    picture = PAGE.read_text().partition("## Apps and folders")[2].partition("```mermaid")[2].partition("```")[0]

    shown = "\n".join(sorted(line for line in picture.splitlines() if "-->" in line))

    assert shown == drawn(imports), f"Put these lines into docs/architecture.md:\n{drawn(imports)}"


def test_needed_leaves_out_edges_that_a_longer_path_implies():
    edges = {("a", "b"), ("b", "c"), ("a", "c")}

    assert needed(edges) == set(pairwise(["a", "b", "c"]))
