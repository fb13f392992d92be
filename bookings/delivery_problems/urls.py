from django.urls import path

from bookings.delivery_problems.views import correct_address, mark_staff_informed, not_told, resend, resend_to_staff

app_name = "delivery_problems"

urlpatterns = [
    path("bookings/<uuid:uuid>/send-again/", resend, name="resend"),
    path("bookings/<uuid:uuid>/address/", correct_address, name="correct_address"),
    path("messages/", not_told, name="list"),
    path("messages/<uuid:uuid>/again/", resend_to_staff, name="resend_to_staff"),
    path("messages/<uuid:uuid>/known/", mark_staff_informed, name="mark_staff_informed"),
]
