from django.urls import path

from accounts.requests import allow_idle_session
from accounts.views import ChangePassword, SignIn, SignOut, keys

app_name = "accounts"

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("keys/", keys, name="keys"),
    path("password/", ChangePassword.as_view(), name="password"),
    path("sign-out/", allow_idle_session(SignOut.as_view()), name="sign_out"),
]
