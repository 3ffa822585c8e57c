"""The form with which a person signs in."""

from __future__ import annotations

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Name and password. The answer to a wrong pair does not say which of both was wrong."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The sign-in name or the password is wrong."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["username"].label = _("Sign-in name")
        self.fields["password"].label = _("Password")
