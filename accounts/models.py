"""The counts of rate limits, links to choose a password, the security log and the admin's own log."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Self, TypeVar
from uuid import uuid4

from django.contrib.admin.models import LogEntry
from django.db import connection, models, transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.limits import RateLimit, note_reached, window_start
from boroughs.models.officers import Officer, is_auditor
from walkandtalk.lib import tokens
from walkandtalk.lib.choices import ChoiceField
from walkandtalk.lib.database.append_only import append_only
from walkandtalk.lib.fields import EncryptedTextField
from walkandtalk.lib.keys.keyed_hashes import KeyedHashField

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

Row = TypeVar("Row", bound=models.Model)


ONE_MINUTE = datetime.timedelta(minutes=1)
ONE_DAY = datetime.timedelta(days=1)
"""The longest window of a limit."""


class RateCountManager(models.Manager["RateCount"]):
    def increment(self, key: str, *, window: datetime.timedelta) -> None:
        """Add one to the count of this key in the current window. Needs no Redis."""
        row, _ = self.get_or_create(key_hash=tokens.index_hmac(key), window=window_start(window, timezone.now()))
        self.filter(pk=row.pk).update(count=F("count") + 1)

    def lock_key(self, key: str) -> None:
        """Hold this key until the transaction ends, so that parallel requests get no extra tries."""
        with connection.cursor() as cursor:
            for key_hash in sorted(tokens.index_hmacs(key)):  # processes that start again one by one share a key
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key_hash])

    def try_lock_key(self, key: str) -> bool:
        """Hold this key until the transaction ends, or return False at once if another request holds it."""
        with connection.cursor() as cursor:
            for key_hash in sorted(tokens.index_hmacs(key)):
                cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [key_hash])
                if not cursor.fetchone()[0]:
                    return False
        return True

    def count_within(self, key: str, *, within: datetime.timedelta) -> int:
        """Return the count within this time, to about a minute. The key must be counted in windows of one minute."""
        since = timezone.now() - within - ONE_MINUTE
        rows = self.filter(key_hash__in=tokens.index_hmacs(key), window__gt=since)
        return int(rows.aggregate(total=Sum("count", default=0))["total"])

    def increment_all(self, **uses: RateLimit) -> list[str]:
        """Add one to the count of each, in one query, and return the names of those over their limit."""
        over = self._add_to_each(uses, timezone.now())
        for name in over:
            note_reached(uses[name])
        return over

    def were_unused(self, limits: Iterable[RateLimit]) -> bool:
        """Count one use of each in its window, in one query. Return whether one of them had none before."""
        uses = {limit.key: RateLimit(f"first {limit.key}", limit.window, 1) for limit in limits}
        return len(self._add_to_each(uses, timezone.now())) < len(uses)

    def find_reached(self, limits: Collection[RateLimit], *, now: datetime.datetime) -> list[RateLimit]:
        """Return those that allow no more uses in their windows. It counts nothing."""
        counts = self._counts([(key_hash, limit.window) for limit in limits for key_hash in limit.key_hashes], now)
        return [limit for limit in limits if sum(counts[key_hash] for key_hash in limit.key_hashes) >= limit.limit]

    def take(self, limits: Collection[RateLimit], *, now: datetime.datetime) -> list[RateLimit]:
        """Count one use of each, or of none if one of them allows no more. Return those that allow no more.

        Of two requests at the same moment only one gets the last use, because the second waits for the first one's row.
        """
        with transaction.atomic():
            over = self._add_to_each({limit.key: limit for limit in limits}, now)
            if over:
                transaction.set_rollback(True)
        return [limit for limit in limits if limit.key in over]

    def give_back(self, limits: Collection[RateLimit], *, now: datetime.datetime) -> None:
        """Take back one use of each, in the windows of the moment when it was taken."""
        for limit in limits:  # one by one, so that no two requests wait for each other's rows
            rows = self.filter(key_hash=limit.key_hash, window=window_start(limit.window, now))
            rows.update(count=F("count") - 1)

    def _add_to_each(self, uses: Mapping[str, RateLimit], now: datetime.datetime) -> list[str]:
        # Always in the same order, so that two requests that share both keys cannot deadlock.
        rows = sorted((limit.key_hash, window_start(limit.window, now), name) for name, limit in uses.items())
        with connection.cursor() as cursor:
            cursor.execute(
                f"""INSERT INTO accounts_ratecount (key_hash, "window", count)
                VALUES {", ".join(["(%s, %s, 1)"] * len(rows))}
                ON CONFLICT (key_hash, "window") DO UPDATE SET count = accounts_ratecount.count + 1
                RETURNING key_hash, count""",  # noqa: S608  # only placeholders are interpolated
                [value for key_hash, window, _name in rows for value in (key_hash, window)],
            )
            counted = dict(cursor.fetchall())
        others = [(key_hash, limit.window) for limit in uses.values() for key_hash in limit.key_hashes[1:]]
        if others:
            counted |= self._counts(others, now)
        return [
            name
            for name, limit in uses.items()
            if sum(counted[key_hash] for key_hash in limit.key_hashes) > limit.limit
        ]

    def _counts(self, keys: Collection[tuple[str, datetime.timedelta]], now: datetime.datetime) -> dict[str, int]:
        """Return the count of each in its current window, or 0."""
        starts = {key_hash: window_start(window, now) for key_hash, window in keys}
        rows = self.filter(key_hash__in=starts, window__gte=min(starts.values()))
        counts = {row.key_hash: row.count for row in rows if row.window == starts[row.key_hash]}
        return dict.fromkeys(starts, 0) | counts

    def current_count(self, key: str, *, window: datetime.timedelta) -> int:
        rows = self.filter(key_hash__in=tokens.index_hmacs(key), window=window_start(window, timezone.now()))
        return int(rows.aggregate(total=Sum("count", default=0))["total"])


class RateCount(models.Model):
    """The uses of one key within one window of time. The key is hashed, because it may contain an address."""

    key_hash = KeyedHashField(since="window", lasts=ONE_DAY)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    objects = RateCountManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_hash", "window"], name="one_count_a_key_and_window")]

    def __str__(self) -> str:
        return f"{self.window:%Y-%m-%d %H:%M} {self.count}"


class PasswordLinkManager(models.Manager["PasswordLink"]):
    def create_token(self, officer: Officer, purpose: "PasswordLink.Purpose", *, expires_at: datetime.datetime) -> str:
        """Return a new token, and end an earlier link for this purpose. The caller holds the person's lock."""
        token = tokens.new_token()
        values = {
            "token_hmac": tokens.token_hmac(token),
            "expires_at": expires_at,
            "access_version": officer.access_version,
            "email_hmac": tokens.index_hmac(officer.email),
        }
        self.update_or_create(officer=officer, purpose=purpose, defaults=values)
        return token

    def working(self, now: datetime.datetime) -> models.QuerySet["PasswordLink"]:
        """Return the links that are neither used nor too old, of people whose access has not ended since."""
        same_access = self.filter(officer__is_active=True, officer__access_version=F("access_version"))
        return same_access.filter(expires_at__gt=now).select_related("officer__bcu")

    def find(self, *token_hmacs: str, now: datetime.datetime) -> "PasswordLink | None":
        """Return the link if it works, and if the person still has the address to which it was sent."""
        link = self.working(now).filter(token_hmac__in=token_hmacs).first()
        return link if link is not None and link.was_sent_to(link.officer.email) else None


class PasswordLink(models.Model):
    """A link with which one person chooses a password, once. Using it deletes it, and a newer one replaces it.

    It works only for the address and the `access_version` of its time, so whatever ends sessions ends links too.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", "Choose the first password"
        RESET = "reset", "Choose a new password"

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    purpose = ChoiceField(max_length=10, choices=Purpose.choices)
    token_hmac = KeyedHashField(purpose="token", since="expires_at", unique=True)
    expires_at = models.DateTimeField(db_index=True)
    access_version = models.PositiveIntegerField()
    email_hmac = KeyedHashField(of="officer.email", if_other="replace", help_text="The address it was sent to.")

    objects = PasswordLinkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "purpose"], name="one_link_a_person_and_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.officer_id}"

    @property
    def is_invitation(self) -> bool:
        return self.purpose == self.Purpose.INVITATION

    def was_sent_to(self, email: str) -> bool:
        return self.email_hmac in tokens.index_hmacs(email)


class ResetRequest(models.Model):
    """A request for a new password, saved whether or not the address is anyone's (docs/rules.md#new-passwords)."""

    uuid = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = EncryptedTextField()
    asked_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return str(self.uuid)


class StaffSessionQuerySet(models.QuerySet["StaffSession"]):
    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return this person's own sessions. Nobody sees another's."""
        return self.filter(officer=user) if isinstance(user, Officer) else self.none()


class StaffSession(models.Model):
    """A browser in which someone has signed in, so that they can see it and sign it out.

    Whether it is still open is written in Django's session, and in no second place.
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=60, help_text="In words: Edge on Windows. No version and no address.")
    started_at = models.DateTimeField(default=timezone.now)

    objects = StaffSessionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M} {self.browser}"


class LogQuerySet(models.QuerySet[Row]):
    """The lines of a log that can only be added to."""

    def visible_to(self, user: "Officer | AnonymousUser") -> Self:
        """Return every line to an auditor, and none to anyone else."""
        return self.all() if is_auditor(user) else self.none()


class AdminLog(LogEntry):
    """The admin's log of changes. Django defines the table, and this adds the triggers that keep its rows."""

    objects = LogQuerySet["AdminLog"].as_manager()  # type: ignore[assignment,misc]  # allowed on a proxy

    class Meta:
        proxy = True
        triggers = append_only(at="action_time")


class SecurityEventKind(models.TextChoices):
    """What happened to an account, or what a person did that says nothing of one requester."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGNED_OUT = "signed_out", "Signed out"
    FEED_MADE = "feed_made", "Made an address for a calendar"
    SESSION_ENDED = "session_ended", "Signed out in another browser"
    SIGN_IN_FAILED = "sign_in_failed", "Sign-in failed"
    SIGN_IN_REFUSED = "sign_in_refused", "Sign-in refused after too many tries"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    FACTOR_ADDED = "factor_added", "Second factor added"
    FACTOR_REMOVED = "factor_removed", "Second factor removed"
    RECOVERY_CODES_MADE = "recovery_codes_made", "Recovery codes made"
    RECOVERY_CODE_USED = "recovery_code_used", "Recovery code used"
    ACCOUNT_CREATED = "account_created", "Account created"
    ACCOUNT_CHANGED = "account_changed", "Name, rank or shoulder number changed"
    ROLE_CHANGED = "role_changed", "Role changed"
    BCU_CHANGED = "bcu_changed", "BCU changed"
    EMAIL_CHANGED = "email_changed", "Work email changed"
    WALKS_ALLOWED = "walks_allowed", "Allowed to lead walks"
    WALKS_FORBIDDEN = "walks_forbidden", "No longer allowed to lead walks"
    NOT_AVAILABLE = "not_available", "Said that someone is not available for walks"
    AVAILABLE_AGAIN = "available_again", "Said that someone is available for walks again"
    KEPT_OFF_WALKS = "kept_off_walks", "Kept someone off walks"
    ALLOWED_ON_WALKS = "allowed_on_walks", "Allowed someone on walks again"
    DEACTIVATED = "deactivated", "Stopped from signing in"
    REACTIVATED = "reactivated", "Allowed to sign in again"
    NOMINATED = "nominated", "Nominated for a BCU’s restricted bookings"
    NOMINATION_ENDED = "nomination_ended", "No longer nominated for a BCU’s restricted bookings"
    PROPOSED = "proposed", "Proposed a change that needs two administrators"
    PROPOSAL_AGREED = "proposal_agreed", "Agreed to another administrator’s proposal"
    PROPOSAL_REFUSED = "proposal_refused", "Refused or withdrew a proposal"
    FACTOR_RESET = "factor_reset", "Password and second factors removed by two administrators"
    BOROUGH_MOVED = "borough_moved", "Borough moved to another BCU"
    TEAM_CONTACT_CHANGED = "team_contact_changed", "Inbox or number of a team changed"
    TEAM_RULES_CHANGED = "team_rules_changed", "Rules of a BCU changed"
    TEXT_CHANGED = "text_changed", "Help contact or statement changed"
    PARTNER_CHANGED = "partner_changed", "Partner added or changed"
    PARTNER_CONTACT_CHANGED = "partner_contact_changed", "Inbox or server of a partner changed"
    PEOPLE_CHANGED = "people_changed", "Changed several accounts at once"
    PEOPLE_IMPORTED = "people_imported", "Imported people from a file"
    PEOPLE_EXPORTED = "people_exported", "Downloaded a list of people"
    FORCE_ACCOUNT_CONNECTED = "force_account_connected", "Connected a force account"
    LEAVERS_HELD = "leavers_held", "The force refused many people, so no more accounts were closed"
    BREAK_GLASS_USED = "break_glass_used", "Signed in with the account for emergencies"
    FORBIDDEN = "forbidden", "Asked for a page outside their role"
    INVITED = "invited", "Sent a link to choose a first password"
    RESET_ASKED = "reset_asked", "Asked for a new password"
    PASSWORD_CHOSEN = "password_chosen", "Chose a password with a link"
    LIMIT_REACHED = "limit_reached", "Reached a limit"
    SEARCHED = "searched", "Searched"
    SEARCHED_BY_NAME = "searched_by_name", "Searched by name or place"
    READING_PAUSED = "reading_paused", "Paused after opening many bookings"
    SEARCHING_PAUSED = "searching_paused", "Paused after many searches"
    WALK_CHECKED = "walk_checked", "Checked officers: yes"
    WALK_CHECK_FAILED = "walk_check_failed", "Checked officers: no"
    WALK_CHECK_CLOSED = "walk_check_closed", "Closed the check of a walk’s officers after many wrong words"
    LOG_EXPORTED = "log_exported", "Downloaded a log"
    ERASURE_HELD = "erasure_held", "Held an erasure"
    HOLD_ENDED = "hold_ended", "Ended a hold on an erasure"
    RESTORED = "restored", "Restored the database, without what happened since the backup"


REFUSED_BY_FORCE = "refused by the force"
"""The `change` of a line about an account that nobody closed by hand."""


class SecurityEvent(models.Model):
    """One line of the security log: ids, kinds and the reason that someone gave, but no address. Rows never change."""

    kind = ChoiceField(max_length=24, choices=SecurityEventKind.choices)
    officer = models.ForeignKey(
        Officer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The person who did it. Empty if nobody was signed in and the name is nobody's.",
    )
    subject = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", help_text="Whose account was changed."
    )
    change = models.CharField(
        max_length=40, blank=True, help_text="From which role or BCU to which, as codes: officer > inspector."
    )
    booking_id = models.UUIDField(null=True, help_text="The bookings app is above this one, so this is no foreign key.")
    route = models.CharField(max_length=80, blank=True, help_text="The name of the address, such as triage:booking.")
    count = models.PositiveIntegerField(
        null=True, help_text="How many rows a search found or a file holds, or how many changes a proposal has."
    )
    reason = models.CharField(
        max_length=200, blank=True, help_text="Why, where the page asks an auditor or an administrator for it."
    )
    request_id = models.UUIDField(null=True, help_text="Shared with the read log's lines of the same response.")
    at = models.DateTimeField(default=timezone.now)

    objects = LogQuerySet["SecurityEvent"].as_manager()

    class Meta:
        triggers = append_only()
        indexes = [
            models.Index(fields=["at"], name="security_events_by_time"),
            models.Index(fields=["officer", "at"], name="security_events_by_person"),
            models.Index(fields=["kind", "at"], name="security_events_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class UnfinishedClosure(models.Model):
    """An account that is closed already, of someone who has left walks, bookings and concerns behind.

    A job hands them on, because the apps that know of them are above this one, and deletes the row.
    """

    officer = models.OneToOneField(Officer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    event = models.OneToOneField(SecurityEvent, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.officer_id)
