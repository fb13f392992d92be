from datetime import UTC, date, datetime, time

import pytest

from walkandtalk.lib import london


def test_to_instant_reads_london_time():
    winter = london.to_instant(date(2026, 12, 8), time(18, 30))
    summer = london.to_instant(date(2027, 6, 8), time(18, 30))

    assert winter == datetime(2026, 12, 8, 18, 30, tzinfo=UTC)
    assert summer == datetime(2027, 6, 8, 17, 30, tzinfo=UTC)
    assert winter.tzinfo is UTC


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_to_instant_refuses_a_time_that_does_not_exist(minute):
    with pytest.raises(london.TimeDoesNotExist):
        london.to_instant(date(2027, 3, 28), time(1, minute))


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_to_instant_refuses_a_time_that_happens_twice(minute):
    with pytest.raises(london.TimeHappensTwice):
        london.to_instant(date(2027, 10, 31), time(1, minute))


def test_to_instant_explains_clock_changes():
    with pytest.raises(london.AmbiguousOrMissingTime) as missing:
        london.to_instant(date(2027, 3, 28), time(1, 30))
    with pytest.raises(london.AmbiguousOrMissingTime) as double:
        london.to_instant(date(2027, 10, 31), time(1, 30))

    assert str(missing.value) == ("The clocks go forward that night, so there’s no 1:30am. Enter another time.")
    assert str(double.value) == "The clocks go back that night, so 1:30am happens twice. Enter another time."


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2027, 3, 28), time(0, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 10, 31), time(0, 59), datetime(2027, 10, 30, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 0), datetime(2027, 10, 31, 2, 0, tzinfo=UTC)),
    ],
)
def test_to_instant_accepts_the_edges_of_a_clock_change(day, at, instant):
    assert london.to_instant(day, at) == instant


def test_local_shows_an_instant_in_london_time():
    local = london.local(datetime(2027, 6, 8, 17, 30, tzinfo=UTC))

    assert (local.date(), local.time()) == (date(2027, 6, 8), time(18, 30))


def test_local_refuses_a_time_without_its_zone():
    with pytest.raises(ValueError, match="without its zone"):
        london.local(datetime(2027, 6, 8, 17, 30))


def test_today_is_the_day_in_london():
    day_before = datetime.now(london.LONDON).date()
    today = london.today()
    after = datetime.now(london.LONDON).date()

    assert day_before <= today <= after


def test_long_date_has_the_weekday_and_no_leading_zero():
    assert london.long_date(date(2026, 12, 8)) == "Tuesday 8 December 2026"
    assert london.long_date(date(2027, 3, 27)) == "Saturday 27 March 2027"


def test_long_date_reads_an_instant_in_london_time():
    assert london.long_date(datetime(2027, 6, 8, 23, 30, tzinfo=UTC)) == "Wednesday 9 June 2027"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(18, 30), "6:30pm"),
        (time(7, 0), "7am"),
        (time(9, 5), "9:05am"),
        (time(12, 0), "midday"),
        (time(12, 30), "12:30pm"),
        (time(0, 0), "midnight"),
        (time(0, 15), "12:15am"),
        (time(23, 59), "11:59pm"),
    ],
)
def test_clock_formats_a_time_as_people_write_it(at, words):
    assert london.clock(at) == words


def test_clock_reads_an_instant_in_london_time():
    assert london.clock(datetime(2027, 6, 8, 17, 30, tzinfo=UTC)) == "6:30pm"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 12), "3:50pm"),
        (date(2027, 6, 24), "9:20pm"),
        (date(2027, 3, 28), "7:25pm"),
        (date(2027, 3, 27), "6:25pm"),
    ],
)
def test_sunset_is_given_to_five_minutes_in_london_time(day, words):
    sunset = london.sunset(day)

    assert london.clock(sunset) == words
    assert sunset.date() == day
    assert sunset.tzinfo is london.LONDON


def test_sunset_is_on_the_given_day_all_year():
    days = [date.fromordinal(date(2027, 1, 1).toordinal() + n) for n in range(365)]

    sunsets = [london.sunset(day) for day in days]

    assert [moment.date() for moment in sunsets] == days
    assert {(moment.minute % 5, moment.second, moment.microsecond) for moment in sunsets} == {(0, 0, 0)}


@pytest.mark.parametrize(
    ("day", "n", "answer"),
    [
        (date(2026, 12, 7), 3, date(2026, 12, 10)),
        (date(2026, 12, 11), 1, date(2026, 12, 14)),
        # Christmas Day 2026 is a Friday, so the Boxing Day holiday is on Monday the 28th.
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 12, 25), 0, date(2026, 12, 25)),
    ],
)
def test_add_working_days_skips_weekends_and_bank_holidays(day, n, answer):
    assert london.add_working_days(day, n) == answer


def test_bank_holiday_names_the_day_in_england():
    assert london.bank_holiday(date(2026, 12, 25)) == "Christmas Day"
    assert london.bank_holiday(date(2026, 12, 28)) == "Boxing Day (observed)"
    assert london.bank_holiday(date(2026, 12, 29)) is None


def test_bank_holiday_leaves_out_scottish_holidays():
    assert london.bank_holiday(date(2026, 11, 30)) is None
