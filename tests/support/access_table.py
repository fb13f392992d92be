"""The expected response of each address to GET and POST, for each user."""

from tests.support.addresses import NEUTRAL, every_address

# A single response in a line is for all people. "sign-in" is a redirect to sign-in; a star means that rows changed.
# Pages with a single 200 are public. Another team's rows give 404. A page that lists nothing for a role gives 403.
ACCESS_TABLE = """
                                           signed_out on_it not_on_it inspector stranger lead administrator auditor control_room
account_closure:close                 GET  sign-in    403   403       403       403      403  200           403     403
account_closure:close                 POST sign-in    403   403       403       403      403  302*          403     403
account_login                         GET  200        302   302       302       302      302  302           302     302
account_login                         POST 302*       302   302       302       302      302  302           302     302
account_reauthenticate                GET  sign-in    200   200       200       200      302  200           200     200
account_reauthenticate                POST sign-in    302*  302*      302*      302*     302  302*          302*    302*
accounts:break_glass                  GET  404
accounts:break_glass                  POST 404
accounts:confirm_with_force           GET  sign-in    404   404       404       404      404  404           404     404
accounts:confirm_with_force           POST sign-in    404   404       404       404      404  404           404     404
accounts:connect_force_account        GET  404
accounts:connect_force_account        POST 404
accounts:force_callback               GET  404
accounts:force_callback               POST 405
accounts:force_sign_in                GET  405
accounts:force_sign_in                POST 404
accounts:choose_password              GET  404
accounts:choose_password              POST 404
accounts:forgotten_password           GET  200
accounts:forgotten_password           POST 200*
accounts:keys                         GET  sign-in    200   200       200       200      200  200           200     200
accounts:keys                         POST sign-in    302*  302*      302*      302*     302* 302*          302*    302*
accounts:password                     GET  sign-in    200   200       200       200      200  200           200     200
accounts:password                     POST sign-in    302*  302*      302*      302*     302* 302*          302*    302*
accounts:password_link                GET  302
accounts:password_link                POST 405
accounts:end_other_sessions           GET  sign-in    405   405       405       405      405  405           405     405
accounts:end_other_sessions           POST sign-in    302*  302*      302*      302*     302* 302*          302*    302*
accounts:end_session                  GET  sign-in    405   405       405       405      405  405           405     405
accounts:end_session                  POST sign-in    404   404       302*      404      404  404           404     404
accounts:sessions                     GET  sign-in    200   200       200       200      200  200           200     200
accounts:sessions                     POST sign-in    405   405       405       405      405  405           405     405
accounts:sign_in                      GET  200        302   302       302       302      302  302           302     302
accounts:sign_in                      POST 302*       302   302       302       302      302  302           302     302
accounts:sign_out                     GET  sign-in    405   405       405       405      405  405           405     405
accounts:sign_out                     POST sign-in
admin-password                        GET  sign-in    200   200       200       200      200  200           200     200
admin-password                        POST sign-in    302*  302*      302*      302*     302* 302*          302*    302*
admin-sign-out                        GET  sign-in    405   405       405       405      405  405           405     405
admin-sign-out                        POST sign-in
admin-sign-in                         GET  sign-in    403   403       403       403      403  403           403     403
admin-sign-in                         POST 405
admin:index                           GET  302        302   302       302       302      302  200           302     302
admin:index                           POST 302        302   302       302       302      302  200           302     302
administrator-today                   GET  sign-in    403   403       403       403      403  200           403     403
administrator-today                   POST sign-in    405   405       405       405      405  405           405     405
approvals:approve                     GET  sign-in    404   404       200       404      404  404           404     404
approvals:approve                     POST sign-in    404   404       302*      404      404  404           404     404
audit:allow_on_walks                  GET  sign-in    404   404       404       404      404  404           200     404
audit:allow_on_walks                  POST sign-in    404   404       404       404      404  404           302*    404
audit:download                        GET  sign-in    403   403       403       403      403  403           200     403
audit:download                        POST sign-in    403   403       403       403      403  403           200     403
audit:end_hold                        GET  sign-in    405   405       405       405      405  405           405     405
audit:end_hold                        POST sign-in    404   404       404       404      404  404           302*    404
audit:hold                            GET  sign-in    404   404       404       404      404  404           200     404
audit:hold                            POST sign-in    404   404       404       404      404  404           302*    404
audit:holds                           GET  sign-in    403   403       403       403      403  403           200     403
audit:holds                           POST sign-in    403   403       403       403      403  403           302     403
audit:keep_off_walks                  GET  sign-in    404   404       404       404      404  404           200     404
audit:keep_off_walks                  POST sign-in    404   404       404       404      404  404           302*    404
audit:overview                        GET  sign-in    403   403       403       403      403  403           200     403
audit:overview                        POST sign-in    403   403       403       403      403  403           302     403
audit:report                          GET  sign-in    403   403       403       403      403  403           200     403
audit:report                          POST sign-in    405   405       405       405      405  405           405     405
audit:reports                         GET  sign-in    403   403       403       403      403  403           200     403
audit:reports                         POST sign-in    405   405       405       405      405  405           405     405
audit:security                        GET  sign-in    403   403       403       403      403  403           200     403
audit:security                        POST sign-in    403   403       403       403      403  403           302     403
audit:vetting                         GET  sign-in    403   403       403       403      403  403           200     403
audit:vetting                         POST sign-in    403   403       403       403      403  403           302     403
boroughs:accessibility                GET  200
boroughs:accessibility                POST 405
boroughs:area                         GET  200
boroughs:area                         POST 405
boroughs:area-picture                 GET  200
boroughs:area-picture                 POST 405
boroughs:areas                        GET  200
boroughs:areas                        POST 405
boroughs:attribution                  GET  200
boroughs:attribution                  POST 405
boroughs:cookies                      GET  200
boroughs:cookies                      POST 405
boroughs:picture                      GET  200
boroughs:picture                      POST 405
boroughs:poster                       GET  200
boroughs:poster                       POST 405
boroughs:poster-a5                    GET  200
boroughs:poster-a5                    POST 405
boroughs:privacy                      GET  200
boroughs:privacy                      POST 405
boroughs:robots                       GET  200
boroughs:robots                       POST 405
boroughs:safety                       GET  200
boroughs:safety                       POST 405
boroughs:sitemap                      GET  200
boroughs:sitemap                      POST 405
bulk:close                            GET  sign-in    403   403       403       403      403  200           403     403
bulk:close                            POST sign-in    403   403       403       403      403  302*          403     403
bulk:lead_walks                       GET  sign-in    403   403       403       403      403  200           403     403
bulk:lead_walks                       POST sign-in    403   403       403       403      403  302           403     403
bulk:move                             GET  sign-in    403   403       403       403      403  200           403     403
bulk:move                             POST sign-in    403   403       403       403      403  302*          403     403
bulk:stop_leading_walks               GET  sign-in    403   403       403       403      403  200           403     403
bulk:stop_leading_walks               POST sign-in    403   403       403       403      403  302*          403     403
calendar-feed                         GET  200*
calendar-feed                         POST 405
contact:change_address                GET  302
contact:change_address                POST 302
contact:resend                        GET  405
contact:resend                        POST 302
control_room:check                    GET  sign-in    403   403       403       403      403  403           403     200
control_room:check                    POST sign-in    403   403       403       403      403  403           403     302*
data_rights:copy                      GET  200
data_rights:copy                      POST 302*
neutral data_rights:copy              GET  200
neutral data_rights:copy              POST 302*
data_rights:download_copy             GET  302
data_rights:download_copy             POST 405
neutral data_rights:download_copy     GET  302
neutral data_rights:download_copy     POST 405
data_rights:erase                     GET  200
data_rights:erase                     POST 302*
neutral data_rights:erase             GET  200
neutral data_rights:erase             POST 302*
data_rights:read_copy                 GET  302
data_rights:read_copy                 POST 405
neutral data_rights:read_copy         GET  302
neutral data_rights:read_copy         POST 405
data_rights:undo_erasure              GET  200
data_rights:undo_erasure              POST 302*
neutral data_rights:undo_erasure      GET  200
neutral data_rights:undo_erasure      POST 302*
delivery_problems:correct_address     GET  sign-in    404   404       200*      404      404  404           404     404
delivery_problems:correct_address     POST sign-in    404   404       302*      404      404  404           404     404
delivery_problems:list                GET  sign-in    403   403       200       200      403  403           403     403
delivery_problems:list                POST sign-in    405   405       405       405      405  405           405     405
delivery_problems:mark_staff_informed GET  sign-in    405   405       405       405      405  405           405     405
delivery_problems:mark_staff_informed POST sign-in    403   403       302*      404      403  403           403     403
delivery_problems:resend              GET  sign-in    405   405       405       405      405  405           405     405
delivery_problems:resend              POST sign-in    404   404       302*      404      404  404           404     404
delivery_problems:resend_to_staff     GET  sign-in    405   405       405       405      405  405           405     405
delivery_problems:resend_to_staff     POST sign-in    403   403       302*      404      403  403           403     403
easy_read:how-it-works                GET  200
easy_read:how-it-works                POST 405
easy_read:how-it-works-document       GET  200
easy_read:how-it-works-document       POST 405
easy_read:index                       GET  200
easy_read:index                       POST 405
easy_read:staying-safe                GET  200
easy_read:staying-safe                POST 405
easy_read:staying-safe-document       GET  200
easy_read:staying-safe-document       POST 405
easy_read:what-you-say                GET  200
easy_read:what-you-say                POST 405
easy_read:what-you-say-document       GET  200
easy_read:what-you-say-document       POST 405
feedback:answer                       GET  sign-in    404   404       200       404      404  404           404     404
feedback:answer                       POST sign-in    404   404       302*      404      404  404           404     404
feedback:concern                      GET  sign-in    404   404       200       404      404  404           404     404
feedback:concern                      POST sign-in    404   404       302*      404      404  404           404     404
feedback:concerns                     GET  sign-in    403   403       200       200      403  403           403     403
feedback:concerns                     POST sign-in    405   405       405       405      405  405           405     405
feedback:find_concerns                GET  sign-in    403   403       200       200      403  403           403     403
feedback:find_concerns                POST sign-in    403   403       200       200      403  403           403     403
feedback:hand_over                    GET  sign-in    404   404       200       404      404  404           404     404
feedback:hand_over                    POST sign-in    404   404       302*      404      404  404           404     404
feedback:take                         GET  sign-in    405   405       405       405      405  405           405     405
feedback:take                         POST sign-in    404   404       302*      404      404  404           404     404
feedback:about_the_walk               GET  200
feedback:about_the_walk               POST 302*
neutral feedback:about_the_walk       GET  200
neutral feedback:about_the_walk       POST 302*
feedback:conduct                      GET  200
feedback:conduct                      POST 302*
neutral feedback:conduct              GET  200
neutral feedback:conduct              POST 302*
feedback:conduct_sent                 GET  302
feedback:conduct_sent                 POST 405
neutral feedback:conduct_sent         GET  302
neutral feedback:conduct_sent         POST 405
feedback:correct                      GET  200
feedback:correct                      POST 302*
neutral feedback:correct              GET  200
neutral feedback:correct              POST 302*
feedback:follow_up                    GET  200
feedback:follow_up                    POST 302*
neutral feedback:follow_up            GET  200
neutral feedback:follow_up            POST 302*
feedback:officer_today                GET  sign-in    200   200       403       403      403  403           403     403
feedback:officer_today                POST sign-in    405   405       405       405      405  405           405     405
feedback:join                         GET  sign-in    404   404       200       404      404  404           404     404
feedback:join                         POST sign-in    404   404       302*      404      404  404           404     404
feedback:improve                      GET  sign-in    404   404       200       404      404  404           404     404
feedback:improve                      POST sign-in    404   404       302*      404      404  404           404     404
feedback:place                        GET  sign-in    404   404       200       404      404  404           404     404
feedback:place                        POST sign-in    404   404       302*      404      404  404           404     404
feedback:answer_improvement           GET  sign-in    404   404       200       404      404  404           404     404
feedback:answer_improvement           POST sign-in    404   404       302*      404      404  404           404     404
improvements:list                     GET  sign-in    403   403       200       200      403  403           403     403
improvements:list                     POST sign-in    405   405       405       405      405  405           405     405
improvements:words_to_approve         GET  sign-in    403   403       403       403      200  403           403     403
improvements:words_to_approve         POST sign-in    405   405       405       405      405  405           405     405
improvements:improvement              GET  sign-in    404   404       200       404      404  404           404     404
improvements:improvement              POST sign-in    405   405       405       405      405  405           405     405
improvements:take                     GET  sign-in    405   405       405       405      405  405           405     405
improvements:take                     POST sign-in    404   404       302*      404      404  404           404     404
improvements:change                   GET  sign-in    404   404       200       404      404  404           404     404
improvements:change                   POST sign-in    404   404       302*      404      404  404           404     404
improvements:reopen                   GET  sign-in    404   404       200       404      404  404           404     404
improvements:reopen                   POST sign-in    404   404       302*      404      404  404           404     404
feedback:leave                        GET  sign-in    405   405       405       405      405  405           405     405
feedback:leave                        POST sign-in    404   404       302*      404      404  404           404     404
improvements:hand_over                GET  sign-in    404   404       200       404      404  404           404     404
improvements:hand_over                POST sign-in    404   404       302*      404      404  404           404     404
improvements:public_words             GET  sign-in    404   404       200       404      404  404           404     404
improvements:public_words             POST sign-in    404   404       302*      404      404  404           404     404
improvements:approve                  GET  sign-in    405   405       405       405      405  405           405     405
improvements:approve                  POST sign-in    404   404       404       404      302* 404           404     404
posters:list                          GET  sign-in    403   403       200       200      403  403           403     403
posters:list                          POST sign-in    405   405       405       405      405  405           405     405
posters:new                           GET  sign-in    403   403       200       200      403  403           403     403
posters:new                           POST sign-in    403   403       302*      422      403  403           403     403
posters:poster                        GET  sign-in    404   404       200       404      404  404           404     404
posters:poster                        POST sign-in    405   405       405       405      405  405           405     405
posters:poster-a5                     GET  sign-in    404   404       200       404      404  404           404     404
posters:poster-a5                     POST sign-in    405   405       405       405      405  405           405     405
posters:take_down                     GET  sign-in    405   405       405       405      405  405           405     405
posters:take_down                     POST sign-in    404   404       302*      404      404  404           404     404
places:list                           GET  sign-in    403   403       200       200      403  403           403     403
places:list                           POST sign-in    405   405       405       405      405  405           405     405
places:place                          GET  sign-in    403   403       200       404      403  403           403     403
places:place                          POST sign-in    405   405       405       405      405  405           405     405
referrals:refer                       GET  sign-in    404   404       200       404      404  404           404     404
referrals:refer                       POST sign-in    404   404       302*      404      404  404           404     404
referrals:note_answer                 GET  sign-in    404   404       200       404      404  404           404     404
referrals:note_answer                 POST sign-in    404   404       302*      404      404  404           404     404
referrals:ask_again                   GET  sign-in    405   405       405       405      405  405           405     405
referrals:ask_again                   POST sign-in    404   404       302*      404      404  404           404     404
partner_answers:answer                GET  200
partner_answers:answer                POST 302*
partner_answers:thanks                GET  200
partner_answers:thanks                POST 405
partner_answers:new_link              GET  405
partner_answers:new_link              POST 200
feedback:my_concerns                  GET  sign-in    200   200       403       403      403  403           403     403
feedback:my_concerns                  POST sign-in    405   405       405       405      405  405           405     405
feedback:record_concern               GET  sign-in    200   404       200       404      404  404           404     404
feedback:record_concern               POST sign-in    302*  404       302*      404      404  404           404     404
feedback:recorded_notes               GET  200
feedback:recorded_notes               POST 405
neutral feedback:recorded_notes       GET  200
neutral feedback:recorded_notes       POST 405
feedback:submit_report                GET  200
feedback:submit_report                POST 302*
neutral feedback:submit_report        GET  200
neutral feedback:submit_report        POST 302*
feedback:thanks                       GET  200
feedback:thanks                       POST 405
neutral feedback:thanks               GET  200
neutral feedback:thanks               POST 405
feedback:walk_note                    GET  sign-in    200   404       200       404      404  404           404     404
feedback:walk_note                    POST sign-in    302*  404       302*      404      404  404           404     404
figures:concerns                      GET  sign-in    403   403       403       403      200  403           403     403
figures:concerns                      POST sign-in    405   405       405       405      405  405           405     405
figures:figures                       GET  sign-in    403   403       200       200      200  403           403     403
figures:figures                       POST sign-in    405   405       405       405      405  405           405     405
figures:csv                           GET  sign-in    403   403       200       200      200  403           403     403
figures:csv                           POST sign-in    405   405       405       405      405  405           405     405
figures:improvements                  GET  sign-in    403   403       403       403      200  403           403     403
figures:improvements                  POST sign-in    405   405       405       405      405  405           405     405
figures:walk_answers                  GET  sign-in    403   403       200       200      200  403           403     403
figures:walk_answers                  POST sign-in    405   405       405       405      405  405           405     405
figures:london                        GET  sign-in    403   403       403       403      200  403           403     403
figures:london                        POST sign-in    405   405       405       405      405  405           405     405
healthz                               GET  200
healthz                               POST 405
following:follow                      GET  200
following:follow                      POST 302*
following:follow_area                 GET  200
following:follow_area                 POST 302*
following:sent                        GET  200
following:sent                        POST 405
neutral updates:confirm               GET  200
neutral updates:confirm               POST 302*
neutral updates:open                  GET  200
neutral updates:open                  POST 200
neutral updates:stop                  GET  200
neutral updates:stop                  POST 200*
neutral healthz                       GET  200
neutral healthz                       POST 405
home                                  GET  200
home                                  POST 405
neutral home                          GET  200
neutral home                          POST 405
invitation:send_again                 GET  sign-in    403   403       403       403      403  200           403     403
invitation:send_again                 POST sign-in    403   403       403       403      403  302*          403     403
leave                                 GET  302*
leave                                 POST 405
neutral leave                         GET  302*
neutral leave                         POST 405
freeze:lift                           GET  sign-in    404   404       404       200*     404  404           404     404
freeze:lift                           POST sign-in    404   404       404       200*     404  404           404     404
manage:acknowledge                    GET  302
manage:acknowledge                    POST 302*
neutral manage:acknowledge            GET  302
neutral manage:acknowledge            POST 302*
manage:answer_offer                   GET  200
manage:answer_offer                   POST 302*
neutral manage:answer_offer           GET  200
neutral manage:answer_offer           POST 302*
manage:calendar                       GET  200
manage:calendar                       POST 405
neutral manage:calendar               GET  200
neutral manage:calendar               POST 405
manage:ask_again                      GET  200
manage:ask_again                      POST 302*
neutral manage:ask_again              GET  302
neutral manage:ask_again              POST 302
manage:cancel                         GET  200
manage:cancel                         POST 302*
neutral manage:cancel                 GET  200
neutral manage:cancel                 POST 302*
manage:change_address                 GET  200
manage:change_address                 POST 200*
neutral manage:change_address         GET  200
neutral manage:change_address         POST 200*
manage:confirm                        GET  302
manage:confirm                        POST 302*
neutral manage:confirm                GET  302
neutral manage:confirm                POST 302*
manage:find_booking                   GET  200
manage:find_booking                   POST 200*
neutral manage:find_booking           GET  200
neutral manage:find_booking           POST 200*
manage:freeze                         GET  200
manage:freeze                         POST 200*
neutral manage:freeze                 GET  200
neutral manage:freeze                 POST 200*
manage:map                            GET  200
manage:map                            POST 405
neutral manage:map                    GET  200
neutral manage:map                    POST 405
manage:one_officer                    GET  200
manage:one_officer                    POST 302*
neutral manage:one_officer            GET  200
neutral manage:one_officer            POST 302*
manage:page                           GET  200
manage:page                           POST 405
neutral manage:page                   GET  200
neutral manage:page                   POST 405
manage:report_nobody_came             GET  302
manage:report_nobody_came             POST 302*
neutral manage:report_nobody_came     GET  302
neutral manage:report_nobody_came     POST 302*
manage:report_not_mine                GET  302
manage:report_not_mine                POST 200*
neutral manage:report_not_mine        GET  302
neutral manage:report_not_mine        POST 200*
manage:request_other_times            GET  200
manage:request_other_times            POST 302*
neutral manage:request_other_times    GET  200
neutral manage:request_other_times    POST 302*
manage:resume_messages                GET  302
manage:resume_messages                POST 302*
neutral manage:resume_messages        GET  302
neutral manage:resume_messages        POST 302*
manage:sharing_consent                GET  302
manage:sharing_consent                POST 302*
neutral manage:sharing_consent        GET  302
neutral manage:sharing_consent        POST 302*
manage:stop_messages                  GET  200
manage:stop_messages                  POST 302*
neutral manage:stop_messages          GET  200
neutral manage:stop_messages          POST 302*
manage:unsafe_inbox                   GET  200
manage:unsafe_inbox                   POST 200*
neutral manage:unsafe_inbox           GET  200
neutral manage:unsafe_inbox           POST 200*
manage:message_team                   GET  200
manage:message_team                   POST 302*
neutral manage:message_team           GET  200
neutral manage:message_team           POST 302*
metrics                               GET  404
metrics                               POST 405
mfa_activate_totp                     GET  sign-in    200   200       200       200      200  200           200     200
mfa_activate_totp                     POST sign-in    422   422       422       422      422  422           422     422
mfa_add_webauthn                      GET  sign-in    200   200       200       200      200  200           200     200
mfa_add_webauthn                      POST sign-in    422   422       422       422      422  422           422     422
mfa_authenticate                      GET  sign-in    302   302       302       302      302  302           302     302
mfa_authenticate                      POST sign-in    302   302       302       302      302  302           302     302
mfa_deactivate_totp                   GET  sign-in    404   404       404       404      200  404           404     404
mfa_deactivate_totp                   POST sign-in    404   404       404       404      302* 404           404     404
mfa_edit_webauthn                     GET  sign-in    404   404       404       404      200  404           404     404
mfa_edit_webauthn                     POST sign-in    404   404       404       404      302* 404           404     404
mfa_generate_recovery_codes           GET  sign-in    302   302       302       302      200  302           302     302
mfa_generate_recovery_codes           POST sign-in    302   302       302       302      302* 302           302     302
mfa_index                             GET  sign-in    200   200       200       200      200  200           200     200
mfa_index                             POST sign-in    405   405       405       405      405  405           405     405
mfa_login_webauthn                    GET  sign-in
mfa_login_webauthn                    POST 422*       302   302       302       302      302  302           302     302
mfa_reauthenticate                    GET  sign-in    302   302       302       302      200  302           302     302
mfa_reauthenticate                    POST sign-in    302   302       302       302      422  302           302     302
mfa_reauthenticate_webauthn           GET  sign-in    302   302       302       302      200  302           302     302
mfa_reauthenticate_webauthn           POST sign-in    302   302       302       302      422  302           302     302
mfa_remove_webauthn                   GET  sign-in    404   404       404       404      200  404           404     404
mfa_remove_webauthn                   POST sign-in    404   404       404       404      302* 404           404     404
mfa_view_recovery_codes               GET  sign-in    302   302       302       302      302  302           302     302
mfa_view_recovery_codes               POST sign-in    302   302       302       302      302  302           302     302
on_the_day:arrive                     GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:arrive                     POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:accept_takeover            GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:accept_takeover            POST sign-in    403   302*      404       404      404  404           404     404
on_the_day:ask_colleague              GET  sign-in    200   404       403       404      404  404           404     404
on_the_day:ask_colleague              POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:decline_takeover           GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:decline_takeover           POST sign-in    403   302*      404       404      404  404           404     404
on_the_day:withdraw_takeover          GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:withdraw_takeover          POST sign-in    302*  403       404       404      404  404           404     404
on_the_day:ask_about_one_officer      GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:ask_about_one_officer      POST sign-in    403   404       302*      404      404  404           404     404
on_the_day:available_again            GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:available_again            POST sign-in    404   404       302*      404      404  404           404     404
on_the_day:briefing                   GET  sign-in    200   404       200       404      404  404           404     404
on_the_day:briefing                   POST sign-in    405   405       405       405      405  405           405     405
on_the_day:cut_walk_short             GET  sign-in    200   404       403       404      404  404           404     404
on_the_day:cut_walk_short             POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:end_walk                   GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:end_walk                   POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:escort_to_safety           GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:escort_to_safety           POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:mark_safeguarding          GET  sign-in    200   404       403       404      404  404           404     404
on_the_day:mark_safeguarding          POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:not_available              GET  sign-in    200   404       200       404      404  404           404     404
on_the_day:not_available              POST sign-in    302*  404       302*      404      404  404           404     404
on_the_day:phrase                     GET  sign-in    200   404       200       404      404  404           404     404
on_the_day:phrase                     POST sign-in    405   405       405       405      405  405           405     405
on_the_day:record_late_arrival        GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:record_late_arrival        POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:record_no_show             GET  sign-in    200   404       403       404      404  404           404     404
on_the_day:record_no_show             POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:record_one_officer_answer  GET  sign-in    403   404       200*      404      404  404           404     404
on_the_day:record_one_officer_answer  POST sign-in    403   404       302*      404      404  404           404     404
on_the_day:record_outcome             GET  sign-in    404   404       200*      404      404  404           404     404
on_the_day:record_outcome             POST sign-in    404   404       302*      404      404  404           404     404
on_the_day:reveal_phone               GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:reveal_phone               POST sign-in    200   404       200       404      404  404           404     404
on_the_day:wait_with_requester        GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:wait_with_requester        POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:set_off                    GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:set_off                    POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:start_walk                 GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:start_walk                 POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:undo_end                   GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:undo_end                   POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:undo_start                 GET  sign-in    405   405       405       405      405  405           405     405
on_the_day:undo_start                 POST sign-in    302*  404       403       404      404  404           404     404
on_the_day:walk                       GET  sign-in    200   404       200       404      404  404           404     404
on_the_day:walk                       POST sign-in    405   405       405       405      405  405           405     405
on_the_day:walk_map                   GET  sign-in    200   404       200       404      404  404           404     404
on_the_day:walk_map                   POST sign-in    405   405       405       405      405  405           405     405
on_the_day:walks                      GET  sign-in    200   200       200       200      403  403           403     403
on_the_day:walks                      POST sign-in    405   405       405       405      405  405           405     405
on_the_day:withdraw                   GET  sign-in    200   404       403       404      404  404           404     404
on_the_day:withdraw                   POST sign-in    302*  404       403       404      404  404           404     404
open_data:figures_csv                 GET  200
open_data:figures_csv                 POST 405
open_data:figures_json                GET  200
open_data:figures_json                POST 405
open_data:figures_metadata            GET  200
open_data:figures_metadata            POST 405
open_data:improvements_feed           GET  200
open_data:improvements_feed           POST 405
open_data:improvements_json           GET  200
open_data:improvements_json           POST 405
open_data:openapi                     GET  200
open_data:openapi                     POST 405
open_data:quarter_json                GET  200
open_data:quarter_json                POST 405
people:add                            GET  sign-in    403   403       403       403      403  200           403     403
people:add                            POST sign-in    403   403       403       403      403  302*          403     403
people:powers                         GET  sign-in    403   403       403       403      403  200           403     403
people:powers                         POST sign-in    403   403       403       403      403  302*          403     403
people:reopen                         GET  sign-in    403   403       403       403      403  200           403     403
people:reopen                         POST sign-in    403   403       403       403      403  302*          403     403
people:start_again                    GET  sign-in    403   403       403       403      403  200           403     403
people:start_again                    POST sign-in    403   403       403       403      403  302*          403     403
people_files:check                    GET  sign-in    403   403       403       403      403  302           403     403
people_files:check                    POST sign-in    403   403       403       403      403  302           403     403
people_files:empty                    GET  sign-in    403   403       403       403      403  200           403     403
people_files:empty                    POST sign-in    405   405       405       405      405  405           405     405
people_files:export                   GET  sign-in    403   403       403       403      403  200           403     403
people_files:export                   POST sign-in    403   403       403       403      403  422           403     403
people_files:upload                   GET  sign-in    403   403       403       403      403  200           403     403
people_files:upload                   POST sign-in    403   403       403       403      403  422           403     403
phone_bookings:details                GET  sign-in    404   404       200       404      404  404           404     404
phone_bookings:details                POST sign-in    404   404       302*      404      404  404           404     404
phone_bookings:issue_pin              GET  sign-in    405   405       405       405      405  405           405     405
phone_bookings:issue_pin              POST sign-in    404   404       200*      404      404  404           404     404
phone_bookings:read_back              GET  sign-in    404   404       200       404      404  404           404     404
phone_bookings:read_back              POST sign-in    404   404       302*      404      404  404           404     404
phone_bookings:sent                   GET  sign-in    404   404       200       404      404  404           404     404
phone_bookings:sent                   POST sign-in    405   405       405       405      405  405           405     405
phone_bookings:start                  GET  sign-in    403   403       200       200      403  403           403     403
phone_bookings:start                  POST sign-in    403   403       302*      302*     403  403           403     403
pins:reset_pin                        GET  sign-in    404   404       200*      404      404  404           404     404
pins:reset_pin                        POST sign-in    404   404       200*      404      404  404           404     404
proposals:list                        GET  sign-in    403   403       403       403      403  200           403     403
proposals:list                        POST sign-in    405   405       405       405      405  405           405     405
proposals:proposal                    GET  sign-in    403   403       403       403      403  200           403     403
proposals:proposal                    POST sign-in    403   403       403       403      403  302*          403     403
proposals:refuse                      GET  sign-in    405   405       405       405      405  405           405     405
proposals:refuse                      POST sign-in    403   403       403       403      403  302*          403     403
readyz                                GET  200
readyz                                POST 405
request_form:check                    GET  200
request_form:check                    POST 302*
request_form:city                     GET  200
request_form:city                     POST 405
request_form:closed                   GET  302
request_form:closed                   POST 405
request_form:danger                   GET  200
request_form:danger                   POST 405
request_form:equality                 GET  302
request_form:equality                 POST 302
request_form:keep_answers             GET  200
request_form:keep_answers             POST 200*
request_form:not-london               GET  200
request_form:not-london               POST 405
request_form:question                 GET  200
request_form:question                 POST 302*
request_form:sent                     GET  302
request_form:sent                     POST 405
request_form:start                    GET  200
request_form:start                    POST 302*
request_form:timed-out                GET  200
request_form:timed-out                POST 405
request_form:under-18                 GET  200
request_form:under-18                 POST 405
neutral robots                        GET  200
neutral robots                        POST 405
scheduling:ask_to_share_walk          GET  sign-in    403   404       200       404      404  404           404     404
scheduling:ask_to_share_walk          POST sign-in    403   404       302*      404      404  404           404     404
scheduling:cancel                     GET  sign-in    404   404       200*      404      404  404           404     404
scheduling:cancel                     POST sign-in    404   404       302*      404      404  404           404     404
scheduling:change_walk                GET  sign-in    403   404       200       404      404  404           404     404
scheduling:change_walk                POST sign-in    403   404       302*      404      404  404           404     404
scheduling:clear_day                  GET  sign-in    403   403       200       200      403  403           403     403
scheduling:clear_day                  POST sign-in    403   403       302       302      403  403           403     403
scheduling:decline_change_request     GET  sign-in    404   404       200*      404      404  404           404     404
scheduling:decline_change_request     POST sign-in    404   404       302*      404      404  404           404     404
scheduling:invite_guest               GET  sign-in    403   404       200       404      404  404           404     404
scheduling:invite_guest               POST sign-in    403   404       302*      404      404  404           404     404
scheduling:offer_place                GET  sign-in    404   404       200*      404      404  404           404     404
scheduling:offer_place                POST sign-in    404   404       302*      404      404  404           404     404
scheduling:offer_recurring_walk       GET  sign-in    404   404       200*      404      404  404           404     404
scheduling:offer_recurring_walk       POST sign-in    404   404       302*      404      404  404           404     404
scheduling:offer_recurring_walk_to_many GET  sign-in    403   403       302       302      403  403           403   403
scheduling:offer_recurring_walk_to_many POST sign-in    403   403       200*      302      403  403           403   403
scheduling:offer_times                GET  sign-in    404   404       200*      404      404  404           404     404
scheduling:offer_times                POST sign-in    404   404       302*      404      404  404           404     404
scheduling:schedule                   GET  sign-in    404   404       200*      404      404  404           404     404
scheduling:schedule                   POST sign-in    404   404       302*      404      404  404           404     404
scheduling:withdraw_guest             GET  sign-in    405   405       405       405      405  405           405     405
scheduling:withdraw_guest             POST sign-in    403   404       302*      404      404  404           404     404
scheduling:withdraw_offer             GET  sign-in    405   405       405       405      405  405           405     405
scheduling:withdraw_offer             POST sign-in    404   404       302*      404      404  404           404     404
send_links:send_copy                  GET  sign-in    405   405       405       405      405  405           405     405
send_links:send_copy                  POST sign-in    404   404       302*      404      404  404           404     404
send_links:send_erasure_link          GET  sign-in    405   405       405       405      405  405           405     405
send_links:send_erasure_link          POST sign-in    404   404       302*      404      404  404           404     404
sign_out:everywhere                   GET  sign-in    403   403       403       403      403  200           403          403
sign_out:everywhere                   POST sign-in    403   403       403       403      403  302*          403          403
staff-home                            GET  sign-in    302   302       302       302      302  302           302     302
staff-home                            POST sign-in    405   405       405       405      405  405           405     405
staff-help                            GET  sign-in    200   200       200       200      200  200           200     200
staff-help                            POST sign-in    405   405       405       405      405  405           405     405
staff_map:map                         GET  sign-in    403   403       200       200      403  403           403     403
staff_map:map                         POST sign-in    405   405       405       405      405  405           405     405
staffing:overview                     GET  sign-in    403   403       403       403      403  200           403     403
staffing:overview                     POST sign-in    405   405       405       405      405  405           405     405
staff_calendar:calendar               GET  sign-in    200   200       200       200      403  403           403     403
staff_calendar:calendar               POST sign-in    405   405       405       405      405  405           405     405
staff_calendar:day                    GET  sign-in    200   200       200       200      403  403           403     403
staff_calendar:day                    POST sign-in    405   405       405       405      405  405           405     405
team_messages:read                    GET  sign-in    405   405       405       405      405  405           405     405
team_messages:read                    POST sign-in    404   404       302*      404      404  404           404     404
partners:contacts                     GET  sign-in    403   403       403       403      403  200           403     403
partners:contacts                     POST sign-in    403   403       403       403      403  302*          403     403
teams:borough                         GET  sign-in    403   403       403       403      403  200           403     403
teams:borough                         POST sign-in    403   403       403       403      403  302*          403     403
teams:team                            GET  sign-in    403   403       403       403      403  200           403     403
teams:team                            POST sign-in    403   403       403       403      403  302*          403     403
tell_us:area                          GET  200
tell_us:area                          POST 302
tell_us:confirm                       GET  405
tell_us:confirm                       POST 302*
neutral tell_us:confirm               GET  405
neutral tell_us:confirm               POST 302*
tell_us:delete                        GET  200
tell_us:delete                        POST 200*
neutral tell_us:delete                GET  200
neutral tell_us:delete                POST 200*
tell_us:find                          GET  200
tell_us:find                          POST 302*
neutral tell_us:find                  GET  200
neutral tell_us:find                  POST 302*
tell_us:follow_up                     GET  200
tell_us:follow_up                     POST 302*
neutral tell_us:follow_up             GET  200
neutral tell_us:follow_up             POST 302*
tell_us:not_mine                      GET  405
tell_us:not_mine                      POST 200*
neutral tell_us:not_mine              GET  405
neutral tell_us:not_mine              POST 200*
tell_us:page                          GET  200
tell_us:page                          POST 405
neutral tell_us:page                  GET  200
neutral tell_us:page                  POST 405
tell_us:place                         GET  200
tell_us:place                         POST 302*
tell_us:sent                          GET  302
tell_us:sent                          POST 405
tell_us:start                         GET  200
tell_us:start                         POST 405
tell_us:stop_messages                 GET  200
tell_us:stop_messages                 POST 302*
neutral tell_us:stop_messages         GET  200
neutral tell_us:stop_messages         POST 302*
triage:add_note                       GET  sign-in    404   404       200*      404      404  404           404     404
triage:add_note                       POST sign-in    404   404       302*      404      404  404           404     404
triage:add_note_to_many               GET  sign-in    403   403       302       302      403  403           403     403
triage:add_note_to_many               POST sign-in    403   403       200*      302      403  403           403     403
triage:booking                        GET  sign-in    404   404       200*      404      404  404           404     404
triage:booking                        POST sign-in    405   405       405       405      405  405           405     405
triage:claim                          GET  sign-in    405   405       405       405      405  405           405     405
triage:claim                          POST sign-in    404   404       302*      404      404  404           404     404
triage:claim_many                     GET  sign-in    403   403       302       302      403  403           403     403
triage:claim_many                     POST sign-in    403   403       200*      302      403  403           403     403
triage:close_safeguarding             GET  sign-in    404   404       200*      404      404  404           404     404
triage:close_safeguarding             POST sign-in    404   404       302*      404      404  404           404     404
triage:confirm_by_phone               GET  sign-in    405   405       405       405      405  405           405     405
triage:confirm_by_phone               POST sign-in    404   404       302*      404      404  404           404     404
triage:decline                        GET  sign-in    404   404       200*      404      404  404           404     404
triage:decline                        POST sign-in    404   404       302*      404      404  404           404     404
triage:decline_many                   GET  sign-in    403   403       302       302      403  403           403     403
triage:decline_many                   POST sign-in    403   403       200*      302      403  403           403     403
triage:find_booking                   GET  sign-in    403   403       200       200      403  403           403     403
triage:find_booking                   POST sign-in    403   403       302       302      403  403           403     403
triage:give_reason                    GET  sign-in    405   405       405       405      405  405           405     405
triage:give_reason                    POST sign-in    404   404       302       404      404  404           404     404
triage:give_reason_on_walk            GET  sign-in    405   405       405       405      405  405           405     405
triage:give_reason_on_walk            POST sign-in    403   404       302       404      404  404           404     404
triage:hand_over                      GET  sign-in    404   404       200*      404      404  404           404     404
triage:hand_over                      POST sign-in    404   404       302*      404      404  404           404     404
triage:hand_over_many                 GET  sign-in    403   403       302       302      403  403           403     403
triage:hand_over_many                 POST sign-in    403   403       200*      302      403  403           403     403
triage:mark_safeguarding              GET  sign-in    404   404       200*      404      404  404           404     404
triage:mark_safeguarding              POST sign-in    404   404       302*      404      404  404           404     404
triage:queue_news                     GET  sign-in    403   403       200       200      403  403           403     403
triage:queue_news                     POST sign-in    405   405       405       405      405  405           405     405
triage:queue                          GET  sign-in    403   403       200       200      403  403           403     403
triage:queue                          POST sign-in    405   405       405       405      405  405           405     405
triage:read_out_card                  GET  sign-in    405   405       405       405      405  405           405     405
triage:read_out_card                  POST sign-in    404   404       200*      404      404  404           404     404
triage:record_contact                 GET  sign-in    404   404       200*      404      404  404           404     404
triage:record_contact                 POST sign-in    404   404       302*      404      404  404           404     404
triage:release_claim                  GET  sign-in    405   405       405       405      405  405           405     405
triage:release_claim                  POST sign-in    404   404       302*      404      404  404           404     404
triage:reveal_phone                   GET  sign-in    405   405       405       405      405  405           405     405
triage:reveal_phone                   POST sign-in    404   404       200*      404      404  404           404     404
triage:today                          GET  sign-in    403   403       200       200      403  403           403     403
triage:today                          POST sign-in    405   405       405       405      405  405           405     405
undo:messages                         GET  sign-in    404   404       200*      404      404  404           404     404
undo:messages                         POST sign-in    405   405       405       405      405  405           405     405
undo:undo                             GET  sign-in    405   405       405       405      405  405           405     405
undo:undo                             POST sign-in    404   404       302       404      404  404           404     404
undo:undo_all                         GET  sign-in    405   405       405       405      405  405           405     405
undo:undo_all                         POST sign-in    302   302       302       302      302  302           302     302
walks:calendar_feed                   GET  sign-in    200   200       200       200      403  403           403     403
walks:calendar_feed                   POST sign-in    200*  200*      200*      200*     403  403           403     403
walks:duties                          GET  sign-in    302   302       200       200      403  403           403     403
walks:duties                          POST sign-in    405   405       405       405      405  405           405     405
walks:duty_days                       GET  sign-in    200   404       200       404      404  404           404     404
walks:duty_days                       POST sign-in    302*  404       302*      404      404  404           404     404
walks:import_duties                   GET  sign-in    403   403       200       200      403  403           403     403
walks:import_duties                   POST sign-in    403   403       302*      422      403  403           403     403
walks:leave                           GET  sign-in    200   404       200       404      404  404           404     404
walks:leave                           POST sign-in    302*  404       302*      404      404  404           404     404
walks:new_recurring_walk              GET  sign-in    403   403       200       200      403  403           403     403
walks:new_recurring_walk              POST sign-in    403   403       302*      302*     403  403           403     403
walks:officer_duties                  GET  sign-in    200   404       200       404      404  404           404     404
walks:officer_duties                  POST sign-in    405   405       405       405      405  405           405     405
walks:pause_recurring_walk            GET  sign-in    405   405       405       405      405  405           405     405
walks:pause_recurring_walk            POST sign-in    404   404       302*      404      404  404           404     404
walks:recurring_walk                  GET  sign-in    404   404       200       404      404  404           404     404
walks:recurring_walk                  POST sign-in    404   404       302*      404      404  404           404     404
walks:recurring_walks                 GET  sign-in    403   403       200       200      403  403           403     403
walks:recurring_walks                 POST sign-in    405   405       405       405      405  405           405     405
walks:revoke_calendar_feed            GET  sign-in    405   405       405       405      405  405           405     405
walks:revoke_calendar_feed            POST sign-in    302*  302       302       302      403  403           403     403
walks:weekly_duty                     GET  sign-in    200   404       200       404      404  404           404     404
walks:weekly_duty                     POST sign-in    200   404       200       404      404  404           404     404
what_women_told_us:area               GET  200
what_women_told_us:area               POST 405
what_women_told_us:london             GET  200
what_women_told_us:london             POST 405
what_women_told_us:report             GET  200
what_women_told_us:report             POST 405
"""  # noqa: E501

ALL_PEOPLE = ACCESS_TABLE.split()[:9]
REFUSED = {"sign-in", "403", "404", "405"}
GET_THAT_COUNTS_REQUESTS = {"calendar-feed"}  # against guessing tokens
GET_THAT_CLEARS_SESSION = {"leave", f"{NEUTRAL}leave"}  # deletes the requester's own answers immediately
GET_THAT_MEETS_THE_TARGET = {  # the first opening of a booking
    "delivery_problems:correct_address",
    "triage:booking",
    "undo:messages",
    "scheduling:cancel",
    "triage:close_safeguarding",
    "triage:decline",
    "triage:hand_over",
    "scheduling:offer_place",
    "scheduling:decline_change_request",
    "triage:add_note",
    "scheduling:offer_times",
    "scheduling:offer_recurring_walk",
    "freeze:lift",
    "pins:reset_pin",
    "scheduling:schedule",
    "on_the_day:record_outcome",
    "on_the_day:record_one_officer_answer",
    "triage:record_contact",
    "triage:mark_safeguarding",
}
"""Pages that identify the requester. A GET writes the read log and the inspector's first reading, and no more."""


def read(table):
    """Return a dict from (address, method) to each person's expected response."""
    header, *lines = filter(None, table.splitlines())
    people = header.split()
    expected = {}
    for line in lines:
        name, method, *answers = line.removeprefix(NEUTRAL).split()
        name = NEUTRAL + name if line.startswith(NEUTRAL) else name
        expected[name, method] = dict(zip(people, answers * len(people) if len(answers) == 1 else answers, strict=True))
    return expected


EXPECTED_RESPONSES = read(ACCESS_TABLE)


def lines_for(who):
    """Return all lines for signed_out and inspector; for others, staff pages and lines that differ between people."""
    if who in ("signed_out", "inspector"):
        return list(EXPECTED_RESPONSES)
    staff = names_of_staff_pages()
    return [line for line, answers in EXPECTED_RESPONSES.items() if line[0] in staff or len({*answers.values()}) > 1]


def names_of_staff_pages():
    return {address.name for address in every_address() if address.route.startswith(("staff/", "admin/"))}
