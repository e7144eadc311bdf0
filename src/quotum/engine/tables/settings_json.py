"""Settings of a plan as plain JSON values and back, without loss: dates in ISO, whole numbers stay whole."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, PlanSettings

T = TypeVar("T")

_KINDS: dict[str, type] = {"across": AcrossStep, "along": AlongStep}


def settings_to_json(settings: PlanSettings) -> dict[str, Any]:
    """Return the settings as dictionaries, lists, texts and numbers; each step says its ``kind``."""
    plain: dict[str, Any] = _to_plain(settings)
    return plain


def settings_from_json(plain: Any) -> PlanSettings:
    """Return the settings that ``settings_to_json`` wrote. Raises ValueError when something does not fit."""
    try:
        settings: PlanSettings = _from_plain(PlanSettings, plain)
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"not the settings of a plan: {error}") from error
    return settings


def to_json(settings: Any) -> Any:
    """Return any settings object as plain values."""
    return _to_plain(settings)


def from_json(wanted: type[T], plain: Any) -> T:
    """Return the settings object of type ``wanted`` that ``to_json`` wrote. Raises ValueError when it does not fit."""
    try:
        settings: T = _from_plain(wanted, plain)
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"not settings: {error}") from error
    return settings


def _to_plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kind = [("kind", name) for name, step in _KINDS.items() if type(value) is step]
        return dict(kind) | {f.name: _to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, (tuple, list)):
        return [_to_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: _to_plain(v) for k, v in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _from_plain(wanted: Any, plain: Any) -> Any:
    """Return ``plain`` as the annotated type ``wanted``."""
    origin, inner = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        if type(None) in inner:
            return None if plain is None else _from_plain(inner[0], plain)
        return _from_plain(_KINDS[plain["kind"]], {k: v for k, v in plain.items() if k != "kind"})
    if origin is tuple:
        each = inner[:1] * len(plain) if inner[-1] is Ellipsis else inner
        return tuple(_from_plain(t, v) for t, v in zip(each, plain, strict=True))
    if origin is dict:
        return {k: _from_plain(inner[1], v) for k, v in plain.items()}
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{k: _from_plain(hints[k], v) for k, v in plain.items()})  # type: ignore[operator]
    if wanted is date:
        return date.fromisoformat(plain)
    return _checked(wanted, plain)


def _checked(wanted: Any, plain: Any) -> Any:
    """Return a plain value as it is; a float may be written as a whole number."""
    if get_origin(wanted) is Literal:
        fits = plain in get_args(wanted)
    elif wanted is bool:
        fits = isinstance(plain, bool)
    else:
        fits = isinstance(plain, (int, float) if wanted is float else wanted) and not isinstance(plain, bool)
    if not fits:
        raise ValueError(f"not the settings of a plan: {plain!r}")
    return plain
