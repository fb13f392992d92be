"""Django admin finds every page of it here. Nothing about requesters has one."""

import django.contrib.auth.admin  # noqa: F401  # registers groups, which we don’t use
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group

import administration.equality.admin
import administration.partners.admin
import administration.people.admin
import administration.teams.admin
import administration.texts.admin  # noqa: F401

admin.site.site_header = "Walk and Talk"
admin.site.site_title = "Walk and Talk"
admin.site.index_title = "People and areas"
# The navigation and the breadcrumbs lead back. Without the sidebar a list of ten columns fits a desk’s screen.
admin.site.enable_nav_sidebar = False
# An administrator must not give anyone a second factor or a sign-in of the force, nor take one away here.
admin.site.unregister([Authenticator, EmailAddress, Group, SocialAccount, SocialApp, SocialToken])
