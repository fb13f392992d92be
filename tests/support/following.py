"""Following an area, as a browser and a mail program do."""

import datetime
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.utils import timezone

from figures.following.actions import confirm_area
from figures.following.forms import FollowForm
from figures.models.followers import FollowedArea, Follower
from outbox.models import Message
from tests.support.markup import Markup

FOLLOW = "/what-women-told-us/follow/"
EMAIL = "ines@example.com"
LINK = re.compile(r"https?://\S+/r/updates/\S+/")


def hidden_fields(client):
    tags = Markup(client.get(FOLLOW).text).all("input")
    return {tag.attrs["name"]: tag.attrs.get("value", "") for tag in tags if tag.attrs.get("type") == "hidden"}


def ask(client=None, path=FOLLOW, **answers):
    """Fill in the form and send it. Return the response."""
    client = client or Client()
    return client.post(path, {**hidden_fields(client), "area": "southwark", "email": EMAIL, **answers})


def follow_data():
    """Return valid answers of a page that was shown an hour ago."""
    form = FollowForm(area="", now=timezone.now() - datetime.timedelta(hours=1))
    return {"area": "southwark", "email": EMAIL, "rendered": form.initial["rendered"]}


def links_in(message):
    """Return the paths of the links in a message: its button, then the way to stop."""
    return [urlsplit(link).path for link in LINK.findall(message.text)]


def latest_links():
    return links_in(Message.objects.latest("number"))


def neutral(method, path, data=None, *, client=None):
    """Ask the neutral host as a new browser does, with the checks that protect forms."""
    client = client or Client(enforce_csrf_checks=True)
    return getattr(client, method)(path, data, headers={"host": settings.DISCREET_HOST})


def press(path):
    """Open the page of a link and press its button."""
    client = Client(enforce_csrf_checks=True)
    boxes = Markup(neutral("get", path, client=client).text).all("input")
    return neutral("post", path, {box.attrs["name"]: box.attrs["value"] for box in boxes}, client=client)


def make_follower(*areas, email=EMAIL, confirmed=True, told_of=None):
    """Make a follower of these areas. Return it, and the token of the last area."""
    now, follower, token = timezone.now(), Follower.objects.add(email), ""
    for area in areas or ("southwark",):
        token = FollowedArea.objects.ask(follower, area, now=now)
        if confirmed:
            confirm_area(FollowedArea.objects.to_be_confirmed_by(token, now=now), now=now)
    if told_of is not None:
        Follower.objects.filter(pk=follower.pk).update(told_of=told_of)
    return Follower.objects.get(pk=follower.pk), token
