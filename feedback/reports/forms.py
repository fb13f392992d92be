"""Forms for reports, corrections and officers' notes."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookings.models.bookings import Booking
from boroughs import taxonomy
from boroughs.geography.map_fields import MapPicker, MapPointField
from boroughs.geography.map_points import MapPoint
from boroughs.geography.places import ward_middle
from boroughs.models.bcus import Borough, Ward
from feedback.models.concerns import Concern
from feedback.reports.actions import ReportSubmission, WalkNoteEntry, Wording
from feedback.statuses import Feeling, HowOften, Light, TimeOfDay, WalkNoteCode
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import Fold, Group, Layout, LayoutObject, Question

LONGEST_TEXT = 4000
LONGEST_PLACE = 500
LONGEST_NOTE = 600
ABOUT_A_PLACE = (*(f"{group}_kinds" for group in taxonomy.GROUPS), "place", "map_point", "consent")
"""Fields of a walk note that make it one about a place."""


def _kinds(group: str, **kwargs: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=taxonomy.GROUPS[group],
        choices=partial(taxonomy.choices, group),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        **kwargs,
    )


def _text(label: Any, *, longest: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, **kwargs)


def one_of(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, required=False, **kwargs)


@dataclass(frozen=True, kw_only=True)
class MapStart:
    """The borough whose map a form shows, and the point at which it opens: "51.47,-0.06", or "" for its middle."""

    borough: Borough
    about: str = ""

    @classmethod
    def of_booking(cls, booking: Booking) -> "MapStart":
        """Return the meeting place of the walk, or else the middle of the ward."""
        met = booking.walk.map_point if booking.walk is not None else None
        return cls(borough=booking.borough, about=str(met or "") or _ward_middle(booking.ward))

    @classmethod
    def of_area(cls, borough: Borough, ward: Ward | None) -> "MapStart":
        return cls(borough=borough, about=_ward_middle(ward))


def _ward_middle(ward: Ward | None) -> str:
    return ward_middle(ward.gss) if ward else ""


class ConcernForm(PageForm):
    """Questions about a place, for requesters and for officers who record a concern."""

    nothing_entered_error: object = _("Select what worried you, or tell us about it in your own words")
    place_missing_error: object = _("Enter where this was")

    submission = forms.UUIDField(widget=forms.HiddenInput)
    place_kinds = _kinds("place")
    transport_kinds = _kinds("transport")
    people_kinds = _kinds("people")
    help_kinds = _kinds("help")
    other_kinds = _kinds("other")
    place = _text(_("Where was this?"), longest=LONGEST_PLACE)
    map_point = MapPointField()
    light = one_of(_("What was the light like?"), Light.choices)
    time_of_day = one_of(_("When was it?"), TimeOfDay.choices)
    how_often = one_of(_("How often is it like this?"), HowOften.choices)
    text = _text(_("Tell us more, in your own words"), longest=LONGEST_TEXT, widget=forms.Textarea)
    safe_place = _text(_("Is there a spot where you feel safe?"), longest=LONGEST_PLACE)
    consent = one_of(_("May we pass this on, without your name?"), [("yes", _("Yes")), ("no", _("No"))])

    def __init__(self, *args: Any, map_start: MapStart | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"submission": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.map_start = map_start

    def kinds_questions(self) -> list[LayoutObject]:
        return [Question(f"{group}_kinds", size="s", small=True) for group in taxonomy.GROUPS]

    def map(self) -> list[LayoutObject]:
        """Return the map, unless its reader may be a stranger who must not learn where it begins."""
        if self.map_start is None:
            return []
        gss = self.map_start.borough.gss
        elsewhere = str(_("You can keep it."))
        return [
            MapPicker("map_point", borough=gss, accepted=[gss], about=self.map_start.about, elsewhere=elsewhere),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_something_entered(cleaned)
        return cleaned

    def check_something_entered(self, cleaned: Mapping[str, Any]) -> None:
        """Add an error if nothing was entered, and another if nobody could find the place.

        Beside the errors of other answers, so that the page shows all of them at once.
        """
        worried = self._chosen() or cleaned.get("text")
        if not worried and (cleaned.get("safe_place") or {"text", "safe_place"} & self.errors.keys()):
            return
        if not worried:
            self.add_error("place_kinds", str(self.nothing_entered_error))
        if not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", str(self.place_missing_error))

    def report_submission(self) -> ReportSubmission:
        data = self.cleaned_data
        return ReportSubmission(
            kinds=self._chosen() or ((taxonomy.OTHER,) if data.get("text") else ()),
            place=data["place"],
            text=data.get("text", ""),
            safe_place=data.get("safe_place", ""),
            light=data["light"],
            time_of_day=data.get("time_of_day", ""),
            how_often=data.get("how_often", ""),
            consent=data["consent"] == "yes",
            point=MapPoint.from_list(data["map_point"]),
            before=data.get("before"),
            after=data.get("after"),
        )

    @property
    def submission_key(self) -> uuid.UUID:
        """Of the page that was sent: the same page sent twice is one report."""
        key: uuid.UUID = self.cleaned_data["submission"]
        return key

    def _chosen(self) -> tuple[str, ...]:
        return tuple(kind for group in taxonomy.GROUPS for kind in self.cleaned_data.get(f"{group}_kinds", []))


def feeling_now(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=Feeling.choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )


class ReportForm(ConcernForm):
    """The requester's report. Every question is optional."""

    button = _("Send")

    before = feeling_now(_("Before the walk, how safe did you feel there?"))
    after = feeling_now(_("And after the walk?"))

    def __init__(self, *args: Any, walked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.walked = walked
        if not walked:
            del self.fields["before"], self.fields["after"]

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Group(_("What worried you?"), *self.kinds_questions(), hint=_("Select all that apply.")),
            Group(
                _("Where and when?"),
                Question(
                    "place",
                    hint=_("A street, a stop or a spot we can find. For example, the path behind the library."),
                    optional=False,
                ),
                *self.map(),
                Question("light", small=True),
                Question("time_of_day", small=True),
                Question("how_often", small=True),
            ),
            Question("text", rows=5, hint=_("Don’t name people or say what they look like.")),
            *self._feelings(),
            Question("safe_place", hint=_("For example, the bakery with the lit window. Others can use it too.")),
            Question(
                "consent",
                small=True,
                hint=_("The council or Transport for London may be able to mend it. We won’t tell them who you are."),
            ),
        )
        return layout

    def _feelings(self) -> list[LayoutObject]:
        if not self.walked:
            return []
        return [Group(_("How did you feel?"), Question("before", small=True), Question("after", small=True))]


class CorrectionForm(PageForm):
    """A requester's correction of what an officer recorded for her."""

    button = _("Save")
    CORRECT, WITHDRAW = "correct", "withdraw"

    version = forms.IntegerField(widget=forms.HiddenInput)
    what = forms.ChoiceField(
        label=_("What isn’t right?"),
        widget=forms.RadioSelect,
        choices=[(CORRECT, _("I’ll say it in my own words")), (WITHDRAW, _("I didn’t say this. Take it out"))],
        error_messages={"required": _("Select what we should do with it")},
    )
    place = _text(_("Where was this?"), longest=LONGEST_PLACE)
    text = _text(_("In your own words"), longest=LONGEST_TEXT, widget=forms.Textarea)

    def __init__(self, *args: Any, concern: Concern, **kwargs: Any) -> None:
        now = concern.current_wording
        kwargs["initial"] = {"version": concern.correction_count, "place": now.place, "text": now.text}
        super().__init__(*args, **kwargs)

    def question(self) -> LayoutObject:
        own_words = Layout(
            Question("place", optional=False),
            Question("text", rows=4, hint=_("Don’t name people or say what they look like.")),
        )
        layout: LayoutObject = Layout(Question("what", reveal={self.CORRECT: own_words}))
        return layout

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("what") == self.CORRECT and "place" not in self.errors and not cleaned.get("place"):
            self.add_error("place", str(_("Enter where this was")))
        return cleaned

    @property
    def shown_version(self) -> int:
        return int(self.cleaned_data["version"])

    def wording(self) -> Wording | None:
        """Return what the requester says instead; None where she takes it back."""
        said = self.cleaned_data
        return None if said["what"] == self.WITHDRAW else Wording(place=said["place"], text=said["text"])


def _requester_field(women: list[tuple[str, str]], label: str, missing: str) -> forms.ChoiceField:
    """Ask which requester on the walk. Hidden if there is only one."""
    return forms.ChoiceField(
        label=label,
        choices=women,
        widget=forms.RadioSelect if len(women) > 1 else forms.HiddenInput,
        initial=women[0][0] if len(women) == 1 else None,
        error_messages={"required": missing},
    )


class OfficersForm(ConcernForm):
    """A form about one of the requesters on a walk."""

    who, who_missing = "Who said it?", "Choose who said it"
    place_missing_error = "Enter where this was"

    def __init__(self, *args: Any, women: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["booking"] = _requester_field(women, self.who, self.who_missing)

    @property
    def chosen_booking(self) -> str:
        return str(self.cleaned_data["booking"])


class RecordConcernForm(OfficersForm):
    """A concern that an officer records for a requester."""

    button = "Save this for her"
    nothing_entered_error = "Tick what worried her, or write it down in her words"

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Question("booking", small=True),
            Group("What worried her?", *self.kinds_questions(), hint="Tick all that she said."),
            Group(
                "Where and when?",
                Question("place", hint="A street, a stop or a spot that a colleague can find.", optional=False),
                *self.map(),
                Question("light", small=True),
                Question("time_of_day", small=True),
                Question("how_often", small=True),
            ),
            Question(
                "text",
                label="What did she say?",
                rows=4,
                hint="In her words. She will read this. Do not name her or anyone else.",
            ),
            Question("safe_place", label="A spot where she feels safe"),
            Question("consent", label="May we pass this on, without her name?", hint="Ask her.", small=True),
        )
        return layout


class WalkNoteForm(OfficersForm):
    """A walk note that an officer can fill in on a phone in two minutes: first taps, then a few words.

    What a requester said about a place is folded, because most walks have nothing to say there.
    """

    button = "Save this note"
    who, who_missing = "Who is it about?", "Choose who it is about"
    nothing_entered_error = "Tap how it was, or write something down"

    # The page for a concern asks these, so Django leaves them out here.
    time_of_day = None  # type: ignore[assignment]
    how_often = None  # type: ignore[assignment]
    text = None  # type: ignore[assignment]
    safe_place = None  # type: ignore[assignment]
    noted = forms.MultipleChoiceField(
        label="How was it?", choices=WalkNoteCode.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = _text("What did you agree with her?", longest=LONGEST_NOTE, widget=forms.Textarea)
    words = _text("What should colleagues know before the next walk?", longest=LONGEST_NOTE, widget=forms.Textarea)

    def question(self) -> LayoutObject:
        layout: LayoutObject = Layout(
            Question("booking", small=True),
            Question("noted", hint="Tap all that fit.", optional=False),
            Question("agreed", rows=2, hint="She will read this on her page, the same evening."),
            Fold(
                "What she said about a place",
                *self.kinds_questions(),
                Question(
                    "place",
                    hint="A street, a stop or a spot that a colleague can find. She will read this and can correct it.",
                    optional=False,
                ),
                *self.map(),
                Question("light", small=True, hint="We’ve filled this in from the time of the walk."),
                Question("consent", label="May we pass this on, without her name?", hint="Ask her.", small=True),
                fields=ABOUT_A_PLACE,
            ),
            Question("words", rows=2, hint="Only colleagues of this walk read it. No names, no descriptions."),
        )
        return layout

    def check_something_entered(self, cleaned: Mapping[str, Any]) -> None:
        """Add an error if nothing was entered, or a place without a kind or words. The light alone is no entry."""
        if self.errors:
            return
        if not self._is_about_a_place:
            if not self.entry().has_note:
                self.add_error("noted", str(self.nothing_entered_error))
        elif not self._chosen():
            self.add_error("place_kinds", "Tick what worried her there")
        elif not cleaned["place"]:
            self.add_error("place", str(self.place_missing_error))

    @property
    def _is_about_a_place(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ABOUT_A_PLACE)

    def entry(self) -> WalkNoteEntry:
        said = {name: self.cleaned_data[name] for name in ("noted", "agreed", "words")}
        about_a_place = self.report_submission() if self._is_about_a_place else None
        return WalkNoteEntry(submission=self.submission_key, about_a_place=about_a_place, **said)
