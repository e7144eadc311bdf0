"""How many decimals a currency has (ISO 4217)."""

from __future__ import annotations

_OTHER_THAN_TWO = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS = {code: decimals for decimals, codes in _OTHER_THAN_TWO.items() for code in codes.split()}


def currency_decimals(code: str) -> int:
    """Return the decimals of a currency by its three letters; most have two."""
    return _DECIMALS.get(code, 2)
