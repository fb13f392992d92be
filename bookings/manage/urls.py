from django.urls import path

from bookings.manage.contact.views import address, inbox, write_again
from bookings.manage.offer.views import offer
from bookings.manage.one_officer.views import one_officer
from bookings.manage.other_times.views import change
from bookings.manage.sharing.views import company
from bookings.manage.views import calendar, cancel, confirm, disown, find, nobody_came, on_map, page, seen, stop

app_name = "manage"

urlpatterns = [
    path("", find, name="find"),
    path("<str:token>/", page, name="page"),
    path("<str:token>/confirm/", confirm, name="confirm"),
    path("<str:token>/not-me/", disown, name="disown"),
    path("<str:token>/who-comes/", one_officer, name="one_officer"),
    path("<str:token>/offer/", offer, name="offer"),
    path("<str:token>/company/", company, name="company"),
    path("<str:token>/change/", change, name="change"),
    path("<str:token>/cancel/", cancel, name="cancel"),
    path("<str:token>/address/", address, name="address"),
    path("<str:token>/inbox/", inbox, name="inbox"),
    path("<str:token>/write-again/", write_again, name="write_again"),
    path("<str:token>/seen/", seen, name="seen"),
    path("<str:token>/nobody-came/", nobody_came, name="nobody_came"),
    path("<str:token>/stop/", stop, name="stop"),
    path("<str:token>/map/", on_map, name="map"),
    path("<str:token>/calendar.ics", calendar, name="calendar"),
]
