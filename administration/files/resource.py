"""The columns of a file of people, and how a row of it becomes a person. It checks and compares, and saves nothing."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models.functions import Lower
from import_export.fields import Field
from import_export.resources import ModelResource
from tablib import Dataset

from administration.files.cells import RANKS, ROLES, BCUCell, WardCell, Words, YesNo
from administration.files.sheets import COLUMNS, LINE, error_of_cell
from administration.proposals.validation import check_address
from boroughs.models.officers import Officer, Rank
from walkandtalk.lib.csv_cells import safe_cell

Row = dict[str, Any]

(NUMBER_TAKEN,) = [
    constraint for constraint in Officer._meta.constraints if constraint.name == "one_active_officer_a_shoulder_number"
]

CLOSED = "This account is closed. Take the line out, or let them sign in again first, on their own page."
CANT_CLOSE = "A file doesn’t close accounts. Close it on their own page, or tick them in the list."


class PeopleResource(ModelResource):
    """One person a row, found by work email. A column that is left out leaves everyone's value as it is."""

    rank = Field("rank", "rank", Words(RANKS, dict(Rank.choices), "Enter a rank, like PC."), saves_null_values=False)
    acting = Field("acting", "acting", YesNo("acting"))
    bcu = Field("bcu", "bcu", BCUCell())
    ward = Field("ward", "ward", WardCell(), readonly=True)  # a ward's name means something only within its BCU
    role = Field(
        "role", "role", Words(ROLES, dict(Officer.Role.choices), "Enter a role, like officer."), saves_null_values=False
    )
    leads_walks = Field("leads_walks", "leads_walks", YesNo("leads_walks"))
    signs_bsl = Field("signs_bsl", "signs_bsl", YesNo("signs_bsl"))
    can_sign_in = Field("is_active", "can_sign_in", YesNo("can_sign_in"), readonly=True)

    class Meta:
        model = Officer
        fields = COLUMNS  # nothing else of a person is read, compared or written
        import_id_fields = ("email",)
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True
        store_row_values = True

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        self.fields["bcu"].widget.load()
        self.fields["ward"].widget.load()
        self.people = people_in(dataset)
        self.first_lines: dict[tuple[str, str], int] = {}
        active = Officer.objects.filter(is_active=True).exclude(shoulder_number="")
        self.numbers_in_use = dict(active.values_list("shoulder_number", "pk"))
        self.kinds: dict[tuple[str, bool, bool], ValidationError | None] = {}

    def before_import_row(self, row: Row, **kwargs: Any) -> None:
        """Raise ValidationError for what is wrong with a row whoever it is about."""
        errors = [text for column, cell in row.items() if column != LINE and (text := error_of_cell(cell))]
        if errors:
            raise ValidationError(errors[0])
        if not row["email"]:
            raise ValidationError("Enter a work email.")
        self._require_first(row)
        person = self.people.get(row["email"].lower())
        if person is None:
            row["email"] = Officer.objects.normalize_email(row["email"])
            return
        row["email"] = person.email
        if not person.is_active:
            raise ValidationError(CLOSED)

    def _require_first(self, row: Row) -> None:
        number = row.get("shoulder_number", "").replace(" ", "").upper()
        for what, key in (("email", row["email"].lower()), ("shoulder number", number)):
            first = self.first_lines.setdefault((what, key), row[LINE])
            if key and first != row[LINE]:
                raise ValidationError(f"Line {first} has the same {what}. Keep one of them.")

    def get_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> Officer | None:
        return self.people.get(row["email"].lower())

    def init_instance(self, row: Any = None) -> Officer:
        return Officer(password=make_password(None))

    def import_instance(self, instance: Officer, row: Row, **kwargs: Any) -> None:
        bcu = instance.bcu
        errors: dict[str, ValidationError] = {}
        try:
            super().import_instance(instance, row, **kwargs)
            if row.get("can_sign_in") and not self.fields["can_sign_in"].clean(row):
                errors["can_sign_in"] = ValidationError(CANT_CLOSE)
            if "ward" in row:
                instance.ward = self.fields["ward"].widget.find(row["ward"], instance.bcu) if row["ward"] else None
            elif instance.bcu != bcu:
                instance.ward = None
        except ValueError as error:
            errors["ward"] = ValidationError(str(error))
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self, instance: Officer, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Apply the model's own rules, without a query for each line."""
        errors = dict(import_validation_errors or {})
        for check in (self._check_address, self._check_fields, self._check_number, self._check_constraints):
            try:
                check(instance, errors)
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def _check_address(self, instance: Officer, errors: Mapping[str, object]) -> None:
        if instance.email.lower() in self.people:
            return
        try:
            check_address(instance.email, before="")
        except ValidationError as error:
            raise ValidationError({"email": error}) from error

    def _check_fields(self, instance: Officer, errors: Mapping[str, object]) -> None:
        instance.clean_fields(exclude={"password", "bcu", "ward", *errors})
        instance.clean()

    def _check_number(self, instance: Officer, errors: Mapping[str, object]) -> None:
        if self.numbers_in_use.get(instance.shoulder_number, instance.pk) != instance.pk:
            raise ValidationError({"shoulder_number": NUMBER_TAKEN.violation_error_message})

    def _check_constraints(self, instance: Officer, errors: Mapping[str, object]) -> None:
        """Ask the database once for each kind of person, because a constraint on one row costs three queries."""
        if {"role", "bcu", "leads_walks"} & set(errors):
            return
        kind = (instance.role, instance.bcu is None, instance.leads_walks)
        if kind not in self.kinds:
            try:
                instance.validate_constraints(exclude={"email", "shoulder_number"})
                self.kinds[kind] = None
            except ValidationError as error:
                self.kinds[kind] = error
        if (known := self.kinds[kind]) is not None:
            raise ValidationError({NON_FIELD_ERRORS: known.messages})

    def save_instance(self, instance: Officer, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save nothing: what changes goes through the same actions as by hand."""

    def after_import(self, dataset: Dataset, result: Any, **kwargs: Any) -> None:
        """Leave the sequence of ids alone, which the library would set after rows were made."""

    def save_m2m(self, instance: Officer, row: Any, **kwargs: Any) -> None:
        """Save nothing."""

    def export_field(self, field: Field, instance: Officer, **kwargs: Any) -> str:
        return safe_cell(str(super().export_field(field, instance, **kwargs)))


def people_in(dataset: Dataset) -> dict[str, Officer]:
    """Return those who are here already, by work email in lower case."""
    emails = {email.lower() for email in dataset["email"]}
    here = Officer.objects.alias(lower_email=Lower("email")).filter(lower_email__in=emails)
    return {officer.email.lower(): officer for officer in here.select_related("bcu", "ward")}
