"""Django's settings. Everything that differs between installations comes from the environment or the data directory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from manyi.env import ENV, data_directory, secret_key
from manyi.stages import BASES, STAGES

ROOT = Path(__file__).parent
MANYI_DATA = data_directory()
MANYI_FILES = MANYI_DATA / "files"
MANYI_CHECKPOINTS = MANYI_DATA / "checkpoints"
MANYI_MAIL_IN = MANYI_DATA / "mail-in"
MANYI_URL = str(ENV("MANYI_URL", default="http://127.0.0.1:8000")).rstrip("/")
MANYI_MAIL_FROM = str(ENV("MANYI_MAIL_FROM", default="manyi@localhost"))
MANYI_SEAL_AFTER_COMMIT = True

DEBUG = False
SECRET_KEY = secret_key(MANYI_DATA)
ALLOWED_HOSTS = ENV.list("MANYI_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = ENV.list("MANYI_ORIGINS", default=[])
SECURE = MANYI_URL.startswith("https://")

INSTALLED_APPS = [
    *(f"manyi.base.{name}" for name in BASES),
    *(f"manyi.flow.{stage.word}" for stage in STAGES),
    "manyi.web",
    "manyi.jobs",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "manyi.web.security.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "manyi.web.boundary.BoundaryMiddleware",
    "manyi.web.clock.ClockMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "manyi.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "manyi.urls"
WSGI_APPLICATION = "manyi.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "manyi.web.menu.menu",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "manyi.web.templatetags.manyi"],
        },
    }
]

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000;"
    ),
}
"""A write takes its lock at once and waits for it; what is committed is on the disk."""
DATABASES = {"default": ENV.db("DATABASE_URL", default=f"sqlite:///{MANYI_DATA / 'manyi.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE
    DATABASES["default"]["TEST"] = {"NAME": MANYI_DATA / "test.sqlite3"}  # in memory, threads would not wait for locks
DATABASES["default"]["CONN_MAX_AGE"] = None
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "duties:mine"
LOGOUT_REDIRECT_URL = "sign_in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = str(ENV("MANYI_TIME_ZONE", default="Asia/Shanghai"))
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = MANYI_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MANYI_FILES}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-manyi" if SECURE else "manyi"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = bool(ENV.bool("MANYI_SSL_REDIRECT", default=False))
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
if ENV.bool("MANYI_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "manyi.web.errors.forged"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o640
MANYI_ROBOT_HOSTS = frozenset(ENV.list("MANYI_ROBOT_HOSTS", default=[]))
MANYI_SENDS_MAIL = "MANYI_MAIL_URL" in ENV
"""Without a mail server mails wait in the outbox."""
EMAIL_CONFIG = ENV.email_url("MANYI_MAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)

TESTING = "pytest" in sys.modules
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
