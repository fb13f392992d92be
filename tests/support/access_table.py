"""What each address answers each person, for reading and for doing."""

from tests.support.addresses import NEUTRAL, every_address

# One answer in a line is everybody's. "sign-in" is the way to the sign-in page, a star says that rows changed.
# Pages with one answer of 200 are public; what is not yours is a 404; 403 is for pages that list nothing for your role.
TABLE = """
                                          signed_out on_it not_on_it inspector stranger lead administrator
accounts:password                    GET  sign-in    200   200       200       200      200  200
accounts:password                    POST sign-in    302*  302*      302*      302*     302* 302*
accounts:sign_in                     GET  200        302   302       302       302      302  302
accounts:sign_in                     POST 302
accounts:sign_out                    GET  sign-in    405   405       405       405      405  405
accounts:sign_out                    POST sign-in
admin-sign-in                        GET  sign-in    403   403       403       403      403  403
admin-sign-in                        POST 405
admin:index                          GET  302        302   302       302       302      302  200
admin:index                          POST 302        302   302       302       302      302  200
boroughs:accessibility               GET  200
boroughs:accessibility               POST 405
boroughs:area                        GET  200
boroughs:area                        POST 405
boroughs:area-picture                GET  200
boroughs:area-picture                POST 405
boroughs:areas                       GET  200
boroughs:areas                       POST 405
boroughs:attribution                 GET  200
boroughs:attribution                 POST 405
boroughs:cookies                     GET  200
boroughs:cookies                     POST 405
boroughs:picture                     GET  200
boroughs:picture                     POST 405
boroughs:poster                      GET  200
boroughs:poster                      POST 405
boroughs:privacy                     GET  200
boroughs:privacy                     POST 405
boroughs:robots                      GET  200
boroughs:robots                      POST 405
boroughs:safety                      GET  200
boroughs:safety                      POST 405
boroughs:sitemap                     GET  200
boroughs:sitemap                     POST 405
calendar-feed                        GET  200*
calendar-feed                        POST 405
contact:sent_address                 GET  302
contact:sent_address                 POST 302
contact:sent_again                   GET  405
contact:sent_again                   POST 302
delivery_problems:address            GET  sign-in    404   404       200*      404      404  404
delivery_problems:address            POST sign-in    404   404       302*      404      404  404
delivery_problems:not_told           GET  sign-in    403   403       200       200      403  403
delivery_problems:not_told           POST sign-in    405   405       405       405      405  405
delivery_problems:send_again         GET  sign-in    405   405       405       405      405  405
delivery_problems:send_again         POST sign-in    404   404       302*      404      404  404
delivery_problems:send_staff_again   GET  sign-in    405   405       405       405      405  405
delivery_problems:send_staff_again   POST sign-in    403   403       302*      404      403  403
delivery_problems:staff_knows        GET  sign-in    405   405       405       405      405  405
delivery_problems:staff_knows        POST sign-in    403   403       302*      404      403  403
feedback:answer                      GET  sign-in    404   404       200       404      404  404
feedback:answer                      POST sign-in    404   404       302*      404      404  404
feedback:better                      GET  200
feedback:better                      POST 302*
neutral feedback:better              GET  200
neutral feedback:better              POST 302*
feedback:concern                     GET  sign-in    404   404       200       404      404  404
feedback:concern                     POST sign-in    404   404       302*      404      404  404
feedback:concerns                    GET  sign-in    403   403       200       200      403  403
feedback:concerns                    POST sign-in    405   405       405       405      405  405
feedback:correct                     GET  200
feedback:correct                     POST 302*
neutral feedback:correct             GET  200
neutral feedback:correct             POST 302*
feedback:heard                       GET  200
feedback:heard                       POST 405
neutral feedback:heard               GET  200
neutral feedback:heard               POST 405
feedback:join                        GET  sign-in    404   404       200       404      404  404
feedback:join                        POST sign-in    404   404       302*      404      404  404
feedback:note                        GET  sign-in    200*  404       200*      404      404  404
feedback:note                        POST sign-in    302*  404       302*      404      404  404
feedback:tell_us                     GET  200
feedback:tell_us                     POST 302*
neutral feedback:tell_us             GET  200
neutral feedback:tell_us             POST 302*
feedback:thanks                      GET  200
feedback:thanks                      POST 405
neutral feedback:thanks              GET  200
neutral feedback:thanks              POST 405
feedback:walk_note                   GET  sign-in    200*  404       200*      404      404  404
feedback:walk_note                   POST sign-in    302*  404       302*      404      404  404
figures:figures                      GET  sign-in    403   403       200       200      200  403
figures:figures                      POST sign-in    405   405       405       405      405  405
healthz                              GET  200
healthz                              POST 405
neutral healthz                      GET  200
neutral healthz                      POST 405
home                                 GET  200
home                                 POST 405
neutral home                         GET  200
neutral home                         POST 405
leave                                GET  302*
leave                                POST 405
neutral leave                        GET  302*
neutral leave                        POST 405
manage:address                       GET  200
manage:address                       POST 200*
neutral manage:address               GET  200
neutral manage:address               POST 200*
manage:calendar                      GET  200
manage:calendar                      POST 405
neutral manage:calendar              GET  200
neutral manage:calendar              POST 405
manage:cancel                        GET  200
manage:cancel                        POST 302*
neutral manage:cancel                GET  200
neutral manage:cancel                POST 302*
manage:change                        GET  200
manage:change                        POST 302*
neutral manage:change                GET  200
neutral manage:change                POST 302*
manage:company                       GET  302
manage:company                       POST 302*
neutral manage:company               GET  302
neutral manage:company               POST 302*
manage:confirm                       GET  302
manage:confirm                       POST 302*
neutral manage:confirm               GET  302
neutral manage:confirm               POST 302*
manage:disown                        GET  302
manage:disown                        POST 200*
neutral manage:disown                GET  302
neutral manage:disown                POST 200*
manage:find                          GET  200
manage:find                          POST 200*
neutral manage:find                  GET  200
neutral manage:find                  POST 200*
manage:inbox                         GET  200
manage:inbox                         POST 200*
neutral manage:inbox                 GET  200
neutral manage:inbox                 POST 200*
manage:map                           GET  200
manage:map                           POST 405
neutral manage:map                   GET  200
neutral manage:map                   POST 405
manage:nobody_came                   GET  302
manage:nobody_came                   POST 302*
neutral manage:nobody_came           GET  302
neutral manage:nobody_came           POST 302*
manage:offer                         GET  200
manage:offer                         POST 302*
neutral manage:offer                 GET  200
neutral manage:offer                 POST 302*
manage:one_officer                   GET  200
manage:one_officer                   POST 302*
neutral manage:one_officer           GET  200
neutral manage:one_officer           POST 302*
manage:page                          GET  200
manage:page                          POST 405
neutral manage:page                  GET  200
neutral manage:page                  POST 405
manage:seen                          GET  302
manage:seen                          POST 302*
neutral manage:seen                  GET  302
neutral manage:seen                  POST 302*
manage:stop                          GET  200
manage:stop                          POST 302*
neutral manage:stop                  GET  200
neutral manage:stop                  POST 302*
manage:write_again                   GET  302
manage:write_again                   POST 302*
neutral manage:write_again           GET  302
neutral manage:write_again           POST 302*
metrics                              GET  404
metrics                              POST 405
on_the_day:arrive                    GET  sign-in    405   405       405       405      405  405
on_the_day:arrive                    POST sign-in    302*  404       403       404      404  404
on_the_day:ask_about_one             GET  sign-in    405   405       405       405      405  405
on_the_day:ask_about_one             POST sign-in    403   404       302*      404      404  404
on_the_day:briefing                  GET  sign-in    200*  404       200*      404      404  404
on_the_day:briefing                  POST sign-in    405   405       405       405      405  405
on_the_day:called_away               GET  sign-in    200   404       403       404      404  404
on_the_day:called_away               POST sign-in    302*  404       403       404      404  404
on_the_day:came                      GET  sign-in    405   405       405       405      405  405
on_the_day:came                      POST sign-in    302*  404       403       404      404  404
on_the_day:end                       GET  sign-in    405   405       405       405      405  405
on_the_day:end                       POST sign-in    302*  404       403       404      404  404
on_the_day:leave                     GET  sign-in    200   404       403       404      404  404
on_the_day:leave                     POST sign-in    302*  404       403       404      404  404
on_the_day:not_there                 GET  sign-in    200   404       403       404      404  404
on_the_day:not_there                 POST sign-in    302*  404       403       404      404  404
on_the_day:phone                     GET  sign-in    405   405       405       405      405  405
on_the_day:phone                     POST sign-in    200*  404       200*      404      404  404
on_the_day:phrase                    GET  sign-in    200   404       200       404      404  404
on_the_day:phrase                    POST sign-in    405   405       405       405      405  405
on_the_day:set_off                   GET  sign-in    405   405       405       405      405  405
on_the_day:set_off                   POST sign-in    302*  404       403       404      404  404
on_the_day:settle                    GET  sign-in    404   404       200*      404      404  404
on_the_day:settle                    POST sign-in    404   404       302*      404      404  404
on_the_day:spoken_answer             GET  sign-in    403   404       200*      404      404  404
on_the_day:spoken_answer             POST sign-in    403   404       302*      404      404  404
on_the_day:start                     GET  sign-in    405   405       405       405      405  405
on_the_day:start                     POST sign-in    302*  404       403       404      404  404
on_the_day:stop_on_walk              GET  sign-in    200   404       403       404      404  404
on_the_day:stop_on_walk              POST sign-in    302*  404       403       404      404  404
on_the_day:walk                      GET  sign-in    200*  404       200*      404      404  404
on_the_day:walk                      POST sign-in    405   405       405       405      405  405
on_the_day:walk_map                  GET  sign-in    200   404       200       404      404  404
on_the_day:walk_map                  POST sign-in    405   405       405       405      405  405
on_the_day:walks                     GET  sign-in    200   200       200       200      403  403
on_the_day:walks                     POST sign-in    405   405       405       405      405  405
phone_bookings:new_booking           GET  sign-in    403   403       200       200      403  403
phone_bookings:new_booking           POST sign-in    403   403       302*      302*     403  403
phone_bookings:new_booking_more      GET  sign-in    404   404       200       404      404  404
phone_bookings:new_booking_more      POST sign-in    404   404       302*      404      404  404
phone_bookings:new_booking_pin       GET  sign-in    405   405       405       405      405  405
phone_bookings:new_booking_pin       POST sign-in    404   404       200*      404      404  404
phone_bookings:new_booking_read_back GET  sign-in    404   404       200       404      404  404
phone_bookings:new_booking_read_back POST sign-in    404   404       302*      404      404  404
phone_bookings:new_booking_sent      GET  sign-in    404   404       200       404      404  404
phone_bookings:new_booking_sent      POST sign-in    405   405       405       405      405  405
pins:reset_pin                       GET  sign-in    404   404       200*      404      404  404
pins:reset_pin                       POST sign-in    404   404       200*      404      404  404
readyz                               GET  200
readyz                               POST 405
request_form:check                   GET  200
request_form:check                   POST 302*
request_form:city                    GET  200
request_form:city                    POST 405
request_form:closed                  GET  302
request_form:closed                  POST 405
request_form:danger                  GET  200
request_form:danger                  POST 405
request_form:equality                GET  302
request_form:equality                POST 302
request_form:keep                    GET  200
request_form:keep                    POST 200*
request_form:not-london              GET  200
request_form:not-london              POST 405
request_form:question                GET  200
request_form:question                POST 302*
request_form:sent                    GET  302
request_form:sent                    POST 405
request_form:start                   GET  200
request_form:start                   POST 302*
request_form:timed-out               GET  200
request_form:timed-out               POST 405
request_form:under-18                GET  200
request_form:under-18                POST 405
neutral robots                       GET  200
neutral robots                       POST 405
scheduling:ask_company               GET  sign-in    403   404       200       404      404  404
scheduling:ask_company               POST sign-in    403   404       302*      404      404  404
scheduling:cancel                    GET  sign-in    404   404       200*      404      404  404
scheduling:cancel                    POST sign-in    404   404       302*      404      404  404
scheduling:change                    GET  sign-in    403   404       200*      404      404  404
scheduling:change                    POST sign-in    403   404       302*      404      404  404
scheduling:invite_guest              GET  sign-in    403   404       200       404      404  404
scheduling:invite_guest              POST sign-in    403   404       302*      404      404  404
scheduling:join                      GET  sign-in    404   404       200*      404      404  404
scheduling:join                      POST sign-in    404   404       302*      404      404  404
scheduling:keep_plan                 GET  sign-in    404   404       200*      404      404  404
scheduling:keep_plan                 POST sign-in    404   404       302*      404      404  404
scheduling:offer                     GET  sign-in    404   404       200*      404      404  404
scheduling:offer                     POST sign-in    404   404       302*      404      404  404
scheduling:offer_standing            GET  sign-in    404   404       200*      404      404  404
scheduling:offer_standing            POST sign-in    404   404       302*      404      404  404
scheduling:offer_take_back           GET  sign-in    405   405       405       405      405  405
scheduling:offer_take_back           POST sign-in    404   404       302*      404      404  404
scheduling:schedule                  GET  sign-in    404   404       200*      404      404  404
scheduling:schedule                  POST sign-in    404   404       302*      404      404  404
scheduling:withdraw_guest            GET  sign-in    405   405       405       405      405  405
scheduling:withdraw_guest            POST sign-in    403   404       302*      404      404  404
staff-home                           GET  sign-in    302   302       302       302      302  302
staff-home                           POST sign-in    405   405       405       405      405  405
staff_calendar:calendar              GET  sign-in    200   200       200       200      403  403
staff_calendar:calendar              POST sign-in    405   405       405       405      405  405
staff_calendar:calendar_day          GET  sign-in    200   200       200       200      403  403
staff_calendar:calendar_day          POST sign-in    405   405       405       405      405  405
triage:booking                       GET  sign-in    404   404       200*      404      404  404
triage:booking                       POST sign-in    405   405       405       405      405  405
triage:booking_phone                 GET  sign-in    405   405       405       405      405  405
triage:booking_phone                 POST sign-in    404   404       200*      404      404  404
triage:bookings                      GET  sign-in    403   403       200       200      403  403
triage:bookings                      POST sign-in    405   405       405       405      405  405
triage:close_stop                    GET  sign-in    404   404       200*      404      404  404
triage:close_stop                    POST sign-in    404   404       302*      404      404  404
triage:decline                       GET  sign-in    404   404       200*      404      404  404
triage:decline                       POST sign-in    404   404       302*      404      404  404
triage:find                          GET  sign-in    403   403       200       200      403  403
triage:find                          POST sign-in    403   403       302       422      403  403
triage:hand_over                     GET  sign-in    404   404       200*      404      404  404
triage:hand_over                     POST sign-in    404   404       302*      404      404  404
triage:note                          GET  sign-in    404   404       200*      404      404  404
triage:note                          POST sign-in    404   404       302*      404      404  404
triage:put_back                      GET  sign-in    405   405       405       405      405  405
triage:put_back                      POST sign-in    404   404       302*      404      404  404
triage:reached                       GET  sign-in    405   405       405       405      405  405
triage:reached                       POST sign-in    404   404       302*      404      404  404
triage:spoken                        GET  sign-in    405   405       405       405      405  405
triage:spoken                        POST sign-in    404   404       302*      404      404  404
triage:stop                          GET  sign-in    404   404       200*      404      404  404
triage:stop                          POST sign-in    404   404       302*      404      404  404
triage:take                          GET  sign-in    405   405       405       405      405  405
triage:take                          POST sign-in    404   404       302*      404      404  404
walks:calendar_feed                  GET  sign-in    200   200       200       200      403  403
walks:calendar_feed                  POST sign-in    200*  200*      200*      200*     403  403
walks:calendar_feed_revoke           GET  sign-in    405   405       405       405      405  405
walks:calendar_feed_revoke           POST sign-in    302*  302       302       302      403  403
walks:duty                           GET  sign-in    302   302       200       200      403  403
walks:duty                           POST sign-in    405   405       405       405      405  405
walks:duty_days                      GET  sign-in    200   404       200       404      404  404
walks:duty_days                      POST sign-in    302*  404       302*      404      404  404
walks:duty_import                    GET  sign-in    403   403       200       200      403  403
walks:duty_import                    POST sign-in    403   403       302*      422      403  403
walks:duty_of                        GET  sign-in    200   404       200       404      404  404
walks:duty_of                        POST sign-in    405   405       405       405      405  405
walks:duty_week                      GET  sign-in    200   404       200       404      404  404
walks:duty_week                      POST sign-in    302*  404       302*      404      404  404
walks:standing                       GET  sign-in    404   404       200       404      404  404
walks:standing                       POST sign-in    404   404       302*      404      404  404
walks:standing_new                   GET  sign-in    403   403       200       200      403  403
walks:standing_new                   POST sign-in    403   403       302*      302*     403  403
walks:standing_pause                 GET  sign-in    405   405       405       405      405  405
walks:standing_pause                 POST sign-in    404   404       302*      404      404  404
walks:standing_walks                 GET  sign-in    403   403       200       200      403  403
walks:standing_walks                 POST sign-in    405   405       405       405      405  405
"""

EVERYBODY = TABLE.split()[:7]
REFUSED = {"sign-in", "403", "404", "405"}
GET_THAT_COUNTS = {"calendar-feed"}  # how often it was asked, so that nobody guesses
GET_THAT_FORGETS = {"leave", f"{NEUTRAL}leave"}  # her own answers, at once and without a question
GET_THAT_IS_NOTED = {
    "feedback:note",
    "feedback:walk_note",
    "delivery_problems:address",
    "triage:booking",
    "on_the_day:briefing",
    "scheduling:cancel",
    "scheduling:change",
    "triage:close_stop",
    "triage:decline",
    "triage:hand_over",
    "scheduling:join",
    "scheduling:keep_plan",
    "triage:note",
    "scheduling:offer",
    "scheduling:offer_standing",
    "pins:reset_pin",
    "scheduling:schedule",
    "on_the_day:settle",
    "on_the_day:spoken_answer",
    "triage:stop",
    "on_the_day:walk",
}
"""The pages that say who she is: who reads them, and when an inspector first did, is logged. Nothing else changes."""


def read(table):
    """(address, method) and what each person is answered."""
    header, *lines = filter(None, table.splitlines())
    people = header.split()
    found = {}
    for line in lines:
        name, method, *answers = line.removeprefix(NEUTRAL).split()
        name = NEUTRAL + name if line.startswith(NEUTRAL) else name
        found[name, method] = dict(zip(people, answers * len(people) if len(answers) == 1 else answers, strict=True))
    return found


EXPECTED = read(TABLE)


def lines_for(who):
    """Signed out and as an inspector, all; as anybody else, the pages of staff and what differs between people."""
    if who in ("signed_out", "inspector"):
        return list(EXPECTED)
    staff = names_of_staff_pages()
    return [line for line, answers in EXPECTED.items() if line[0] in staff or len({*answers.values()}) > 1]


def names_of_staff_pages():
    return {address.name for address in every_address() if address.route.startswith(("staff/", "admin/"))}
