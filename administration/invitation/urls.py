from django.urls import path

from administration.invitation.views import SendAgainPage

app_name = "invitation"

urlpatterns = [path("people/<int:pk>/invite/", SendAgainPage.as_view(), name="send_again")]
