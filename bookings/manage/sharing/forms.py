"""She says whether others may join her walk, or a guest whom we named to her."""

from django import forms


class SharingConsentForm(forms.Form):
    may_join = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda said: said == "yes")
    guest = forms.UUIDField(required=False)
