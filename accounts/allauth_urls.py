"""Addresses by the names that django-allauth uses. Its other pages have none (docs/decisions/sign-in.md)."""

from allauth.mfa.base.views import AuthenticateView, IndexView
from django.urls import path

from accounts.sign_in.views import SignIn

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-in/second-step/", AuthenticateView.as_view(), name="mfa_authenticate"),
    path("second-factor/", IndexView.as_view(), name="mfa_index"),
]
