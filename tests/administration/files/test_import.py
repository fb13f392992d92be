"""People from a file: what is read, what is refused, and what one administrator can't do with it."""

import datetime
import io
import zipfile

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import SecurityEvent
from accounts.models import SecurityEventKind as Kind
from administration.files.previews import LIFETIME
from administration.files.resource import CANT_CLOSE
from administration.files.sheets import MOST_ROWS
from administration.models import Proposal, ProposedChange
from administration.proposals.actions import agree
from audit.alerts.findings import findings
from boroughs.models.officers import Officer
from outbox.models import Message
from tests.support.concurrency import run_concurrently
from tests.support.factories import InspectorFactory, OfficerFactory, WardFactory
from tests.support.people import make_administrator
from tests.support.people_files import HEADERS, as_csv, as_xlsx, confirm, good_rows, refused_lines, upload
from tests.support.staff_client import StaffClient
from walkandtalk.lib.force_sign_in import ForceSignIn

pytestmark = pytest.mark.django_db

MINUTE = datetime.timedelta(minutes=1)

FORCE = ForceSignIn(
    issuer="https://force.example",
    client_id="walkandtalk",
    client_secret="s" * 32,
    name="Met sign-in",
    second_factor_claim="amr",
    second_factor_values=frozenset({"mfa"}),
    member_claim="roles",
    member_values=frozenset({"WalkAndTalk"}),
    break_glass_email="emergency@example.com",
)

Role = Officer.Role
FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


def written(kind):
    return Message.objects.filter(kind=kind)


@pytest.mark.parametrize("form", FORMATS)
def test_import_adds_25_officers_and_proposes_that_they_lead_walks(form, as_administrator, administrator, bcu):
    page = upload(as_administrator, FORMATS[form](good_rows(leads_walks="x")))
    assert not Officer.objects.filter(email__startswith="new").exists()
    done = confirm(as_administrator, page)

    new = Officer.objects.filter(email__startswith="new", bcu=bcu, rank="pc", role=Role.OFFICER)
    assert new.count() == 25
    assert not new.filter(leads_walks=True).exists()
    assert {message.recipient for message in written("account_invited")} == {officer.email for officer in new}
    assert written("account_invited").count() == 25
    proposal = Proposal.objects.get()
    assert [change.after for change in proposal.changes.all()] == [{"leads_walks": True}] * 25
    assert done.redirect_chain[-1][0] == f"/staff/proposals/{proposal.pk}/"
    assert SecurityEvent.objects.get(kind=Kind.PEOPLE_IMPORTED).count == 25
    assert SecurityEvent.objects.filter(kind=Kind.ACCOUNT_CREATED).count() == 25
    assert LogEntry.objects.filter(user=administrator).count() == 25


BAD = {
    "email twice": (["new1@example.com"], "Line 2 has the same email. Keep one of them."),
    "shoulder number twice": ([..., ..., ..., "201AS"], "Line 2 has the same shoulder number. Keep one of them."),
    "no email": ([""], "Enter a work email."),
    "no address": (["nia"], "Enter a work email in the right form, like name@example.com."),
    "no name": ([..., ""], "Enter a name."),
    "rank": ([..., ..., "Wizard"], "Enter a rank, like PC. “Wizard” isn’t one."),
    "shoulder number": (
        [..., ..., ..., "AS"],
        "Enter 1 to 4 digits and 1 or 2 letters, for example 123AS or AS123.",
    ),
    "BCU": ([..., ..., ..., ..., "Atlantis"], "Enter the code or the name of a BCU. “Atlantis” isn’t one."),
    "no BCU": ([..., ..., ..., ..., ""], "Select a BCU for an officer or inspector."),
    "yes or no": ([..., ..., ..., ..., ..., ..., "maybe"], "Enter yes or no for “leads_walks”. “maybe” is neither."),
    "taken shoulder number": (
        [..., ..., ..., "11AS"],
        "Another active officer already has this shoulder number.",
    ),
    "closed account": (
        ["left@example.com"],
        "This account is closed. Take the line out, or let them sign in again first, on their own page.",
    ),
    "emergencies": (
        ["emergency@example.com"],
        "Enter another address. This one is reserved for the account for emergencies.",
    ),
    "lead who walks": (
        [..., ..., ..., ..., ..., "lead", "yes"],
        "Only officers and inspectors can lead walks. Clear that tick.",
    ),
    "formula": ([..., "=1+1"], "Enter a value, not a formula. A cell must not begin with “=”."),
    "two lines": ([..., "Nia\nNew"], "Enter the text of each cell in one line."),
}


@pytest.mark.parametrize("form", FORMATS)
def test_import_says_what_is_wrong_with_each_line_and_saves_nothing(form, as_administrator, officer, settings):
    settings.FORCE_SIGN_IN = FORCE
    OfficerFactory(email="left@example.com", is_active=False)
    people = Officer.objects.count()
    good = good_rows()
    bad = good_rows(25 + len(BAD))[25:]
    for row, (cells, _words) in zip(bad, BAD.values(), strict=True):
        row[: len(cells)] = [old if new is ... else new for old, new in zip(row, cells, strict=False)]

    page = upload(as_administrator, FORMATS[form]([*good, *bad]))

    assert refused_lines(page) == {line: words for line, (_cells, words) in enumerate(BAD.values(), 27)}
    done = confirm(as_administrator, page)
    assert done.status_code == 409
    assert Officer.objects.count() == people
    assert not Message.objects.exists()


FILES = {
    "no columns": (b"Ada,Lovelace\n1,2", "We don’t know the column “Ada”."),
    "no email": (b"name\nAda", "Name the columns in the first line, and “email” among them."),
    "twice": (b"email,work email\na@example.com,b@example.com", "The column “email” is there twice."),
    "nothing": (b"email,name\n\n", "This file has no lines below the names of its columns."),
    "more cells": (b"email,name\na@example.com,Ada,PC", "Line 2 has more cells than the first line has columns."),
    "quotes": (b'email,name\n"a@example.com,Ada', "The quotation marks in this file don’t match."),
    "binary": (b"\x00\x01\x02", "We can’t read this file."),
    "broken workbook": (b"PK\x03\x04 nothing", "We can’t read this file."),
    "many lines": (as_csv(good_rows(MOST_ROWS + 1)), "Upload at most 100 lines at a time."),
    "many rows": (as_xlsx(good_rows(MOST_ROWS + 1)), "Upload at most 100 lines at a time."),
    "large": (b"email\n" + b" " * 1024 * 1024, "Upload a file of 1 MB or less."),
}


@pytest.mark.parametrize("name", FILES)
def test_upload_refuses_what_is_no_list_of_people(name, as_administrator):
    content, words = FILES[name]

    page = upload(as_administrator, content)

    assert page.status_code == 422
    assert words in str(page.context["form"].errors)


def test_upload_refuses_a_workbook_that_unpacks_to_far_more(as_administrator):
    bomb = io.BytesIO(as_xlsx(good_rows(1)))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.bin", b"\0" * 30 * 1024 * 1024)
    assert len(bomb.getvalue()) < 100_000

    page = upload(as_administrator, bomb.getvalue())

    assert "unpacks to far more" in str(page.context["form"].errors)


def test_import_reads_words_as_people_write_them(as_administrator, bcu, southwark):
    ward = WardFactory(borough=southwark)
    headers = [
        "E-mail address".replace("E-mail", "Email"),
        "name",
        "rank",
        "bcu",
        "ward",
        "role",
        "signs BSL",
        "Acting",
    ]
    row = ["Nia@Example.COM", "Nia New", "police constable", "central south", ward.name.upper(), "Officer", "X", ""]

    confirm(as_administrator, upload(as_administrator, as_xlsx([row], headers)))

    nia = Officer.objects.get(email="Nia@example.com")
    assert (nia.rank, nia.bcu, nia.ward, nia.role, nia.signs_bsl, nia.acting) == (
        "pc",
        bcu,
        ward,
        "officer",
        True,
        False,
    )


def test_import_shows_the_difference_and_changes_it(as_administrator, officer, second_officer, camden):
    rows = [[officer.email.upper(), "Olive Married", "CN"], [second_officer.email, second_officer.name, "AS"]]

    page = upload(as_administrator, as_csv(rows, ["email", "name", "bcu"]))
    plan = page.context["plan"]
    (planned,) = plan.people
    assert (planned.before, planned.after) == (
        {"name": "Olive Officer", "bcu": "AS"},
        {"name": "Olive Married", "bcu": "CN"},
    )
    assert plan.unchanged == 1
    confirm(as_administrator, page, has_rung="on")

    officer.refresh_from_db()
    assert (officer.name, officer.bcu, officer.email) == ("Olive Married", camden.bcu, officer.email.lower())
    assert not Proposal.objects.exists()
    assert SecurityEvent.objects.filter(kind__in=[Kind.BCU_CHANGED, Kind.ACCOUNT_CHANGED], subject=officer).count() == 2
    assert {message.recipient for message in written("account_moved")} == {officer.email}


# --- What one administrator can't do with a file ----------------------------------------------------------------------

ABUSES = {
    "make an administrator": ["friend@example.com", "Fay Friend", "PC", "", "", "administrator", "no"],
    "make an inspector": ["friend@example.com", "Fay Friend", "Inspector", "", "AS", "inspector", "no"],
    "promote": ["olive@example.com", "Olive Officer", "PC", "11AS", "AS", "inspector", "yes"],
    "let someone lead walks": ["petra@example.com", "Petra Partner", "PC", "12AS", "AS", "officer", "yes"],
    "move an inspector": ["ines@example.com", "Ines Inspector", "Inspector", "", "CN", "inspector", "no"],
}


@pytest.mark.parametrize("abuse", ABUSES)
def test_import_gives_no_power_without_a_second_administrator(abuse, as_administrator, bcu, camden):
    OfficerFactory(bcu=bcu, email="olive@example.com", name="Olive Officer", shoulder_number="11AS")
    OfficerFactory(bcu=bcu, email="petra@example.com", name="Petra Partner", shoulder_number="12AS", leads_walks=False)
    InspectorFactory(bcu=bcu, email="ines@example.com", name="Ines Inspector")
    before = set(Officer.objects.values_list("email", "role", "leads_walks", "bcu"))

    confirm(as_administrator, upload(as_administrator, as_csv([ABUSES[abuse]])))

    assert set(Officer.objects.values_list("email", "role", "leads_walks", "bcu")) == before
    agree(Proposal.objects.get(), by=make_administrator())
    changed = set(Officer.objects.values_list("email", "role", "leads_walks", "bcu"))
    assert len(changed - before) == 2  # this change, and the administrator who agreed


def test_import_makes_one_proposal_of_everything_that_gives_power(as_administrator, officer, inspector, camden):
    rows = [*ABUSES.values()][:2]
    rows[1] = ["other@example.com", *rows[1][1:]]
    rows.append([officer.email, officer.name, "PC", "11AS", "AS", "officer", "no"])
    rows.append([inspector.email, inspector.name, "Inspector", "", "CN", "inspector", "no"])

    confirm(as_administrator, upload(as_administrator, as_csv(rows)))

    kinds = [change.kind for change in Proposal.objects.get().changes.all()]
    assert sorted(kinds) == sorted([ProposedChange.Kind.NEW_ACCOUNT] * 2 + [ProposedChange.Kind.ACCOUNT] * 2)


def test_import_always_asks_why(as_administrator, officer):
    page = upload(as_administrator, as_csv([[officer.email, "Grace Good"]], ["email", "name"]))

    answer = confirm(as_administrator, page, reason=" ")
    confirm(as_administrator, answer, reason="She married")

    assert "Enter why this is needed" in str(answer.context["form"].errors)
    assert [line.reason for line in SecurityEvent.objects.filter(kind=Kind.PEOPLE_IMPORTED)] == ["She married"]


def test_auditor_is_told_of_each_name_that_a_file_changes(as_administrator, officer):
    confirm(as_administrator, upload(as_administrator, as_csv([[officer.email, "Grace Good"]], ["email", "name"])))

    told = [(found.what, found.whose) for found in findings(timezone.now())]

    renamed = f"PC Grace Good, {officer.shoulder_number}, {officer.bcu.name}"
    assert told == [(Kind.PEOPLE_IMPORTED.label, ""), (Kind.ACCOUNT_CHANGED.label, renamed)]


def test_import_never_names_or_compares_other_fields(as_administrator, officer):
    for column in ("access_version", "password", "is_active", "kept_off_walks_at", "last_login"):
        page = upload(as_administrator, as_csv([[officer.email, "1"]], ["email", column]))
        assert "We don’t know the column" in str(page.context["form"].errors)


def test_import_closes_no_account(as_administrator, officer):
    page = upload(as_administrator, as_csv([[officer.email, "no"]], ["email", "can_sign_in"]))

    assert refused_lines(page) == {2: CANT_CLOSE}


# --- Previews ---------------------------------------------------------------------------------------------------------


def test_preview_ends_after_an_hour(as_administrator, bcu, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 2 * 60 * 60  # so that nothing else ends before
    page = upload(as_administrator, as_csv(good_rows(1)))

    now = timezone.now()
    for minutes in (14, 28, 42, 56):  # the session stays open
        with time_machine.travel(now + minutes * MINUTE):
            assert as_administrator.get("/staff/people/import/check/").status_code == 200
    with time_machine.travel(now + LIFETIME):
        answer = confirm(as_administrator, page)

    assert "There is nothing to import" in answer.content.decode()
    assert not Officer.objects.filter(email="new1@example.com").exists()


def test_preview_opens_in_no_other_session_and_only_once(as_administrator, bcu):
    other = StaffClient()
    other.force_login(make_administrator())
    page = upload(as_administrator, as_csv(good_rows(1)))

    assert confirm(other, page).redirect_chain[-1][0] == "/staff/people/import/"
    assert not Officer.objects.filter(email="new1@example.com").exists()
    confirm(as_administrator, page)
    assert Officer.objects.filter(email="new1@example.com").exists()
    assert confirm(as_administrator, page).redirect_chain[-1][0] == "/staff/people/import/"


def test_import_does_only_what_the_administrator_read(as_administrator, officer):
    page = upload(as_administrator, as_csv([[officer.email, "Olive Married"]], ["email", "name"]))
    Officer.objects.filter(pk=officer.pk).update(name="Olive Other")

    answer = confirm(as_administrator, page)

    assert answer.status_code == 409
    officer.refresh_from_db()
    assert officer.name == "Olive Other"
    confirm(as_administrator, answer)
    officer.refresh_from_db()
    assert officer.name == "Olive Married"


def test_two_administrators_import_the_same_file_at_once(as_administrator, bcu):
    other = StaffClient()
    other.force_login(make_administrator())
    pages = [(client, upload(client, as_csv(good_rows(2)))) for client in (as_administrator, other)]

    first, second = [confirm(client, page) for client, page in pages]

    assert second.status_code == 409
    assert "Something has changed since you read this" in second.content.decode()
    assert Officer.objects.filter(email__startswith="new").count() == written("account_invited").count() == 2
    assert first.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_administrators_press_at_the_same_moment(as_administrator, bcu):
    other = StaffClient()
    other.force_login(make_administrator())
    pages = [(client, upload(client, as_csv(good_rows(2)))) for client in (as_administrator, other)]

    answers = run_concurrently(*(lambda pair=pair: confirm(*pair).status_code for pair in pages))

    assert sorted(answers) == [200, 409]
    assert Officer.objects.filter(email__startswith="new").count() == written("account_invited").count() == 2


def test_auditor_gets_one_message_for_a_file(as_administrator, bcu):
    confirm(as_administrator, upload(as_administrator, as_csv(good_rows(leads_walks="yes"))))

    assert [found.what for found in findings(timezone.now())] == [Kind.PEOPLE_IMPORTED.label, Kind.PROPOSED.label]


def test_import_refuses_what_is_proposed_already(as_administrator, bcu):
    row = ABUSES["make an inspector"]
    confirm(as_administrator, upload(as_administrator, as_csv([row])))

    page = upload(as_administrator, as_csv([row]))

    assert "already proposed" in refused_lines(page)[2]


def test_columns_of_a_file_are_those_of_the_empty_file(as_administrator):
    names = as_administrator.get("/staff/people/import/empty.csv").content.decode("utf-8-sig").strip().split(",")

    page = upload(as_administrator, as_csv([["new@example.com", *[""] * (len(names) - 1)]], names))

    assert refused_lines(page) == {2: "Enter a name. Select a BCU for an officer or inspector."}
    assert {name.lower().replace(" ", "_") for name in HEADERS} <= set(names)


def test_upload_page_opens_without_a_mistake(as_administrator):
    page = as_administrator.get("/staff/people/import/")

    assert page.status_code == 200
    assert 'enctype="multipart/form-data"' in page.content.decode()
