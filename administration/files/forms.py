"""The forms that ask for a file, for a second look at it, and for the reason of a list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from administration.bulk.forms import HasRungForm, ReasonForm
from administration.files.sheets import TOO_LARGE, read_sheet
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.plain_text import one_line


class UploadForm(PageForm):
    button = "Check the file"

    file = forms.FileField(
        label="A CSV or XLSX file",
        help_text="At most 100 lines and 1 MB. Nothing is saved before you have read what would change.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "required": f"Select a file. {TOO_LARGE}",  # a larger one never reaches us
            "empty": "Select a file that isn’t empty.",
        },
    )

    def clean_file(self) -> bytes:
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        content: bytes = upload.read()
        read_sheet(content)
        return content


class ImportForm(HasRungForm):
    """Asks why, although one administrator may do some of it: the file alone doesn’t say."""

    reason = ReasonForm.declared_fields["reason"]
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, people: int, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.button = f"Import {people} {'person' if people == 1 else 'people'}"

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


class ExportForm(PageForm):
    button = "Download"

    reason = forms.CharField(
        label="Why do you need this list?",
        help_text="In one line. It is kept in the security log, and the auditor is told.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter why you need this list"},
    )

    def clean_reason(self) -> str:
        reason = one_line(self.cleaned_data["reason"])
        if not reason:
            raise ValidationError("Enter why you need this list")
        return reason
