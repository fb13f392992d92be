from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from boroughs.easy_read.lines import EasyReadPage, Line, Section
from boroughs.public_pages.areas import slowest_answer_days


def _about_walks() -> Section:
    return Section(
        _("What it is"),
        (
            Line("walk", _("**Walk and Talk** is a walk with women police officers.")),
            Line("dark-place", _("You walk through a place where you feel unsafe.")),
            Line("women", _("You can ask if you’re a woman aged 18 or over.")),
            Line("london", _("You can ask if you live or work in London.")),
            Line("free", _("It’s free. You pay nothing.")),
        ),
    )


def _asking() -> Section:
    phone = settings.ORGANISATION.phone
    return Section(
        _("How to ask for a walk"),
        (
            Line("form", _("Fill in the form on this website.")),
            Line("phone", _("Or call us: %(number)s.") % {"number": phone}),
            Line("place", _("Tell us the place where you feel unsafe.")),
            Line("times", _("Tell us 1, 2 or 3 times when you could walk.")),
            Line("safe-contact", _("Tell us a safe way to contact you.")),
            Line("no-steps", _("Tell us what you need, like a walk without steps.")),
        ),
    )


def _answers() -> Section:
    days = slowest_answer_days()
    answer = ngettext(
        "We’ll answer within %(days)s **working day**.", "We’ll answer within %(days)s **working days**.", days
    )
    return Section(
        _("What happens next"),
        (
            Line("check", _("An **inspector** reads what you ask for.")),
            Line("inspector", _("An inspector is a police officer who plans walks.")),
            Line("answer", answer % {"days": days}),
            Line("working-days", _("**Working days** are Monday to Friday, but not bank holidays.")),
            Line("yes", _("If we can walk with you, we’ll tell you when, where and who you’ll meet.")),
            Line("no", _("If we can’t walk with you, we’ll tell you why.")),
        ),
    )


def _on_the_walk() -> Section:
    return Section(
        _("On the walk"),
        (
            Line("meet", _("You meet the officers at the place we told you.")),
            Line("say", _("Tell or show them what worries you, and what should change.")),
            Line("news", _("Later, we’ll tell you what came of it.")),
            Line("cancel", _("You can cancel at any time before the walk starts.")),
        ),
    )


HOW_IT_WORKS = EasyReadPage(
    slug="how-it-works",
    title=gettext_lazy("How a walk works"),
    picture="walk",
    parts=(_about_walks, _asking, _answers, _on_the_walk),
)
