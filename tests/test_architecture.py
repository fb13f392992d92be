"""The diagram in docs/architecture.md matches the imports in the code."""

from itertools import pairwise

import grimp
import pytest
from django.conf import settings

APPS = (
    "walkandtalk",
    "boroughs",
    "accounts",
    "outbox",
    "walks",
    "bookings",
    "partners",
    "feedback",
    "figures",
    "administration",
    "audit",
    "data_rights",
    "doctor",
    "devtools",
)
BESIDE = {"admin", "management", "migrations"}  # Django loads these, and none of our modules imports them
PAGE = settings.BASE_DIR / "docs" / "architecture.md"


@pytest.fixture(scope="module")
def imports():
    """The direct imports between the boxes of the diagram: apps, and the folders and core of bookings."""
    graph = grimp.build_graph(*APPS, cache_dir=None)
    edges = {
        (get_box(module), get_box(imported))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if not BESIDE & set(module.split("."))
    }
    # Settings and URLs use devtools only in development (tests/test_production_settings.py).
    return {(box, imported) for box, imported in edges if box != imported} - {("walkandtalk", "devtools")}


def get_box(module):
    app, *rest = module.split(".")
    if app == "bookings":
        folder = settings.BASE_DIR / "bookings" / rest[0] if rest else None
        return (
            f"bookings.{rest[0]}" if folder is not None and folder.is_dir() and rest[0] != "models" else "bookings core"
        )
    return "walkandtalk.lib" if module.startswith("walkandtalk.lib") else app


def direct_edges(edges):
    """Return the edges without those that a longer path implies. With all of them the diagram would be unreadable."""
    below = {}

    def reach(box):
        if box not in below:
            below[box] = set()
            for imported in {to for start, to in edges if start == box}:
                below[box] |= {imported} | reach(imported)
        return below[box]

    return {
        (start, end)
        for start, end in edges
        if not any(end in reach(between) for first, between in edges if first == start and between != end)
    }


def draw_edges(edges):
    return "\n".join(sorted(f"    {_id(start)} --> {_id(end)}" for start, end in direct_edges(edges)))


def _id(box):
    return box.replace(".", "_").replace(" ", "_")


def test_no_imports_are_circular(imports):
    order = []

    def visit(box, path):
        assert box not in path, " → ".join([*path, box])
        if box not in order:
            for imported in sorted(to for start, to in imports if start == box):
                visit(imported, [*path, box])
            order.append(box)

    for box in sorted({start for start, _to in imports}):
        visit(box, [])

    place = {box: number for number, box in enumerate(order)}
    assert all(place[box] > place[imported] for box, imported in imports)


def test_diagram_shows_the_imports(imports):
    diagram = PAGE.read_text().partition("## Apps and folders")[2].partition("```mermaid")[2].partition("```")[0]

    edges = "\n".join(sorted(line for line in diagram.splitlines() if "-->" in line))

    assert edges == draw_edges(imports), f"Put these lines into docs/architecture.md:\n{draw_edges(imports)}"


def test_direct_edges_omits_edges_that_a_longer_path_implies():
    edges = {("a", "b"), ("b", "c"), ("a", "c")}

    assert direct_edges(edges) == set(pairwise(["a", "b", "c"]))
