from django.urls import path

from bookings.delivery_problems.views import correct_address, mark_staff_informed, not_told, resend, resend_to_staff

app_name = "delivery_problems"

urlpatterns = [
    path("bookings/<uuid:pk>/send-again/", resend, name="resend"),
    path("bookings/<uuid:pk>/address/", correct_address, name="correct_address"),
    path("messages/", not_told, name="list"),
    path("messages/<uuid:pk>/again/", resend_to_staff, name="resend_to_staff"),
    path("messages/<uuid:pk>/known/", mark_staff_informed, name="mark_staff_informed"),
]
