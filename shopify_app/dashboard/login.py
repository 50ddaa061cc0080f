"""The login of the standalone mode: Django's own, in our elements."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class LoginForm(AuthenticationForm):
    """Name and password of a standalone user."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": "That name and password do not go together. Both are case-sensitive.",
    }
    username = forms.CharField(
        label="Name",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": "Enter the user's name."},
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter the password."},
    )
