from django.urls import path

from bookings.manage.freeze.views import LiftFreezePage

app_name = "freeze"

urlpatterns = [
    path("bookings/<uuid:pk>/lift-freeze/", LiftFreezePage.as_view(), name="lift"),
]
