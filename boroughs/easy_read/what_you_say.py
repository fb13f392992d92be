from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from boroughs.easy_read.lines import EasyReadPage, Line, Section
from boroughs.easy_read.statement_lines import statement_lines
from boroughs.help_contacts import help_contacts_by_purpose
from boroughs.models.texts import HelpContact, Statement


def _readers() -> Section:
    return Section(
        _("Who can read it"),
        (
            Line("inspector", _("The police team for your area reads what you ask for.")),
            Line("another-team", _("You can ask for an inspector from another area instead.")),
            Line("two-officers", _("The officers on your walk see your name and what you need.")),
            Line("two-days", _("They can see it from 2 days before until 1 week after.")),
            Line("who-looked", _("You can see who looked, on your own page on this website.")),
        ),
    )


def _on_the_walk() -> Section:
    number = help_contacts_by_purpose()[HelpContact.Purpose.COMPLAIN].number
    complain = _("To complain about an officer, call %(number)s.") % {"number": number}
    return Section(
        _("About the officers"),
        (
            *statement_lines("camera", Statement.Code.CAMERAS, _("The officers’ cameras may be on during the walk.")),
            *statement_lines(
                "write-down",
                Statement.Code.CRIMES,
                _("If you tell officers about some crimes, they must write them down."),
            ),
            *statement_lines(
                "child", Statement.Code.CHILDREN, _("If a child isn’t safe, they must tell someone who can help.")
            ),
            *statement_lines("complain", Statement.Code.COMPLAIN, complain),
        ),
    )


def _change() -> Section:
    return Section(
        _("What we do"),
        (
            Line("lock", _("We lock your name and what you write with a secret code.")),
            Line("check", _("Someone who wasn’t on your walk reads what worried you.")),
            Line("council", _("If you say yes, we may tell the people who look after streets and stations.")),
            Line("lamp", _("They can fix things, like a broken street light.")),
            Line("no-name", _("We won’t give them your name.")),
            Line("news", _("We’ll tell you what came of it.")),
        ),
    )


def _keeping() -> Section:
    days, years = settings.KEEP_ENDED_DAYS, settings.KEEP_CONCERNS_YEARS
    keeping_details = ngettext(
        "We keep them until %(days)s day after your request ends.",
        "We keep them until %(days)s days after your request ends.",
        days,
    )
    keeping_worries = ngettext(
        "We keep what worried you for %(years)s year.", "We keep what worried you for %(years)s years.", years
    )
    return Section(
        _("How long we keep it"),
        (
            Line("details", _("Your **details** are your name, how to contact you and what you need.")),
            Line("days-end", keeping_details % {"days": days}),
            Line("longer", _("Sometimes we have to keep them longer. Your page will tell you.")),
            Line("folder", keeping_worries % {"years": years}),
            Line("copy-delete", _("You can get a copy or delete your details on your page.")),
        ),
    )


WHAT_YOU_SAY = EasyReadPage(
    slug="what-you-say",
    title=gettext_lazy("What happens to what you say"),
    picture="say",
    parts=(_readers, _on_the_walk, _change, _keeping),
)
