from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boroughs.easy_read.lines import EasyReadPage, Line, Section


def _in_danger() -> Section:
    return Section(
        _("If you’re in danger"),
        (
            Line("call-999", _("In danger now? Call 999.")),
            Line("press-55", _("Can’t speak? Call 999 from a mobile. Listen. Then press 55.")),
            Line("not-where", _("Pressing 55 doesn’t tell them where you are.")),
            Line("sign-language", _("Do you use **British Sign Language**? Go to 999bsl.co.uk.")),
        ),
    )


def _phone_or_computer() -> Section:
    return Section(
        _("If someone looks at your phone or computer"),
        (
            Line("exit", _("Press **Exit this page** to leave this website at once.")),
            Line("history", _("It doesn’t clear your **history**, the list of websites you looked at.")),
            Line("private-window", _("A **private window** doesn’t keep a history.")),
            Line("watched-phone", _("Some phones have apps that show someone else what you do.")),
            Line("library", _("Or use a computer at a library, or a friend’s phone.")),
        ),
    )


def _emails() -> Section:
    return Section(
        _("Emails from us"),
        (
            Line("no-email", _("You choose how we contact you. You can ask for no emails.")),
            Line("private-email", _("You can ask for emails that don’t mention us or a walk.")),
            Line("bin", _("Delete our emails. Then delete them from the bin too.")),
        ),
    )


def _officers() -> Section:
    return Section(
        _("How to know the officers"),
        (
            Line("officer-name", _("We’ll tell you the officers’ names.")),
            Line("secret-words", _("We’ll tell you secret words. An officer will say or show them.")),
            Line("warrant-card", _("Ask an officer for her **warrant card**. It shows she’s a police officer.")),
            Line("leave", _("If it feels wrong, leave. In danger, call 999.")),
        ),
    )


def _checking() -> Section:
    return Section(
        _("How to check by phone"),
        (
            Line("call-101", _("You can call 101, the police number, to check the officers.")),
            Line("reference", _("Say your **reference**, the code we gave you, and the secret words.")),
            Line("two-hours", _("You can check from 2 hours before the walk until 2 hours after.")),
            Line("hang-up", _("Does someone call and say they’re police? Hang up. Wait 5 minutes. Call 101.")),
        ),
    )


STAYING_SAFE = EasyReadPage(
    slug="staying-safe",
    title=gettext_lazy("Staying safe"),
    picture="call-999",
    parts=(_in_danger, _phone_or_computer, _emails, _officers, _checking),
)
