"""Travel minutes from a routing service (OSRM or Valhalla): asked once, kept, and replaced where it does not answer."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from quotum.engine.action_plan.person_tasks import Floats, Place
from quotum.engine.action_plan.travel_ways import GreatCircle

_MOST_PLACES = 100  # of one question: public services refuse more
_TRIES = 2
_LONGEST = 7 * 24 * 3600.0


class ServiceFailed(Exception):  # noqa: N818 - told by the caller as a finding
    """The service did not answer, or not what was asked."""


def _read_table(answer: object, num_sources: int, num_targets: int) -> Floats:
    """Return (num_sources, num_targets) seconds, nan where there is no way. Raises ServiceFailed for anything else."""
    try:
        found = np.array(answer, np.float64)  # None becomes nan
    except (TypeError, ValueError) as problem:
        raise ServiceFailed("an answer that is no table of seconds") from problem
    if found.shape != (num_sources, num_targets):
        raise ServiceFailed("an answer of another size than asked for")
    found[np.isinf(found)] = np.nan
    if (found < 0).any() or (found > _LONGEST).any():
        raise ServiceFailed("ways of less than nothing, or of more than a week")
    return found


@dataclass(frozen=True)
class RoutingService:
    """Minutes from a service at ``url``; pairs it knows no way for take the great circle.

    Answers are kept in ``cache`` under the digest of the question. Raises ServiceFailed when it cannot be reached:
    a plan that quietly mixes two kinds of travel times would be a different one the next day.
    """

    url: str
    service: str
    timeout_seconds: float
    usual: GreatCircle
    cache: Path | None = field(default=None, repr=False)

    def __call__(self, places: Sequence[Place], keys: Sequence[str]) -> Floats:
        """Return (num_places, num_places) whole minutes, asked in squares of at most a hundred places."""
        minutes = self.usual(places, keys)
        half = _MOST_PLACES if len(places) <= _MOST_PLACES else _MOST_PLACES // 2
        for row in range(0, len(places), half):
            for column in range(0, len(places), half):
                sources, targets = places[row : row + half], places[column : column + half]
                seconds = self._ask(list(sources), list(targets))
                block = minutes[row : row + half, column : column + half]
                known = np.isfinite(seconds)
                block[known] = np.rint(seconds[known] / 60.0)
        np.fill_diagonal(minutes, 0.0)
        return minutes

    def _ask(self, sources: list[Place], targets: list[Place]) -> Floats:
        """Return (num_sources, num_targets) seconds, nan where there is no way."""
        question = json.dumps([self.url, self.service, sources, targets])
        file = None
        if self.cache is not None:
            self.cache.mkdir(parents=True, exist_ok=True)
            file = self.cache / f"{hashlib.sha256(question.encode()).hexdigest()[:32]}.json"
            with suppress(OSError, ValueError, ServiceFailed):  # what is damaged is asked again
                return _read_table(json.loads(file.read_text(encoding="utf-8")), len(sources), len(targets))
        try:
            ask = self._ask_osrm if self.service == "osrm" else self._ask_valhalla
            answer = ask(sources, targets)
        except (AttributeError, TypeError) as problem:
            raise ServiceFailed("an answer of another form than asked for") from problem
        found = _read_table(answer, len(sources), len(targets))
        if file is not None:
            file.write_text(json.dumps(answer), encoding="utf-8")
        return found

    def _ask_osrm(self, sources: list[Place], targets: list[Place]) -> list[list[Any]]:
        """Ask the table service: coordinates in the address, longitude first."""
        places = ";".join(f"{lon:.6f},{lat:.6f}" for lat, lon in (*sources, *targets))
        first = ";".join(str(at) for at in range(len(sources)))
        second = ";".join(str(len(sources) + at) for at in range(len(targets)))
        address = f"{self.url.rstrip('/')}/table/v1/driving/{places}?sources={first}&destinations={second}"
        answer = self._fetch(urllib.request.Request(address))
        if answer.get("code") != "Ok":
            raise ServiceFailed(str(answer.get("message") or answer.get("code"))[:80])
        table: list[list[Any]] = answer.get("durations") or []
        return table

    def _ask_valhalla(self, sources: list[Place], targets: list[Place]) -> list[list[Any]]:
        """Ask the matrix service: a JSON body."""
        body = {
            "sources": [{"lat": lat, "lon": lon} for lat, lon in sources],
            "targets": [{"lat": lat, "lon": lon} for lat, lon in targets],
            "costing": "auto",
        }
        address = f"{self.url.rstrip('/')}/sources_to_targets"
        head = {"Content-Type": "application/json"}
        answer = self._fetch(urllib.request.Request(address, json.dumps(body).encode(), head))
        return [[cell.get("time") for cell in row] for row in answer.get("sources_to_targets") or []]

    def _fetch(self, request: urllib.request.Request) -> dict[str, Any]:
        problem: Exception | None = None
        for _ in range(_TRIES):
            try:
                with urllib.request.urlopen(request, timeout=self.timeout_seconds) as response:
                    answer = json.loads(response.read())
            except (OSError, ValueError) as found:
                problem = found
            else:
                if isinstance(answer, dict):
                    return answer
                problem = ValueError("no JSON object")
        raise ServiceFailed(str(problem)[:80])
