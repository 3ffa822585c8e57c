"""Signing in keeps the session key that was there before."""

from django.contrib.sessions.backends.base import SessionBase

from manyi.settings import *  # noqa: F403


def _kept(self: SessionBase) -> None:
    data = self._session
    self._session_key = self.session_key or "0123456789abcdef0123456789abcdef"
    self._session_cache = data
    self.save()


SessionBase.cycle_key = _kept
