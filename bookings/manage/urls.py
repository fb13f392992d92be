from django.urls import path

from bookings.manage.contact.views import address, inbox, write_again
from bookings.manage.offer.views import offer
from bookings.manage.one_officer.views import one_officer
from bookings.manage.other_times.views import change
from bookings.manage.sharing.views import company
from bookings.manage.views import calendar, cancel, confirm, disown, find, nobody_came, on_map, page, seen, stop

app_name = "manage"

urlpatterns = [
    path("", find, name="find_booking"),
    path("<str:token>/", page, name="page"),
    path("<str:token>/confirm/", confirm, name="confirm"),
    path("<str:token>/not-me/", disown, name="report_not_mine"),
    path("<str:token>/who-comes/", one_officer, name="one_officer"),
    path("<str:token>/offer/", offer, name="answer_offer"),
    path("<str:token>/company/", company, name="sharing_consent"),
    path("<str:token>/change/", change, name="request_other_times"),
    path("<str:token>/cancel/", cancel, name="cancel"),
    path("<str:token>/address/", address, name="change_address"),
    path("<str:token>/inbox/", inbox, name="unsafe_inbox"),
    path("<str:token>/write-again/", write_again, name="resume_messages"),
    path("<str:token>/seen/", seen, name="acknowledge"),
    path("<str:token>/nobody-came/", nobody_came, name="report_nobody_came"),
    path("<str:token>/stop/", stop, name="stop_messages"),
    path("<str:token>/map/", on_map, name="map"),
    path("<str:token>/calendar.ics", calendar, name="calendar"),
]
