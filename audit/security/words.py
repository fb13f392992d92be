"""Lines of the security log in words: kinds, pages and staff, and never an email address."""

from dataclasses import dataclass

from accounts.models import REFUSED_BY_FORCE, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from boroughs.models.officers import Officer
from walkandtalk.lib import london

NOBODY = "Nobody signed in"
A_COMMAND = "A command on the server"
THE_FORCE = "The force’s own sign-in"
THE_SERVICE = "The service, by a limit"
BY_ANYBODY = {Kind.SIGN_IN_FAILED, Kind.SIGN_IN_REFUSED, Kind.RESET_ASKED, Kind.LIMIT_REACHED}
UNKNOWN = "No account has this name"
STEPS = {
    "confirmation": "confirming that it’s them",
    "passkey": "passkey",
    "password": "password",
    "recovery_codes": "recovery code",
    "second step": "second step",
    "totp": "authenticator app",
    "webauthn": "passkey",
}
"""How a person signed in, or what they added or removed, in words."""
PARTS_OF_THE_SERVICE = {
    "account_closure": "Closing an account",
    "account_login": "Signing in",
    "account_reauthenticate": "Signing in",
    "accounts": "Signing in",
    "admin": "People and areas",
    "administrator-today": "People and areas",
    "approvals": "A second inspector’s approval",
    "audit": "Audit",
    "bulk": "People and areas",
    "calendar-feed": "An officer’s calendar",
    "control_room": "Control room",
    "contact": "A requester’s contact details",
    "data_rights": "A requester’s copy or erasure",
    "delivery_problems": "Messages that did not arrive",
    "feedback": "Concerns",
    "figures": "Figures",
    "freeze": "A frozen request",
    "improvements": "Improvements",
    "invitation": "People and areas",
    "manage": "A requester’s own page",
    **dict.fromkeys(
        [
            *("mfa_authenticate", "mfa_index", "mfa_login_webauthn"),
            *("mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
            *("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"),
            *("mfa_activate_totp", "mfa_deactivate_totp"),
            *("mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        ],
        "Signing in",
    ),
    "on_the_day": "A walk",
    "places": "Repeated places",
    "posters": "Posters",
    "referrals": "Improvements",
    "partners": "People and areas",
    "people": "People and areas",
    "people_files": "People and areas",
    "phone_bookings": "A booking by phone",
    "pins": "A requester’s PIN",
    "proposals": "A change that needs two administrators",
    "request_form": "A request for a walk",
    "scheduling": "Scheduling a walk",
    "sign_out": "People and areas",
    "send_links": "A requester’s link",
    "staff_calendar": "Calendar",
    "staffing": "People and areas",
    "staff_map": "Map",
    "team_messages": "A requester’s message",
    "teams": "People and areas",
    "triage": "Bookings",
    "undo": "Undoing a decision",
    "walks": "Walks and duty",
}


@dataclass(frozen=True)
class SecurityLine:
    event: SecurityEvent

    @property
    def clock(self) -> str:
        """The time in London, with seconds, because a line is evidence."""
        return f"{london.local(self.event.at):%H:%M:%S}"

    @property
    def what(self) -> str:
        return str(Kind(self.event.kind).label)

    @property
    def person(self) -> str:
        if self.event.officer is not None:
            return self.event.officer.display_name
        if self.event.change == REFUSED_BY_FORCE or self.event.kind == Kind.LEAVERS_HELD:
            return THE_FORCE
        if self.event.kind == Kind.WALK_CHECK_CLOSED:
            return THE_SERVICE
        return NOBODY if self.event.kind in BY_ANYBODY else A_COMMAND

    @property
    def team(self) -> str:
        return _team(self.event.officer)

    @property
    def account(self) -> str:
        """Whose account it is about. A failed sign-in says so if there is none."""
        if self.event.subject is not None:
            return self.event.subject.display_name
        return UNKNOWN if self.event.kind in (Kind.SIGN_IN_FAILED, Kind.SIGN_IN_REFUSED) else ""

    @property
    def team_of_account(self) -> str:
        return _team(self.event.subject)

    @property
    def page(self) -> str:
        """The part of the service, and the name of the address for those who need it exactly."""
        route = self.event.route
        part = PARTS_OF_THE_SERVICE.get(route.partition(":")[0])
        return f"{part} ({route})" if part is not None else route

    @property
    def change(self) -> str:
        """From which role or BCU to which, or the steps of a sign-in."""
        steps = self.event.change.split(" + ")
        if all(step in STEPS for step in steps):
            return " and ".join(STEPS[step] for step in steps).capitalize()
        before, arrow, after = (_role_or_code(code) for code in self.event.change.partition(">"))
        if not arrow:
            return before
        return f"From {before} to {after}" if before and after else f"{'From' if before else 'As'} {before or after}"


def _team(officer: Officer | None) -> str:
    return officer.bcu.name if officer is not None and officer.bcu is not None else ""


def _role_or_code(code: str) -> str:
    code = code.strip()
    return str(Officer.Role(code).label) if code in Officer.Role.values else code
