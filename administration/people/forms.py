"""The forms that add someone, or propose to change what someone may do."""

from typing import Any

from django import forms

from administration.models import ProposedChange
from administration.proposals.actions import Change
from administration.proposals.forms import ProposeForm, ProposeRowForm
from administration.proposals.validation import check_address
from administration.proposals.values import Subject, Values, read
from boroughs.models.officers import Officer
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

ROLE_HINTS = {
    Officer.Role.OFFICER.value: "Sees the walks assigned to them",
    Officer.Role.INSPECTOR.value: "Approves requests and schedules walks of one BCU",
    Officer.Role.LEAD.value: "Reads figures of all BCUs",
    Officer.Role.ADMINISTRATOR.value: "Looks after accounts, BCUs and texts, and reads nothing about requesters",
    Officer.Role.AUDITOR.value: "Reads the logs, and answers to professional standards",
    Officer.Role.CONTROL_ROOM.value: "Checks officers for a woman who rings 101",
}
LABELS = {"email": "Work email", "bcu": "BCU", "leads_walks": "Female neighbourhood officer who leads walks"}
NO_BCU = "Select a BCU for an officer or inspector"
ERRORS = {
    "email": {"required": "Enter their work email", "invalid": "Enter an email address, like name@example.com"},
    "name": {"required": "Enter their name"},
    "role": {"required": "Select their role"},
    "rank": {"required": "Select their rank"},
}


class PowersForm(ProposeRowForm):
    """Role, BCU, walks and address of one person."""

    kind = ProposedChange.Kind.ACCOUNT

    class Meta:
        model = Officer
        fields: tuple[str, ...] = ("role", "bcu", "leads_walks", "email")
        labels = LABELS
        error_messages = ERRORS
        widgets = {"role": forms.RadioSelect}
        help_texts = {
            "email": "We’ll tell the address that they have now, too.",
            "bcu": "Only moving an officer? Use “Move to another BCU”: one administrator is enough.",
        }

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["bcu"].empty_label = "Select a BCU"  # type: ignore[attr-defined]
        if self.instance.role != Officer.Role.OFFICER or self.instance.pk is None:
            self.fields["bcu"].help_text = "Officers and inspectors need one."

    def _get_validation_exclusions(self) -> set[str]:
        """Leave out what is wrong already, so that a missing BCU is said once, beside its question."""
        return super()._get_validation_exclusions() | set(self.errors)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        needs_bcu = answers.get("role") in (Officer.Role.OFFICER, Officer.Role.INSPECTOR)
        if needs_bcu and answers.get("bcu") is None and "bcu" not in self.errors:
            self.add_error("bcu", NO_BCU)
        return answers

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        check_address(email, before=self.initial.get("email", ""))
        return email

    def question(self) -> LayoutObject:
        return Layout(
            Question("role", small=True, hints=ROLE_HINTS),
            Question("bcu", size="s", optional=False),
            Question("leads_walks"),
            Question("email", size="s"),
            Question("reason", size="s"),
        )


class AddPersonForm(PowersForm):
    """Someone new. An officer gets an invitation at once, and anyone else when another administrator has agreed."""

    button = "Continue"
    kind = ProposedChange.Kind.NEW_ACCOUNT

    class Meta(PowersForm.Meta):
        fields = ("name", "email", "rank", "acting", "shoulder_number", "role", "bcu", "leads_walks")
        labels = {**LABELS, "acting": "Acting in this rank"}
        help_texts: dict[str, str] = {}

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].required = False
        self.fields["reason"].label = "Why is this needed? (for every role but officer, and to lead walks)"

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if not answers.get("reason") and (answers.get("role") != Officer.Role.OFFICER or answers.get("leads_walks")):
            self.add_error("reason", "Enter why this is needed")
        return answers

    def values(self) -> Values:
        return read(self.instance, self.names)

    def question(self) -> LayoutObject:
        return Layout(
            Question("name", size="s"),
            Question("email", size="s"),
            Question("rank", size="s"),
            Question("acting"),
            Question("shoulder_number", size="s", width="10"),
            Question("role", small=True, size="s", hints=ROLE_HINTS),
            Question("bcu", size="s", optional=False),
            Question("leads_walks"),
            Question(
                "reason",
                size="s",
                optional=False,
                hint="Another administrator and the auditor read this. Write nothing about a requester.",
            ),
        )


class ReopenForm(ProposeForm):
    kind = ProposedChange.Kind.REOPENING

    def change(self, subject: Subject) -> Change:
        return Change(kind=self.kind, subject=subject, after={"is_active": True})


class StartAgainForm(ProposeForm):
    kind = ProposedChange.Kind.SECOND_FACTOR
