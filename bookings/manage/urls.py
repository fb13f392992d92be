from django.urls import path

from bookings.manage.contact.views import address, resume_messages, unsafe_inbox
from bookings.manage.offer_answer.views import answer_offer
from bookings.manage.one_officer.views import one_officer
from bookings.manage.other_times.views import request_other_times
from bookings.manage.sharing.views import sharing_consent
from bookings.manage.views import (
    acknowledge,
    calendar,
    cancel,
    confirm,
    find_booking,
    on_map,
    page,
    report_nobody_came,
    report_not_mine,
    stop_messages,
)

app_name = "manage"

urlpatterns = [
    path("", find_booking, name="find_booking"),
    path("<str:token>/", page, name="page"),
    path("<str:token>/confirm/", confirm, name="confirm"),
    path("<str:token>/not-me/", report_not_mine, name="report_not_mine"),
    path("<str:token>/who-comes/", one_officer, name="one_officer"),
    path("<str:token>/offer/", answer_offer, name="answer_offer"),
    path("<str:token>/company/", sharing_consent, name="sharing_consent"),
    path("<str:token>/change/", request_other_times, name="request_other_times"),
    path("<str:token>/cancel/", cancel, name="cancel"),
    path("<str:token>/address/", address, name="change_address"),
    path("<str:token>/inbox/", unsafe_inbox, name="unsafe_inbox"),
    path("<str:token>/write-again/", resume_messages, name="resume_messages"),
    path("<str:token>/seen/", acknowledge, name="acknowledge"),
    path("<str:token>/nobody-came/", report_nobody_came, name="report_nobody_came"),
    path("<str:token>/stop/", stop_messages, name="stop_messages"),
    path("<str:token>/map/", on_map, name="map"),
    path("<str:token>/calendar.ics", calendar, name="calendar"),
]
