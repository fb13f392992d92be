from django.urls import path

from accounts.force_sign_in import views as force
from accounts.my_sessions.views import end_other_sessions, end_session, sessions
from accounts.new_passwords.views import choose_password_page, forgotten_password, open_password_link
from accounts.profile.views import ChangePassword, keys
from accounts.requests import allow_idle_session
from accounts.sign_in.views import BreakGlassSignIn, SignIn, SignOut

app_name = "accounts"

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-in/emergency/", BreakGlassSignIn.as_view(), name="break_glass"),
    path("sign-in/force/", force.start, name="force_sign_in"),
    path("sign-in/force/answer/", force.callback, name="force_callback"),
    path("sign-in/force/connect/", force.connect, name="connect_force_account"),
    path("sign-in/force/confirm/", force.confirm, name="confirm_with_force"),
    path("forgotten-password/", forgotten_password, name="forgotten_password"),
    path("password-link/<str:token>/", open_password_link, name="password_link"),
    path("choose-password/", choose_password_page, name="choose_password"),
    path("keys/", keys, name="keys"),
    path("password/", ChangePassword.as_view(), name="password"),
    path("sessions/", sessions, name="sessions"),
    path("sessions/<int:pk>/end/", end_session, name="end_session"),
    path("sessions/end-others/", end_other_sessions, name="end_other_sessions"),
    path("sign-out/", allow_idle_session(SignOut.as_view()), name="sign_out"),
]
