"""The form with which a requester says whether other women, or a guest we named, may join her walk."""

from uuid import UUID

from django import forms


class SharingConsentForm(forms.Form):
    may_join = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda answer: answer == "yes")
    guest = forms.UUIDField(required=False)

    @property
    def says_yes(self) -> bool:
        return bool(self.cleaned_data["may_join"])

    @property
    def guest_pk(self) -> UUID | None:
        """Return the guest whom the answer is about, or None if it is about other women."""
        pk: UUID | None = self.cleaned_data["guest"]
        return pk
