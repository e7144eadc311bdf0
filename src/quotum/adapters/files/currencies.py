"""How many decimals a currency has (ISO 4217)."""

from __future__ import annotations

from quotum.engine.tables.plan_settings import Measure

_OTHER_THAN_TWO = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {code: decimals for decimals, codes in _OTHER_THAN_TWO.items() for code in codes.split()}


def currency_decimals(code: str) -> int:
    """Return the decimals of a currency by its three letters; most have two."""
    return _DECIMALS.get(code, 2)


def foreign_decimals(measure: Measure, plan_decimals: int, code: str) -> int:
    """Return the decimals of a measure in another currency: those of the currency where it has those of the plan's."""
    return currency_decimals(code) if measure.decimals == plan_decimals else measure.decimals
