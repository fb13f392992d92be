"""Texts that administrators keep up to date: help contacts and statements."""

import datetime
import re

from django.db import models

from boroughs.models.officers import Officer
from walkandtalk.lib.choices import ChoiceField

_WEBSITE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+(/\S*)?")
_DIALLED = re.compile(r"\+?[0-9]{3,}")


class CheckedText(models.Model):
    """A text that somebody is responsible for, with the day when an administrator last checked it."""

    checked_on = models.DateField("last checked", null=True, editable=False)
    checked_by = models.ForeignKey(
        Officer, on_delete=models.SET_NULL, null=True, editable=False, related_name="+", verbose_name="checked by"
    )

    class Meta:
        abstract = True

    def set_checked(self, *, by: Officer, today: datetime.date) -> None:
        """Set that this administrator has checked it. The caller saves it."""
        self.checked_on, self.checked_by = today, by


class HelpContact(CheckedText):
    """A number or address that we give to women."""

    class Purpose(models.TextChoices):
        """The page that shows a help contact as well as the safety page."""

        ABUSE = "abuse", "Women hurt by a partner or family"
        CHILDREN = "children", "Girls under 18"
        PLACES = "places", "Marking a place that feels unsafe on a map"
        COMPLAIN = "complain", "Complaints about someone in the police"
        CITY = "city", "Walks in the City of London"

    name = models.CharField(max_length=80, unique=True)
    number = models.CharField("number or address", max_length=120)
    note = ChoiceField("when to use it", max_length=160, blank=True)
    purpose = ChoiceField(
        "has its place on pages for",
        max_length=12,
        choices=Purpose.choices,
        blank=True,
        default="",
        editable=False,
    )
    position = models.PositiveSmallIntegerField(default=100, help_text="Lower numbers come first.")
    owner = models.CharField(max_length=80, blank=True, help_text="The person who knows whether it still works.")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["purpose"], name="each_place_on_pages_has_one_contact", condition=~models.Q(purpose="")
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def href(self) -> str:
        """The link that a tap opens: a call or a website. Empty if the contact is neither."""
        dialled = self.number.replace(" ", "")
        if _DIALLED.fullmatch(dialled):
            return f"tel:{dialled}"
        return f"https://{self.number}" if _WEBSITE.fullmatch(self.number) else ""


class Statement(CheckedText):
    """The force's exact text about what happens to what a woman says."""

    class Code(models.TextChoices):
        CRIMES = "crimes", "Crimes that officers must record"
        CHILDREN = "children", "A child at risk"
        CAMERAS = "cameras", "Officers’ cameras"
        DETAILS = "details", "How her details are kept"
        COMPLAIN = "complain", "Complaining about an officer"
        UNIFORM = "uniform", "Whether officers wear uniform"

    code = ChoiceField("about", max_length=12, choices=Code.choices, unique=True, editable=False)
    text = models.CharField(
        max_length=300,
        blank=True,
        help_text="Leave it empty to show nothing. {number} becomes the number of the help contact for complaints.",
    )
    owner = models.CharField(max_length=80, blank=True, help_text="The person responsible for these words.")

    def __str__(self) -> str:
        return self.get_code_display()
