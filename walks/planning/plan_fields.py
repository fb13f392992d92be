"""Form fields that single walks and recurring walks share."""

from django import forms

from walkandtalk.lib.govuk.forms import ClockTimeField, PageForm

SHORTEST, LONGEST = 10, 240
"""Minutes, the same as in the constraints of `Walk` and `RecurringWalk`."""


class WalkDetailsFields(PageForm):
    start = ClockTimeField(label="Start, London time", subject="Start", help_text="For example, 6:30pm")
    minutes = forms.IntegerField(
        label="Length",
        min_value=SHORTEST,
        max_value=LONGEST,
        error_messages={
            "required": "Enter the length in minutes",
            "invalid": "Length must be a whole number of minutes, like 60",
            "min_value": f"Length must be between {SHORTEST} and {LONGEST} minutes",
            "max_value": f"Length must be between {SHORTEST} and {LONGEST} minutes",
        },
    )
    meeting_place = forms.CharField(
        label="Meet at",
        help_text="An exact spot that she can find in the dark: “Peckham Rye station, by the flower stall”.",
        max_length=300,
        widget=forms.Textarea,
        error_messages={"required": "Enter the exact spot where she will meet the officers"},
    )
    finish_place = forms.CharField(
        label="Finish place",
        help_text="Back at the start, or where the officers take her.",
        max_length=300,
        error_messages={"required": "Enter where the walk finishes"},
    )
    duty_number = forms.CharField(
        label="Duty number",
        help_text="Answered from an hour before the walk to an hour after it. She and the officers get it.",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": "Enter the number that is answered on the day"},
    )
