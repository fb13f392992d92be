"""The form that proposes how a partner is reached, and the admin's form for everything else about them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from administration.models import PARTNER_LABELS, ProposedChange
from administration.proposals.actions import Change
from administration.proposals.forms import EveryRuleForm, ProposeRowForm
from administration.proposals.values import Subject, read, seal
from boroughs import taxonomy
from partners.models.partners import Partner
from walkandtalk.lib.govuk.layout import Layout, LayoutObject, Question

SERVICE_LINE = "Enter each service on its own line, like lighting: STREETLIGHT"


class ContactsForm(ProposeRowForm):
    kind = ProposedChange.Kind.PARTNER

    api_key = forms.CharField(
        label="New key for Open311",
        help_text="Leave it empty to keep the key. If you change the address for Open311, enter the key again.",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    class Meta:
        model = Partner
        fields = ("name", "inbox", "phone", "endpoint", "is_active")
        labels = PARTNER_LABELS | {"is_active": "We refer places to this partner"}
        error_messages = {"name": {"required": "Enter the name of the organisation"}}

    @property
    def names(self) -> list[str]:
        return list(self.Meta.fields)

    def change(self, subject: Subject) -> Change:
        """Return what the answers ask for. A key that was given for one server is never sent to another."""
        after = read(self.instance, self.names)
        if key := self.cleaned_data["api_key"]:
            after["api_key"] = seal(key)
        elif "endpoint" in self.changed_data:
            after["api_key"] = ""
        return Change(kind=self.kind, subject=subject, after=after)

    def question(self) -> LayoutObject:
        first, switch = ("name", "inbox", "phone", "endpoint", "api_key"), Question("is_active")
        return Layout(
            *(Question(name, size="s", optional=False) for name in first), switch, Question("reason", size="s")
        )


class ServicesField(forms.CharField):
    """The services of a partner's Open311 server, one a line, as a mapping from our kind to their code."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{kind}: {code}" for kind, code in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        services: dict[str, str] = {}
        for line in filter(None, map(str.strip, str(value or "").splitlines())):
            kind, colon, code = (part.strip() for part in line.partition(":"))
            if not colon or not code or kind in services:
                raise ValidationError(SERVICE_LINE)
            services[kind] = code
        return services

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or {}))
        except ValidationError:
            return True

    def validate(self, value: Any) -> None:
        """Leave the rest to the model, whose field knows the kinds."""

    def run_validators(self, value: Any) -> None:
        """The same."""


class PartnerForm(EveryRuleForm):
    """Everything about a partner that one administrator may change."""

    kinds = forms.MultipleChoiceField(
        label="Kinds of concern",
        choices=lambda: [(kind.code, kind.label) for kind in taxonomy.kinds().values()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    services = ServicesField(
        label="Open311 services",
        required=False,
        help_text=f"One on each line: our kind, a colon and their service code, like lighting: STREETLIGHT. "
        f"Our kinds are {', '.join(taxonomy.kinds())}.",
    )
