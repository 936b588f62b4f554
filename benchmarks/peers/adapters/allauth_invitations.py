"""Django with allauth and django-invitations: each person has an invitation of their own, with a key that is known.

`allauth_invitations.py PORT FOLDER PEOPLE`, with the Python of the peers. SQLite as Django's documentation advises for
production; no mail is sent, no rate is limited, and passwords are hashed at next to no cost, as by every peer here.
"""

import json
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.urls import include, path
from django.utils import timezone
from gunicorn.app.base import BaseApplication

PORT, FOLDER, PEOPLE = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
BATCH = 500

settings.configure(
    SECRET_KEY="of a measurement",  # noqa: S106 - protects nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
        "invitations",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "django.db",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
        }
    },
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGIN_REDIRECT_URL="/",
    ACCOUNT_ADAPTER="invitations.models.InvitationsAdapter",
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
    ACCOUNT_EMAIL_VERIFICATION="none",
    ACCOUNT_RATE_LIMITS=False,
    INVITATIONS_INVITATION_ONLY=True,
    INVITATIONS_ACCEPT_INVITE_AFTER_SIGNUP=True,
)
django.setup()
urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("invitations/", include("invitations.urls", namespace="invitations")),
]


class Server(BaseApplication):
    """One process with as many threads as Gangway has for its database."""

    def load_config(self) -> None:
        """Set the server up."""
        for name, value in {"bind": f"127.0.0.1:{PORT}", "workers": 1, "threads": 8, "loglevel": "error"}.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application."""
        return get_wsgi_application()


def invite() -> None:
    """Make the tables, and an invitation for each person."""
    from invitations.models import Invitation  # noqa: PLC0415 - models exist after the set-up only

    call_command("migrate", verbosity=0)
    Invitation.objects.bulk_create(
        (
            Invitation(email=f"anna.{number}@example.com", key=f"key{number}", sent=timezone.now())
            for number in range(PEOPLE)
        ),
        batch_size=BATCH,
    )


if __name__ == "__main__":
    invite()
    print(json.dumps({}), flush=True)
    Server().run()
