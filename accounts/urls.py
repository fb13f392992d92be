from django.urls import path

from accounts.profile.views import ChangePassword, keys
from accounts.requests import allow_idle_session
from accounts.sign_in.views import SignIn, SignOut

app_name = "accounts"

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("keys/", keys, name="keys"),
    path("password/", ChangePassword.as_view(), name="password"),
    path("sign-out/", allow_idle_session(SignOut.as_view()), name="sign_out"),
]
