import datetime

from django.urls import path, register_converter

from bookings.views.staff import (
    booking,
    buttons,
    calendar,
    calendar_feed,
    company,
    decisions,
    duty,
    duty_import,
    figures,
    guests,
    handing_over,
    maps,
    new_booking,
    offers,
    one_officer,
    pins,
    queue,
    safeguarding,
    scheduling,
    settling,
    standing,
    taking,
    telling,
    walks,
)


class DateConverter:
    """A day in an address, as 2026-12-08."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> datetime.date:
        """A ValueError, for a day that there is not, is no match."""
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()


register_converter(DateConverter, "date")
app_name = "staff"

urlpatterns = [
    path("bookings/", queue.bookings, name="bookings"),
    path("bookings/find/", queue.find, name="find"),
    path("bookings/new/", new_booking.new_booking, name="new_booking"),
    path("bookings/new/<uuid:uuid>/", new_booking.new_booking_more, name="new_booking_more"),
    path("bookings/new/<uuid:uuid>/read-back/", new_booking.read_back, name="new_booking_read_back"),
    path("bookings/new/<uuid:uuid>/sent/", new_booking.new_booking_sent, name="new_booking_sent"),
    path("bookings/new/<uuid:uuid>/pin/", new_booking.new_booking_pin, name="new_booking_pin"),
    path("bookings/<uuid:uuid>/", booking.booking, name="booking"),
    path("bookings/<uuid:uuid>/take/", taking.take, name="take"),
    path("bookings/<uuid:uuid>/put-back/", taking.put_back, name="put_back"),
    path("bookings/<uuid:uuid>/note/", taking.note, name="note"),
    path("bookings/<uuid:uuid>/stop/", safeguarding.stop, name="stop"),
    path("bookings/<uuid:uuid>/stop/close/", safeguarding.close, name="close_stop"),
    path("bookings/<uuid:uuid>/schedule/", scheduling.schedule, name="schedule"),
    path("bookings/<uuid:uuid>/offer/", offers.offer, name="offer"),
    path("bookings/<uuid:uuid>/offer/take-back/", offers.take_back, name="offer_take_back"),
    path("bookings/<uuid:uuid>/join/", company.join, name="join"),
    path("bookings/<uuid:uuid>/standing/", standing.offer_standing, name="offer_standing"),
    path("bookings/<uuid:uuid>/hand-over/", handing_over.hand_over, name="hand_over"),
    path("bookings/<uuid:uuid>/decline/", decisions.decline, name="decline"),
    path("bookings/<uuid:uuid>/plan-stands/", decisions.keep_plan, name="keep_plan"),
    path("bookings/<uuid:uuid>/cancel/", decisions.cancel, name="cancel"),
    path("bookings/<uuid:uuid>/spoken/", booking.spoken, name="spoken"),
    path("bookings/<uuid:uuid>/reached/", booking.reached, name="reached"),
    path("bookings/<uuid:uuid>/settle/", settling.settle, name="settle"),
    path("bookings/<uuid:uuid>/new-pin/", pins.reset_pin, name="reset_pin"),
    path("bookings/<uuid:uuid>/phone/", booking.booking_phone, name="booking_phone"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed/", calendar_feed.calendar_feed, name="calendar_feed"),
    path("calendar/feed/revoke/", calendar_feed.calendar_feed_revoke, name="calendar_feed_revoke"),
    path("calendar/<date:date>/", calendar.calendar_day, name="calendar_day"),
    path("figures/", figures.figures, name="figures"),
    path("duty/", duty.duty, name="duty"),
    path("duty/import/", duty_import.duty_import, name="duty_import"),
    path("duty/<int:pk>/", duty.duty_of, name="duty_of"),
    path("duty/<int:pk>/week/", duty.duty_week, name="duty_week"),
    path("duty/<int:pk>/days/", duty.duty_days, name="duty_days"),
    path("bookings/<uuid:uuid>/send-again/", telling.send_again, name="send_again"),
    path("bookings/<uuid:uuid>/address/", telling.address, name="address"),
    path("messages/", telling.not_told, name="not_told"),
    path("messages/<uuid:uuid>/again/", telling.send_staff_again, name="send_staff_again"),
    path("messages/<uuid:uuid>/known/", telling.staff_knows, name="staff_knows"),
    path("standing/", standing.standing_walks, name="standing_walks"),
    path("standing/new/", standing.standing_new, name="standing_new"),
    path("standing/<uuid:uuid>/", standing.standing, name="standing"),
    path("standing/<uuid:uuid>/pause/", standing.standing_pause, name="standing_pause"),
    path("walks/", walks.walks, name="walks"),
    path("walks/<uuid:uuid>/", walks.walk, name="walk"),
    path("walks/<uuid:uuid>/map/", maps.walk_map, name="walk_map"),
    path("walks/<uuid:uuid>/change/", scheduling.change, name="change"),
    path("walks/<uuid:uuid>/one-officer/", one_officer.ask_about_one, name="ask_about_one"),
    path("walks/<uuid:uuid>/one-officer/<uuid:question_uuid>/", one_officer.spoken_answer, name="spoken_answer"),
    path("walks/<uuid:uuid>/company/", company.ask_company, name="ask_company"),
    path("walks/<uuid:uuid>/guest/", guests.invite_guest, name="invite_guest"),
    path("walks/<uuid:uuid>/guest/<uuid:guest_uuid>/withdraw/", guests.withdraw_guest, name="withdraw_guest"),
    path("walks/<uuid:uuid>/briefing/", standing.briefing, name="briefing"),
    path("walks/<uuid:uuid>/phrase/", buttons.phrase, name="phrase"),
    path("walks/<uuid:uuid>/on-my-way/", buttons.set_off, name="set_off"),
    path("walks/<uuid:uuid>/here/", buttons.arrive, name="arrive"),
    path("walks/<uuid:uuid>/not-there/<uuid:booking_uuid>/", buttons.not_there, name="not_there"),
    path("walks/<uuid:uuid>/came/<uuid:booking_uuid>/", buttons.came, name="came"),
    path("walks/<uuid:uuid>/stop/", safeguarding.stop_on_walk, name="stop_on_walk"),
    path("walks/<uuid:uuid>/called-away/", buttons.called_away, name="called_away"),
    path("walks/<uuid:uuid>/start/", walks.start, name="start"),
    path("walks/<uuid:uuid>/end/", walks.end, name="end"),
    path("walks/<uuid:uuid>/leave/", walks.leave, name="leave"),
    path("walks/<uuid:uuid>/phone/<uuid:booking_uuid>/", walks.phone, name="phone"),
]
