from django.urls import path

from bookings.views import changing, company, contacting, offers, one_officer, returning

app_name = "my_walk"
urlpatterns = [
    path("", returning.find, name="find"),
    path("<str:token>/", returning.page, name="page"),
    path("<str:token>/confirm/", returning.confirm, name="confirm"),
    path("<str:token>/not-me/", returning.disown, name="disown"),
    path("<str:token>/who-comes/", one_officer.one_officer, name="one_officer"),
    path("<str:token>/offer/", offers.offer, name="offer"),
    path("<str:token>/company/", company.company, name="company"),
    path("<str:token>/change/", changing.change, name="change"),
    path("<str:token>/cancel/", returning.cancel, name="cancel"),
    path("<str:token>/address/", contacting.address, name="address"),
    path("<str:token>/inbox/", contacting.inbox, name="inbox"),
    path("<str:token>/write-again/", contacting.write_again, name="write_again"),
    path("<str:token>/seen/", returning.seen, name="seen"),
    path("<str:token>/nobody-came/", returning.nobody_came, name="nobody_came"),
    path("<str:token>/stop/", returning.stop, name="stop"),
    path("<str:token>/map/", returning.on_map, name="map"),
    path("<str:token>/calendar.ics", returning.calendar, name="calendar"),
]
