from django.urls import path

from bookings.delivery_problems.views import address, not_told, send_again, send_staff_again, staff_knows

app_name = "delivery_problems"

urlpatterns = [
    path("bookings/<uuid:uuid>/send-again/", send_again, name="send_again"),
    path("bookings/<uuid:uuid>/address/", address, name="address"),
    path("messages/", not_told, name="not_told"),
    path("messages/<uuid:uuid>/again/", send_staff_again, name="send_staff_again"),
    path("messages/<uuid:uuid>/known/", staff_knows, name="staff_knows"),
]
