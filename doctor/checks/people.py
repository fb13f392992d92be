"""Examinations of people and texts. The service runs without them, but nobody should ask for a walk.

Nothing here names a person: the list may be sent to whoever helps with the servers.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import checks
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.second_factor.state import FACTORS
from administration.checks import check_two_administrators
from administration.staffing.queries import checks_of_texts
from boroughs.models.bcus import BoroughCommandUnit
from boroughs.models.officers import (
    Officer,
    auditors_inbox_belongs_to,
    bcus_without_nominated_inspector,
    conduct_inbox_belongs_to,
)
from doctor.examination import examination


@examination("Every BCU takes requests", needs_database=True)
def find_closed_bcus() -> list[checks.CheckMessage]:
    bcus = list(BoroughCommandUnit.objects.order_by("name"))
    if not bcus:
        hint = "Run manage.py load_reference_data."
        return [checks.Error("There are no BCUs, so nobody can ask for a walk.", hint=hint, id="doctor.E301")]
    closed = [bcu.name for bcu in bcus if bcu.awaits_contacts]
    if not closed:
        return []
    words = f"Closed until their inbox and duty number are set: {', '.join(closed)}."
    hint = "An administrator sets both at /staff/staffing/, and a second one agrees."
    if len(closed) == len(bcus):
        return [checks.Error(f"Nobody can ask for a walk. {words}", hint=hint, id="doctor.E302")]
    return [checks.Warning(words, hint=hint, id="doctor.W301")]


@examination("Each BCU has a nominated inspector", needs_database=True)
def find_missing_nominated_inspectors() -> list[checks.CheckMessage]:
    if not (without := bcus_without_nominated_inspector()):
        return []
    hint = "An administrator chooses them at /staff/staffing/. Until then, the next BCU by code takes over."
    return [checks.Warning(f"No nominated inspector who can act: {', '.join(without)}.", hint=hint, id="doctor.W302")]


@examination("There are two administrators", needs_database=True)
def find_lone_administrator() -> list[checks.CheckMessage]:
    return check_two_administrators(databases=["default"])


@examination("An auditor can sign in", needs_database=True)
def find_missing_auditor() -> list[checks.CheckMessage]:
    if Officer.objects.filter(role=Officer.Role.AUDITOR, is_active=True).exists():
        return []
    hint = "Give someone who is neither inspector nor administrator an account with the role Auditor."
    return [checks.Warning("Nobody can read the logs.", hint=hint, id="doctor.W303")]


@examination("AUDITOR_EMAIL and CONDUCT_INBOX belong to nobody who mustn’t read them", needs_database=True)
def find_wrong_readers() -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    if auditors_inbox_belongs_to(settings.AUDITOR_EMAIL) is not None:
        hint = "Choose an inbox that only auditors read."
        words = "AUDITOR_EMAIL belongs to an inspector or an administrator."
        found.append(checks.Warning(words, hint=hint, id="doctor.W304"))
    is_of_team = BoroughCommandUnit.objects.filter(inbox__iexact=settings.CONDUCT_INBOX).exists()
    if is_of_team or conduct_inbox_belongs_to(settings.CONDUCT_INBOX) is not None:
        hint = "Choose an inbox that only professional standards read."
        words = "CONDUCT_INBOX belongs to a team or a member of staff."
        found.append(checks.Warning(words, hint=hint, id="doctor.W305"))
    return found


@examination("Everyone who signs in has a second factor", needs_database=True)
def find_missing_second_factors() -> list[checks.CheckMessage]:
    if settings.FORCE_SIGN_IN:  # which asks for one itself
        return []
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    without = Officer.objects.filter(~Exists(factors), is_active=True, last_login__isnull=False).count()
    if not without:
        return []
    hint = "They are asked for one as soon as they sign in again."
    return [
        checks.Warning(f"People who have signed in and have no second factor: {without}.", hint=hint, id="doctor.W306")
    ]


@examination("Help contacts and statements were checked this year", needs_database=True)
def find_unchecked_texts() -> list[checks.CheckMessage]:
    statements, help_contacts = checks_of_texts(timezone.now())
    found: list[checks.CheckMessage] = []
    if help_contacts.to_check:
        hint = "Ring or open each, then press “I’ve checked these today” on /admin/boroughs/helpcontact/."
        found.append(checks.Warning(f"Help contacts to check: {help_contacts.to_check}.", hint=hint, id="doctor.W307"))
    if statements.to_check:
        hint = "Ask their owners, then press “I’ve checked these today” on /admin/boroughs/statement/."
        found.append(checks.Warning(f"Statements to check: {statements.to_check}.", hint=hint, id="doctor.W308"))
    return found
