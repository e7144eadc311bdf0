"""Keeps standings ready, so that no page has to work them out."""

from __future__ import annotations

from quotum.web.bridge.standing import keep_standings, tell_worker_looks
from quotum.web.queries.standing import ask_for_standings


def keep_standings_ready() -> None:
    """Work out where everybody stands today unless that is known; the worker does so every few seconds."""
    asked = ask_for_standings()
    if asked is not None:
        keep_standings(asked)
    tell_worker_looks()
