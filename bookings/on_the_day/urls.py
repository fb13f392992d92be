from django.urls import path

from bookings.on_the_day.briefing import briefing
from bookings.on_the_day.one_officer.views import AskAboutOneOfficerButton, RecordOneOfficerAnswerPage
from bookings.on_the_day.outcomes.views import RecordOutcomePage
from bookings.on_the_day.safeguarding import MarkSafeguardingOnWalkPage
from bookings.on_the_day.takeover.views import (
    AcceptTakeoverButton,
    AskColleaguePage,
    DeclineTakeoverButton,
    WithdrawTakeoverButton,
)
from bookings.on_the_day.unavailability.views import AvailableAgainButton, NotAvailablePage
from bookings.on_the_day.views import reveal_phone, walk, walk_map, walks
from bookings.on_the_day.walk_progress import (
    ArriveButton,
    CutWalkShortPage,
    EndWalkButton,
    EscortToSafetyButton,
    RecordLateArrivalButton,
    RecordNoShowPage,
    SetOffButton,
    StartWalkButton,
    UndoEndButton,
    UndoStartButton,
    WaitWithRequesterButton,
    WithdrawPage,
    phrase,
)

app_name = "on_the_day"

urlpatterns = [
    path("bookings/<uuid:pk>/settle/", RecordOutcomePage.as_view(), name="record_outcome"),
    path("walks/", walks, name="walks"),
    path("walks/<uuid:pk>/", walk, name="walk"),
    path("walks/<uuid:pk>/map/", walk_map, name="walk_map"),
    path("walks/<uuid:pk>/one-officer/", AskAboutOneOfficerButton.as_view(), name="ask_about_one_officer"),
    path(
        "walks/<uuid:pk>/one-officer/<uuid:question_pk>/",
        RecordOneOfficerAnswerPage.as_view(),
        name="record_one_officer_answer",
    ),
    path("walks/<uuid:pk>/briefing/", briefing, name="briefing"),
    path("walks/<uuid:pk>/phrase/", phrase, name="phrase"),
    path("walks/<uuid:pk>/on-my-way/", SetOffButton.as_view(), name="set_off"),
    path("walks/<uuid:pk>/here/", ArriveButton.as_view(), name="arrive"),
    path("walks/<uuid:pk>/waiting-with-her/", WaitWithRequesterButton.as_view(), name="wait_with_requester"),
    path("walks/<uuid:pk>/to-safety/", EscortToSafetyButton.as_view(), name="escort_to_safety"),
    path("walks/<uuid:pk>/not-there/<uuid:booking_pk>/", RecordNoShowPage.as_view(), name="record_no_show"),
    path("walks/<uuid:pk>/came/<uuid:booking_pk>/", RecordLateArrivalButton.as_view(), name="record_late_arrival"),
    path("walks/<uuid:pk>/stop/", MarkSafeguardingOnWalkPage.as_view(), name="mark_safeguarding"),
    path("walks/<uuid:pk>/called-away/", CutWalkShortPage.as_view(), name="cut_walk_short"),
    path("walks/<uuid:pk>/start/", StartWalkButton.as_view(), name="start_walk"),
    path("walks/<uuid:pk>/end/", EndWalkButton.as_view(), name="end_walk"),
    path("walks/<uuid:pk>/start/undo/", UndoStartButton.as_view(), name="undo_start"),
    path("walks/<uuid:pk>/end/undo/", UndoEndButton.as_view(), name="undo_end"),
    path("walks/<uuid:pk>/ask-colleague/", AskColleaguePage.as_view(), name="ask_colleague"),
    path("duty/<int:pk>/not-available/", NotAvailablePage.as_view(), name="not_available"),
    path("duty/<int:pk>/available/", AvailableAgainButton.as_view(), name="available_again"),
    path("take-over/<uuid:pk>/accept/", AcceptTakeoverButton.as_view(), name="accept_takeover"),
    path("take-over/<uuid:pk>/decline/", DeclineTakeoverButton.as_view(), name="decline_takeover"),
    path("take-over/<uuid:pk>/withdraw/", WithdrawTakeoverButton.as_view(), name="withdraw_takeover"),
    path("walks/<uuid:pk>/leave/", WithdrawPage.as_view(), name="withdraw"),
    path("walks/<uuid:pk>/phone/<uuid:booking_pk>/", reveal_phone, name="reveal_phone"),
]
