"""She says whether others may join her walk."""

from django import forms


class MayJoinForm(forms.Form):
    may_join = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda said: said == "yes")
