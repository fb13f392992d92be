"""What an administrator keeps true: who can help, and what happens to what women say."""

from django.db import models


class HelpContact(models.Model):
    """A number or address that we give to women, with the day on which somebody last checked it."""

    name = models.CharField(max_length=80, unique=True)
    number = models.CharField("number or address", max_length=120)
    note = models.CharField("when to use it", max_length=160, blank=True)
    position = models.PositiveSmallIntegerField(default=100, help_text="Lower comes first.")
    last_checked = models.DateField(null=True, blank=True)
    owner = models.CharField(max_length=80, blank=True, help_text="Who checks that it still works.")

    def __str__(self) -> str:
        return self.name


class Statement(models.Model):
    """What happens to what she says, in the force's exact words, with the day on which somebody last checked them."""

    class Code(models.TextChoices):
        CRIMES = "crimes", "Crimes that officers must record"
        CHILDREN = "children", "A child at risk"
        CAMERAS = "cameras", "Officers’ cameras"
        DETAILS = "details", "How her details are kept"
        COMPLAIN = "complain", "Complaining about an officer"
        UNIFORM = "uniform", "Whether officers wear uniform"

    code = models.CharField("about", max_length=12, choices=Code.choices, unique=True, editable=False)
    text = models.CharField(max_length=300, blank=True, help_text="Leave it empty to say nothing of it.")
    owner = models.CharField(max_length=80, blank=True, help_text="Who answers for these words.")
    last_checked = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_code_display()
