"""An inspector asks the requesters on a walk whether one officer will do, and records answers given on the phone."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from bookings.decisions.lookups import get_walk_for_change
from bookings.decisions.pages import OnWalk
from bookings.models.bookings import Booking
from bookings.models.one_officer import OneOfficerQuestion
from bookings.on_the_day.one_officer import actions
from bookings.on_the_day.one_officer.forms import SpokenAnswerForm
from bookings.on_the_day.walk_page import WalkButton, get_visible_walk, walk_page
from bookings.permissions import can_confirm_by_phone
from bookings.read_log import open_booking
from bookings.statuses import ReadReason
from bookings.triage.ring_her import RingHerPage
from walkandtalk.lib.errors import ActionError, TransitionNotAllowed
from walks.models.walks import Walk


class AskAboutOneOfficerButton(WalkButton):
    def press(self, walk: Walk) -> HttpResponse:
        actions.ask_about_one_officer(walk, by=self.request.user, version=self.shown_version)
        return self.done(
            "Sent. A requester who gets no email from us sees the question on her page: ring her if she allows it. "
            "The walk stays on your list until everyone has agreed."
        )


class RecordOneOfficerAnswerPage(RingHerPage[OneOfficerQuestion, SpokenAnswerForm], OnWalk[OneOfficerQuestion]):
    """Record an answer that the requester gave to the inspector herself, on the number on file or in person."""

    form_class = SpokenAnswerForm
    template_name = "bookings/on_the_day/record_one_officer_answer.html"

    def find(self) -> OneOfficerQuestion:
        walk = get_walk_for_change(self.request, self.pk)
        questions = walk.one_officer_questions.select_related("walk", "booking__contact", "booking__bcu")
        question = get_object_or_404(questions, pk=self.kwargs["question_pk"])
        if not can_confirm_by_phone(self.request.user, question.booking):
            raise PermissionDenied
        open_booking(question.booking, by=self.request.user, reason=ReadReason.CALL)
        return question

    def booking_of(self, question: OneOfficerQuestion) -> Booking:
        return question.booking

    def get_form(self, question: OneOfficerQuestion) -> SpokenAnswerForm:
        return SpokenAnswerForm(self.posted(), booking=question.booking)

    def context(self, question: OneOfficerQuestion, form: SpokenAnswerForm) -> dict[str, Any]:
        return {**super().context(question, form), "walk": question.walk}

    def decide(self, question: OneOfficerQuestion, form: SpokenAnswerForm) -> HttpResponse:
        answer = actions.OneOfficerAnswer(question=question.pk, will_do=form.will_do)
        by, spoken = self.request.user, form.spoken_with()
        actions.answer_one_officer_question(question.booking, answer, recorded_by=by, spoken=spoken)
        return self.done("Answer recorded. Once everyone has agreed, we’ll send each of them all the details again.")

    def field_of(self, error: ActionError) -> str:
        return "contact_method"

    def refused(self, question: OneOfficerQuestion, form: SpokenAnswerForm, error: ActionError) -> HttpResponse:
        if not isinstance(error, TransitionNotAllowed):  # her number is not opened yet
            return super().refused(question, form, error)
        return walk_page(self.request, get_visible_walk(self.request, self.pk), refused=error)
