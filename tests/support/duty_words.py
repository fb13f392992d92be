"""Statements about an officer's duty on one day."""

from walks.duties import actions


def make_duty_word(officer, date, kind, times=None):
    return actions.DutyWord(officer=officer, date=date, kind=kind, times=times)
