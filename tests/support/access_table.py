"""What each address answers each person, for reading and for doing."""

from tests.support.addresses import NEUTRAL, every_address

# One answer in a line is everybody's. "sign-in" is the way to the sign-in page, a star says that rows changed.
# Pages with one answer of 200 are public; what is not yours is a 404; 403 is for pages that list nothing for your role.
TABLE = """
                               signed_out  on_it       not_on_it   inspector   stranger    lead        administrator
admin:index               GET  302         302         302         302         302         302         200
admin:index               POST 302         302         302         302         302         302         200
admin-sign-in             GET  sign-in     403         403         403         403         403         403
admin-sign-in             POST 405
boroughs:accessibility    GET  200
boroughs:accessibility    POST 405
boroughs:area             GET  200
boroughs:area             POST 405
boroughs:area-picture     GET  200
boroughs:area-picture     POST 405
boroughs:areas            GET  200
boroughs:areas            POST 405
boroughs:attribution      GET  200
boroughs:attribution      POST 405
boroughs:cookies          GET  200
boroughs:cookies          POST 405
boroughs:picture          GET  200
boroughs:picture          POST 405
boroughs:poster           GET  200
boroughs:poster           POST 405
boroughs:privacy          GET  200
boroughs:privacy          POST 405
boroughs:robots           GET  200
boroughs:robots           POST 405
boroughs:safety           GET  200
boroughs:safety           POST 405
boroughs:sitemap          GET  200
boroughs:sitemap          POST 405
feedback:answer           GET  sign-in     404         404         200         404         404         404
feedback:answer           POST sign-in     404         404         302*        404         404         404
feedback:better           GET  200
feedback:better           POST 302*
neutral feedback:better   GET  200
neutral feedback:better   POST 302*
feedback:concern          GET  sign-in     404         404         200         404         404         404
feedback:concern          POST sign-in     404         404         302*        404         404         404
feedback:concerns         GET  sign-in     403         403         200         200         403         403
feedback:concerns         POST sign-in     405         405         405         405         405         405
feedback:join             GET  sign-in     404         404         200         404         404         404
feedback:join             POST sign-in     404         404         302*        404         404         404
feedback:note             GET  sign-in     200*        404         200*        404         404         404
feedback:note             POST sign-in     302*        404         302*        404         404         404
feedback:correct          GET  200
feedback:correct          POST 302*
feedback:heard            GET  200
feedback:heard            POST 405
feedback:walk_note        GET  sign-in     200*        404         200*        404         404         404
feedback:walk_note        POST sign-in     302*        404         302*        404         404         404
neutral feedback:correct  GET  200
neutral feedback:correct  POST 302*
neutral feedback:heard    GET  200
neutral feedback:heard    POST 405
feedback:tell_us          GET  200
feedback:tell_us          POST 302*
feedback:thanks           GET  200
feedback:thanks           POST 405
healthz                   GET  200
healthz                   POST 405
home                      GET  200
home                      POST 405
leave                     GET  302*
leave                     POST 405
metrics                   GET  404
metrics                   POST 405
my_walk:address GET  200
my_walk:address POST 200*
my_walk:inbox GET  200
my_walk:inbox POST 200*
my_walk:write_again GET  302
my_walk:write_again POST 302*
neutral my_walk:address GET  200
neutral my_walk:address POST 200*
neutral my_walk:inbox GET  200
neutral my_walk:inbox POST 200*
neutral my_walk:write_again GET  302
neutral my_walk:write_again POST 302*
request:address GET  302
request:address POST 302
request:send_again GET  405
request:send_again POST 302
my_walk:calendar          GET  200
my_walk:calendar          POST 405
my_walk:cancel            GET  200
my_walk:cancel            POST 302*
my_walk:change            GET  200
my_walk:change            POST 302*
my_walk:company           GET  302
my_walk:company           POST 302*
my_walk:confirm           GET  302
my_walk:confirm           POST 302*
my_walk:disown            GET  302
my_walk:disown            POST 200*
my_walk:find              GET  200
my_walk:find              POST 200*
my_walk:map               GET  200
my_walk:map               POST 405
my_walk:nobody_came       GET  302
my_walk:nobody_came       POST 302*
my_walk:offer             GET  200
my_walk:offer             POST 302*
my_walk:page              GET  200
my_walk:page              POST 405
my_walk:seen              GET  302
my_walk:seen              POST 302*
my_walk:stop              GET  200
my_walk:stop              POST 302*
neutral feedback:tell_us  GET  200
neutral feedback:tell_us  POST 302*
neutral feedback:thanks   GET  200
neutral feedback:thanks   POST 405
neutral healthz           GET  200
neutral healthz           POST 405
neutral home              GET  200
neutral home              POST 405
neutral leave             GET  302*
neutral leave             POST 405
neutral my_walk:calendar  GET  200
neutral my_walk:calendar  POST 405
neutral my_walk:cancel    GET  200
neutral my_walk:cancel    POST 302*
neutral my_walk:change    GET  200
neutral my_walk:change    POST 302*
neutral my_walk:company   GET  302
neutral my_walk:company   POST 302*
neutral my_walk:confirm   GET  302
neutral my_walk:confirm   POST 302*
neutral my_walk:disown    GET  302
neutral my_walk:disown    POST 200*
neutral my_walk:find      GET  200
neutral my_walk:find      POST 200*
neutral my_walk:map       GET  200
neutral my_walk:map       POST 405
neutral my_walk:nobody_came GET  302
neutral my_walk:nobody_came POST 302*
neutral my_walk:offer     GET  200
neutral my_walk:offer     POST 302*
neutral my_walk:page      GET  200
neutral my_walk:page      POST 405
neutral my_walk:seen      GET  302
neutral my_walk:seen      POST 302*
neutral my_walk:stop      GET  200
neutral my_walk:stop      POST 302*
neutral robots            GET  200
neutral robots            POST 405
readyz                    GET  200
readyz                    POST 405
request:check             GET  200
request:check             POST 302*
request:city              GET  200
request:city              POST 405
request:closed            GET  302
request:closed            POST 405
request:danger            GET  200
request:danger            POST 405
request:equality          GET  302
request:equality          POST 302
request:keep              GET  200
request:keep              POST 200*
request:not-london        GET  200
request:not-london        POST 405
request:question          GET  200
request:question          POST 302*
request:sent              GET  302
request:sent              POST 405
request:start             GET  200
request:start             POST 302*
request:timed-out         GET  200
request:timed-out         POST 405
request:under-18          GET  200
request:under-18          POST 405
staff-home                GET  sign-in     302         302         302         302         302         302
staff-home                POST sign-in     405         405         405         405         405         405
staff-password            GET  sign-in     200         200         200         200         200         200
staff-password            POST sign-in     302*        302*        302*        302*        302*        302*
staff-sign-in             GET  200         302         302         302         302         302         302
staff-sign-in             POST 302
staff-sign-out            GET  sign-in     405         405         405         405         405         405
staff-sign-out            POST sign-in
staff:ask_about_one       GET  sign-in     405         405         405         405         405         405
staff:ask_about_one       POST sign-in     403         404         302*        404         404         404
staff:spoken_answer       GET  sign-in     403         404         200*        404         404         404
staff:spoken_answer       POST sign-in     403         404         302*        404         404         404
my_walk:one_officer       GET  200
my_walk:one_officer       POST 302*
neutral my_walk:one_officer GET  200
neutral my_walk:one_officer POST 302*
staff:arrive              GET  sign-in     405         405         405         405         405         405
staff:arrive              POST sign-in     302*        404         403         404         404         404
staff:address             GET  sign-in     404         404         200*        404         404         404
staff:address             POST sign-in     404         404         302*        404         404         404
staff:booking             GET  sign-in     404         404         200*        404         404         404
staff:booking             POST sign-in     405         405         405         405         405         405
staff:booking_phone       GET  sign-in     405         405         405         405         405         405
staff:booking_phone       POST sign-in     404         404         200*        404         404         404
staff:bookings            GET  sign-in     403         403         200         200         403         403
staff:bookings            POST sign-in     405         405         405         405         405         405
staff:calendar            GET  sign-in     200         200         200         200         403         403
staff:calendar            POST sign-in     405         405         405         405         405         405
calendar-feed             GET  200*
calendar-feed             POST 405
staff:calendar_feed       GET  sign-in     200         200         200         200         403         403
staff:calendar_feed       POST sign-in     200*        200*        200*        200*        403         403
staff:calendar_feed_revoke GET sign-in     405         405         405         405         405         405
staff:calendar_feed_revoke POST sign-in    302*        302         302         302         403         403
staff:calendar_day        GET  sign-in     200         200         200         200         403         403
staff:calendar_day        POST sign-in     405         405         405         405         405         405
staff:called_away         GET  sign-in     200         404         403         404         404         404
staff:called_away         POST sign-in     302*        404         403         404         404         404
staff:came                GET  sign-in     405         405         405         405         405         405
staff:came                POST sign-in     302*        404         403         404         404         404
staff:cancel              GET  sign-in     404         404         200*        404         404         404
staff:cancel              POST sign-in     404         404         302*        404         404         404
staff:change              GET  sign-in     403         404         200*        404         404         404
staff:change              POST sign-in     403         404         302*        404         404         404
staff:decline             GET  sign-in     404         404         200*        404         404         404
staff:decline             POST sign-in     404         404         302*        404         404         404
staff:duty                GET  sign-in     302         302         200         200         403         403
staff:duty                POST sign-in     405         405         405         405         405         405
staff:duty_days           GET  sign-in     200         404         200         404         404         404
staff:duty_days           POST sign-in     302*        404         302*        404         404         404
staff:duty_import         GET  sign-in     403         403         200         200         403         403
staff:duty_import         POST sign-in     403         403         302*        422         403         403
staff:duty_of             GET  sign-in     200         404         200         404         404         404
staff:duty_of             POST sign-in     405         405         405         405         405         405
staff:duty_week           GET  sign-in     200         404         200         404         404         404
staff:duty_week           POST sign-in     302*        404         302*        404         404         404
staff:end                 GET  sign-in     405         405         405         405         405         405
staff:end                 POST sign-in     302*        404         403         404         404         404
staff:reset_pin           GET  sign-in     404         404         200*        404         404         404
staff:reset_pin           POST sign-in     404         404         200*        404         404         404
staff:keep_plan           GET  sign-in     404         404         200*        404         404         404
staff:keep_plan           POST sign-in     404         404         302*        404         404         404
staff:figures             GET  sign-in     403         403         200         200         200         403
staff:figures             POST sign-in     405         405         405         405         405         405
staff:stop                GET  sign-in     404         404         200*        404         404         404
staff:stop                POST sign-in     404         404         302*        404         404         404
staff:close_stop          GET  sign-in     404         404         200*        404         404         404
staff:close_stop          POST sign-in     404         404         302*        404         404         404
staff:stop_on_walk        GET  sign-in     200         404         403         404         404         404
staff:stop_on_walk        POST sign-in     302*        404         403         404         404         404
staff:find                GET  sign-in     403         403         200         200         403         403
staff:find                POST sign-in     403         403         302         422         403         403
staff:note                GET  sign-in     404         404         200*        404         404         404
staff:note                POST sign-in     404         404         302*        404         404         404
staff:put_back            GET  sign-in     405         405         405         405         405         405
staff:put_back            POST sign-in     404         404         302*        404         404         404
staff:take                GET  sign-in     405         405         405         405         405         405
staff:take                POST sign-in     404         404         302*        404         404         404
staff:join                GET  sign-in     404         404         200*        404         404         404
staff:join                POST sign-in     404         404         302*        404         404         404
staff:ask_company         GET  sign-in     403         404         200         404         404         404
staff:ask_company         POST sign-in     403         404         302*        404         404         404
staff:standing_walks      GET  sign-in     403         403         200         200         403         403
staff:standing_walks      POST sign-in     405         405         405         405         405         405
staff:standing_new        GET  sign-in     403         403         200         200         403         403
staff:standing_new        POST sign-in     403         403         302*        302*        403         403
staff:standing            GET  sign-in     404         404         200         404         404         404
staff:standing            POST sign-in     404         404         302*        404         404         404
staff:standing_pause      GET  sign-in     405         405         405         405         405         405
staff:standing_pause      POST sign-in     404         404         302*        404         404         404
staff:offer_standing      GET  sign-in     404         404         200*        404         404         404
staff:offer_standing      POST sign-in     404         404         302*        404         404         404
staff:briefing            GET  sign-in     200*        404         200*        404         404         404
staff:briefing            POST sign-in     405         405         405         405         405         405
staff:invite_guest        GET  sign-in     403         404         200         404         404         404
staff:invite_guest        POST sign-in     403         404         302*        404         404         404
staff:withdraw_guest      GET  sign-in     405         405         405         405         405         405
staff:withdraw_guest      POST sign-in     403         404         302*        404         404         404
staff:hand_over           GET  sign-in     404         404         200*        404         404         404
staff:hand_over           POST sign-in     404         404         302*        404         404         404
staff:leave               GET  sign-in     200         404         403         404         404         404
staff:leave               POST sign-in     302*        404         403         404         404         404
staff:new_booking         GET  sign-in     403         403         200         200         403         403
staff:new_booking         POST sign-in     403         403         302*        302*        403         403
staff:new_booking_more    GET  sign-in     404         404         200         404         404         404
staff:new_booking_more    POST sign-in     404         404         302*        404         404         404
staff:new_booking_read_back GET  sign-in   404         404         200         404         404         404
staff:new_booking_read_back POST sign-in   404         404         302*        404         404         404
staff:new_booking_sent    GET  sign-in     404         404         200         404         404         404
staff:new_booking_sent    POST sign-in     405         405         405         405         405         405
staff:new_booking_pin     GET  sign-in     405         405         405         405         405         405
staff:new_booking_pin     POST sign-in     404         404         200*        404         404         404
staff:not_there           GET  sign-in     200         404         403         404         404         404
staff:not_there           POST sign-in     302*        404         403         404         404         404
staff:offer               GET  sign-in     404         404         200*        404         404         404
staff:offer               POST sign-in     404         404         302*        404         404         404
staff:offer_take_back     GET  sign-in     405         405         405         405         405         405
staff:offer_take_back     POST sign-in     404         404         302*        404         404         404
staff:not_told            GET  sign-in     403         403         200         200         403         403
staff:not_told            POST sign-in     405         405         405         405         405         405
staff:send_staff_again    GET  sign-in     405         405         405         405         405         405
staff:send_staff_again    POST sign-in     403         403         302*        404         403         403
staff:staff_knows         GET  sign-in     405         405         405         405         405         405
staff:staff_knows         POST sign-in     403         403         302*        404         403         403
staff:phone               GET  sign-in     405         405         405         405         405         405
staff:phone               POST sign-in     200*        404         200*        404         404         404
staff:phrase              GET  sign-in     200         404         200         404         404         404
staff:phrase              POST sign-in     405         405         405         405         405         405
staff:reached             GET  sign-in     405         405         405         405         405         405
staff:reached             POST sign-in     404         404         302*        404         404         404
staff:schedule            GET  sign-in     404         404         200*        404         404         404
staff:schedule            POST sign-in     404         404         302*        404         404         404
staff:set_off             GET  sign-in     405         405         405         405         405         405
staff:set_off             POST sign-in     302*        404         403         404         404         404
staff:settle              GET  sign-in     404         404         200*        404         404         404
staff:settle              POST sign-in     404         404         302*        404         404         404
staff:send_again          GET  sign-in     405         405         405         405         405         405
staff:send_again          POST sign-in     404         404         302*        404         404         404
staff:spoken              GET  sign-in     405         405         405         405         405         405
staff:spoken              POST sign-in     404         404         302*        404         404         404
staff:start               GET  sign-in     405         405         405         405         405         405
staff:start               POST sign-in     302*        404         403         404         404         404
staff:walk                GET  sign-in     200*        404         200*        404         404         404
staff:walk                POST sign-in     405         405         405         405         405         405
staff:walk_map            GET  sign-in     200         404         200         404         404         404
staff:walk_map            POST sign-in     405         405         405         405         405         405
staff:walks               GET  sign-in     200         200         200         200         403         403
staff:walks               POST sign-in     405         405         405         405         405         405
"""

EVERYBODY = TABLE.split()[:7]
REFUSED = {"sign-in", "403", "404", "405"}
GET_THAT_COUNTS = {"calendar-feed"}  # how often it was asked, so that nobody guesses
GET_THAT_FORGETS = {"leave", f"{NEUTRAL}leave"}  # her own answers, at once and without a question
GET_THAT_IS_NOTED = {
    "feedback:note",
    "feedback:walk_note",
    "staff:address",
    "staff:booking",
    "staff:briefing",
    "staff:cancel",
    "staff:change",
    "staff:close_stop",
    "staff:decline",
    "staff:hand_over",
    "staff:join",
    "staff:keep_plan",
    "staff:note",
    "staff:offer",
    "staff:offer_standing",
    "staff:reset_pin",
    "staff:schedule",
    "staff:settle",
    "staff:spoken_answer",
    "staff:stop",
    "staff:walk",
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
