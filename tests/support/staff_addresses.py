"""Addresses of the staff pages."""

from django.urls import reverse


def staff_address(name, *rows):
    return reverse(name, args=[row.pk for row in rows])
