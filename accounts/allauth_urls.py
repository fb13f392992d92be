"""Addresses by the names that django-allauth uses. Its other pages have none (docs/decisions/sign-in.md)."""

from django.urls import path

from accounts.confirmation.views import ConfirmWithCode, ConfirmWithPasskey, ConfirmWithPassword
from accounts.second_factor import views
from accounts.sign_in.passkey import SignInWithPasskey
from accounts.sign_in.second_step import SecondStep
from accounts.sign_in.views import SignIn

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/passkey/", SignInWithPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/second-step/", SecondStep.as_view(), name="mfa_authenticate"),
    path("confirm/password/", ConfirmWithPassword.as_view(), name="account_reauthenticate"),
    path("confirm/code/", ConfirmWithCode.as_view(), name="mfa_reauthenticate"),
    path("confirm/passkey/", ConfirmWithPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("second-factor/", views.how_you_sign_in, name="mfa_index"),
    path("second-factor/passkeys/new/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/name/", views.rename, name="mfa_edit_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("second-factor/app/new/", views.AddApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", views.remove_app, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery-codes/new/", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
]
