"""Access rules beyond the access table: other methods and hosts, Django's admin, and the queries of staff pages."""

import ast
import inspect
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import Resolver404, get_resolver, reverse

from accounts.models import SecurityEvent, SecurityEventKind
from bookings.manage.decision_pages import RequesterDecision
from tests.support.access_table import REFUSED
from tests.support.addresses import NEUTRAL, every_address, every_name, fingerprint
from tests.support.page_responses import PageResponse

pytestmark = pytest.mark.django_db

OPEN_DATA = "open_data:"
"""Files that only GET and HEAD can open, so a POST is refused before its token would be missed."""
ONE_CLICK = f"{NEUTRAL}updates:stop"
"""A mail program posts to it without having seen a page (RFC 8058). The token in its address is the proof."""


@pytest.mark.parametrize("who", ["signed_out", "inspector"])
def test_other_http_methods_change_nothing(who, world):
    client, previous_rows = world.enter(who), fingerprint()

    acted = {}
    for address in every_address():
        for method in ("PUT", "PATCH", "DELETE") if who == "signed_out" or address.is_for_staff else ():
            answer = PageResponse.of(world.ask(client, address.name, method)).outcome
            if answer not in REFUSED | {"302"}:
                acted[address.name, method] = answer

    assert acted == {}
    assert fingerprint() == previous_rows


@pytest.mark.parametrize("who", ["signed_out", "inspector", "administrator"])
def test_every_post_needs_a_csrf_token(who, world):
    client, previous_rows = world.enter(who, enforce_csrf_checks=True), fingerprint()

    open_files = [name for name in every_name() if name.startswith(OPEN_DATA)]
    names = [name for name in every_name() if name != ONE_CLICK and name not in open_files]
    answered = {PageResponse.of(world.ask(client, name, "POST")).outcome for name in names}
    of_open_files = {PageResponse.of(world.ask(client, name, "POST")).outcome for name in open_files}

    logged = SecurityEvent.objects.filter(kind=SecurityEventKind.FORBIDDEN, officer=world.people[who])
    log = SecurityEvent._meta.db_table
    assert (answered, of_open_files) == ({"403"}, {"405"})
    assert logged.count() == (len(names) if who != "signed_out" else 0)
    assert fingerprint() | {log: ""} == previous_rows | {log: ""}


def test_neutral_host_has_no_page_of_the_public_host(world):
    neutral = get_resolver("walkandtalk.discreet_urls")
    client = world.enter("inspector")

    answers = {}
    for name in every_name():
        if not name.startswith(NEUTRAL) and not _has_page(neutral, world.path(name)):
            response = client.get(world.path(name), headers={"host": settings.DISCREET_HOST})
            answers[name] = response.status_code

    assert set(answers) > {"triage:queue", "admin:index", "request_form:start", "feedback:submit_report"}
    assert set(answers.values()) == {404}


def _has_page(resolver, path):
    try:
        resolver.resolve(path)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("who", ["signed_out", "inspector", "lead"])
def test_admin_opens_only_to_administrators(who, world):
    client = world.enter(who)
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]

    answers = {path: client.get(path).status_code for path in [*lists, *(f"{path}add/" for path in lists)]}

    assert len(lists) > 3
    assert set(answers.values()) == {302}


def test_no_page_of_the_requester_opens_without_a_link(client):
    pages = [page for page in every_address() if issubclass(view_class(page), RequesterDecision)]

    hosts = {True: {"host": settings.DISCREET_HOST}, False: {}}
    answers = set()
    for page in pages:
        path = "/" + page.route.replace("<str:token>", "unknown").replace("<uuid:pk>", str(uuid4()))
        headers = hosts[page.name.startswith(NEUTRAL)]
        answers |= {client.get(path, headers=headers).status_code, client.post(path, headers=headers).status_code}

    assert {page.name for page in pages} > {"manage:cancel", "neutral manage:cancel", "feedback:submit_report"}
    assert answers == {404}


def view_class(address):
    return getattr(address.view, "view_class", object)


# --- Staff pages begin every query with what their reader may see ----------------------------------------------------


BEGINNINGS = {"visible_to", "in_figures_for", "in_administration_for", "in_audit_for", "for_approval_by"}
"""Rows that a person may see, that a lead may count or agree to, that an administrator looks after, or an auditor."""


def staff_modules():
    """The modules of staff pages, and the modules that find or show rows for them."""
    with_a_page = {path for address in every_address() if address.is_for_staff for path in find_files(address.view)}
    apps = [settings.BASE_DIR / app for app in ("audit", "bookings", "feedback", "figures", "walks")]
    helpers = {path for app in apps for path in app.rglob("*.py") if "OfficerRequest" in path.read_text()}
    return sorted(with_a_page | helpers | {settings.BASE_DIR / "bookings/triage/today/urgent.py"})


def find_files(view):
    """Return the file of a view. For a class, add the files of our classes that it inherits from."""
    if not hasattr(view, "view_class"):
        return {Path(inspect.getfile(inspect.unwrap(view)))}
    files = {Path(inspect.getfile(base)) for base in view.view_class.__mro__ if base is not object}
    return {path for path in files if path.is_relative_to(settings.BASE_DIR) and ".venv" not in path.parts}


def queries_without_visible_to(source):
    """Every query in this code that does not begin with `visible_to`, as the line it is on."""
    tree = ast.parse(source)
    visible_managers = set()
    managers = []
    whole_tables = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in BEGINNINGS:
            visible_managers.add(node.value)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            managers.append(node)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith("get_") and node.args:
            first = node.args[0]
            whole_tables += [first] if isinstance(first, ast.Name) and first.id[0].isupper() else []
        if isinstance(node, ast.ClassDef):
            whole_tables += [line for line in node.body if "model" in assigned_names(line)]
    return [ast.unparse(node) for node in managers if node not in visible_managers] + [
        ast.unparse(n) for n in whole_tables
    ]


def assigned_names(line):
    targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
    return {getattr(target, "id", "") for target in targets}


def test_files_of_a_page_class_include_those_of_its_base_classes():
    page = next(address.view for address in every_address() if address.name == "triage:decline")

    files = {str(path.relative_to(settings.BASE_DIR)) for path in find_files(page)}

    assert files == {
        "bookings/triage/decline/views.py",
        "bookings/undo/preview_pages.py",
        "bookings/triage/frame.py",
        "bookings/decisions/pages.py",
        "bookings/decisions/flow.py",
    }


def test_staff_views_begin_every_query_with_visible_to():
    otherwise = {path: found for path in staff_modules() if (found := queries_without_visible_to(path.read_text()))}

    assert {path.name for path in staff_modules()} > {"flow.py", "lookups.py", "pages.py", "views.py", "walk_page.py"}
    assert otherwise == {}


@pytest.mark.parametrize(
    "line",
    [
        "Booking.objects.filter(pk=1)",
        "rows = Booking.objects",
        "Walk._default_manager.get(pk=1)",
        "get_object_or_404(Booking, pk=1)",
        "get_list_or_404(Walk)",
        "class Page(DetailView):\n    model = Booking",
        "class Page(DetailView):\n    queryset = Booking.objects.all()",
    ],
)
def test_check_finds_queries_without_visible_to(line):
    assert queries_without_visible_to(line)
    assert not queries_without_visible_to("get_object_or_404(Booking.objects.visible_to(user).for_detail_page(), pk=1)")
