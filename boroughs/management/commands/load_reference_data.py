from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.text import slugify

from boroughs.geography.postcodes import CITY_OF_LONDON, CITY_OF_LONDON_POLICE, METROPOLITAN_POLICE
from boroughs.help_contacts import initial_help_contacts
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import (
    auditors_inbox_belongs_to,
    bcus_without_nominated_inspector,
    conduct_inbox_belongs_to,
)
from boroughs.models.texts import HelpContact, Statement
from boroughs.reference import borough_names, rows, units


class Command(BaseCommand):
    help = "Add missing BCUs, boroughs, wards, help contacts and statements. Existing rows are not changed."

    @transaction.atomic
    def handle(self, **options: Any) -> None:
        load_units()
        load_boroughs()
        load_wards()
        load_help_contacts()
        load_statements()
        self.stdout.write(
            f"{BoroughCommandUnit.objects.count()} BCUs, {Borough.objects.count()} boroughs, "
            f"{Ward.objects.count()} wards, {HelpContact.objects.count()} help contacts."
        )
        if closed := [bcu.code for bcu in BoroughCommandUnit.objects.order_by("code") if bcu.awaits_contacts]:
            self.stderr.write(f"Closed until their inbox and duty number are set: {', '.join(closed)}.")
        if without := bcus_without_nominated_inspector():
            self.stderr.write(f"In the admin, choose a nominated inspector for: {', '.join(without)}.")
        if (reader := auditors_inbox_belongs_to(settings.AUDITOR_EMAIL)) is not None:
            role = reader.get_role_display().lower()
            self.stderr.write(f"AUDITOR_EMAIL is the address of an {role}. Choose an inbox that only auditors read.")
        is_teams = BoroughCommandUnit.objects.filter(inbox__iexact=settings.CONDUCT_INBOX).exists()
        if is_teams or conduct_inbox_belongs_to(settings.CONDUCT_INBOX) is not None:
            self.stderr.write("CONDUCT_INBOX is read by staff. Choose an inbox that only professional standards read.")


def load_units() -> None:
    BoroughCommandUnit.objects.bulk_create(
        [
            BoroughCommandUnit(
                code=unit.code,
                name=unit.name,
                slug=slugify(unit.name),
                # Placeholders reserved for fiction and examples: they reach nobody until an administrator changes them.
                inbox=f"{unit.code.lower()}.walkandtalk@example.com",
                duty_number=f"020 7946 0{100 + place}",
            )
            for place, unit in enumerate(units(), start=1)
        ],
        ignore_conflicts=True,
    )


def load_boroughs() -> None:
    bcus = {bcu.code: bcu for bcu in BoroughCommandUnit.objects.all()}
    bcu_of = {name: bcus[unit.code] for unit in units() for name in unit.boroughs}
    Borough.objects.bulk_create(
        [
            Borough(
                gss=gss,
                slug=slugify(name),
                name=name,
                bcu=bcu_of.get(name),
                force=CITY_OF_LONDON_POLICE if gss == CITY_OF_LONDON else METROPOLITAN_POLICE,
            )
            for gss, name in borough_names().items()
        ],
        ignore_conflicts=True,
    )


def load_wards() -> None:
    boroughs = {borough.gss: borough for borough in Borough.objects.all()}
    Ward.objects.bulk_create(
        [
            Ward(
                gss=row["gss"],
                name=row["name"],
                former_name=row["former_name"],
                borough=boroughs[row["borough_gss"]],
            )
            for row in rows("wards.csv")
        ],
        ignore_conflicts=True,
    )


def load_statements() -> None:
    Statement.objects.bulk_create(
        [Statement(code=row["code"], text=row["text"], owner=row["owner"]) for row in rows("statements.csv")],
        ignore_conflicts=True,
    )


def load_help_contacts() -> None:
    # Only into an empty table: a number that someone deleted as wrong, or renamed, must not come back.
    if HelpContact.objects.exists():
        return
    HelpContact.objects.bulk_create(initial_help_contacts())
