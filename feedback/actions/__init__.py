"""Everything that can happen to what women tell us. Each function is one event."""

from feedback.actions.answering import answer_concern, answer_whether_better, ask_whether_better, refer_concern
from feedback.actions.asking import Inbox, invite_to_tell_us, send_digest
from feedback.actions.forgetting import forget_concern, forget_walk_note
from feedback.actions.moves import ConcernError, MoveNotAllowed
from feedback.actions.screening import (
    accept_concern,
    close_without_action,
    divert_concern,
    join_concern,
    pass_on_concern,
    start_screening,
)
from feedback.actions.telling import Told, correct_concern, note_concern, note_walk, tell_us, withdraw_concern

__all__ = [
    "ConcernError",
    "Inbox",
    "MoveNotAllowed",
    "Told",
    "accept_concern",
    "answer_concern",
    "answer_whether_better",
    "ask_whether_better",
    "close_without_action",
    "correct_concern",
    "divert_concern",
    "forget_concern",
    "forget_walk_note",
    "invite_to_tell_us",
    "join_concern",
    "note_concern",
    "note_walk",
    "pass_on_concern",
    "refer_concern",
    "send_digest",
    "start_screening",
    "tell_us",
    "withdraw_concern",
]
