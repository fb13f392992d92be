from django.urls import path

from administration.sign_out.views import SignOutEverywherePage

app_name = "sign_out"

urlpatterns = [path("people/<int:pk>/sign-out/", SignOutEverywherePage.as_view(), name="everywhere")]
