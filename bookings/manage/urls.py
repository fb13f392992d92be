from django.urls import path

from bookings.manage.ask_again.views import AskAgainPage
from bookings.manage.contact.views import ChangeAddressPage, UnsafeInboxPage
from bookings.manage.freeze.views import FreezePage
from bookings.manage.offer_answer.views import AnswerOfferPage
from bookings.manage.one_officer.views import OneOfficerPage
from bookings.manage.other_times.views import RequestOtherTimesPage
from bookings.manage.sharing.views import SharingConsentButton
from bookings.manage.team_messages.views import MessageTeamPage
from bookings.manage.views import (
    AcknowledgeButton,
    CancelPage,
    ConfirmButton,
    ReportNobodyCameButton,
    ReportNotMineButton,
    ResumeMessagesButton,
    StopMessagesPage,
    calendar,
    find_booking,
    on_map,
    page,
)

app_name = "manage"

urlpatterns = [
    path("", find_booking, name="find_booking"),
    path("<str:token>/", page, name="page"),
    path("<str:token>/confirm/", ConfirmButton.as_view(), name="confirm"),
    path("<str:token>/not-me/", ReportNotMineButton.as_view(), name="report_not_mine"),
    path("<str:token>/who-comes/", OneOfficerPage.as_view(), name="one_officer"),
    path("<str:token>/offer/", AnswerOfferPage.as_view(), name="answer_offer"),
    path("<str:token>/company/", SharingConsentButton.as_view(), name="sharing_consent"),
    path("<str:token>/change/", RequestOtherTimesPage.as_view(), name="request_other_times"),
    path("<str:token>/cancel/", CancelPage.as_view(), name="cancel"),
    path("<str:token>/address/", ChangeAddressPage.as_view(), name="change_address"),
    path("<str:token>/inbox/", UnsafeInboxPage.as_view(), name="unsafe_inbox"),
    path("<str:token>/write-again/", ResumeMessagesButton.as_view(), name="resume_messages"),
    path("<str:token>/seen/", AcknowledgeButton.as_view(), name="acknowledge"),
    path("<str:token>/nobody-came/", ReportNobodyCameButton.as_view(), name="report_nobody_came"),
    path("<str:token>/message/", MessageTeamPage.as_view(), name="message_team"),
    path("<str:token>/again/", AskAgainPage.as_view(), name="ask_again"),
    path("<str:token>/stop/", StopMessagesPage.as_view(), name="stop_messages"),
    path("<str:token>/wasnt-me/", FreezePage.as_view(), name="freeze"),
    path("<str:token>/map/", on_map, name="map"),
    path("<str:token>/calendar.ics", calendar, name="calendar"),
]
