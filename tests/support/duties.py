"""Entries for an officer's duty on one day."""

from walks.duties import actions


def make_duty_entry(officer, date, kind, times=None):
    return actions.DutyEntry(officer=officer, date=date, kind=kind, times=times)
