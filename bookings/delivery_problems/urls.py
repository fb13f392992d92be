from django.urls import path

from bookings.delivery_problems.views import (
    CorrectAddressPage,
    MarkStaffInformedButton,
    ResendButton,
    ResendToStaffButton,
    delivery_problem_list,
)

app_name = "delivery_problems"

urlpatterns = [
    path("bookings/<uuid:pk>/send-again/", ResendButton.as_view(), name="resend"),
    path("bookings/<uuid:pk>/address/", CorrectAddressPage.as_view(), name="correct_address"),
    path("messages/", delivery_problem_list, name="list"),
    path("messages/<uuid:pk>/again/", ResendToStaffButton.as_view(), name="resend_to_staff"),
    path("messages/<uuid:pk>/known/", MarkStaffInformedButton.as_view(), name="mark_staff_informed"),
]
