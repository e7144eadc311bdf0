"""Loops compiled at set-up, kept as machine code and called without numba: a plan of one second cannot wait for it.

To import numba and to let it look up its own cache takes most of a second in every process; numpy and llvmlite, which
is enough to load what numba has compiled, take a fifth of one. ``write_image`` keeps the code of every loop that Python
calls in one file beside the source; ``open_image`` finds it again, unless source, Python, numba or processor differ.
Without the file numba does all the work. Written against numba's calling convention (numba.core.callconv): a pointer
for the result, one for an exception, then every array as its descriptor.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

_FOLDER = Path(__file__).parent
_FILE = _FOLDER / "__pycache__" / "loops.image"
_WORDS: dict[str, Any] = {"f": ctypes.c_double, "i": ctypes.c_int64}
_RETURNED, _NONE = 0, -2  # numba's codes of a call that went well
_MANY = 64  # tuples of arrays whose descriptors are kept


class Image:
    """The file's content: code of loops by name."""

    def __init__(self, loops: dict[str, list[Any]], code: bytes) -> None:
        self.loops, self.code = loops, code

    def find(self, name: str) -> Loop:
        """Return what is called in the place of the loop of that name."""
        return Loop(self, name)


class Loop:
    """A compiled loop; its code is loaded when it is first called."""

    def __init__(self, image: Image, name: str) -> None:
        self.image, self.name, self.leaves, self.result = image, name, "", ""
        self.call: Callable[..., int] | None = None

    def __call__(self, *given: Any) -> Any:
        """Call it. TypeError where arrays are of another kind than those it was compiled for."""
        call = self.call or self._load()
        words: list[Any] = []
        kinds = ""
        for value in given:
            more, kind = _flatten(value)
            words += more
            kinds += kind
        if kinds != self.leaves:
            raise TypeError(f"{self.name} was compiled for {self.leaves}, not {kinds}")
        result = (_WORDS[self.result[:1] or "i"] * 2)()
        raised = ctypes.c_void_p()
        code = call(ctypes.addressof(result), ctypes.addressof(raised), *words)
        if code not in {_RETURNED, _NONE}:
            raise RuntimeError(f"{self.name} failed with code {code}")
        return (None, result[0], tuple(result))[len(self.result)]

    def _load(self) -> Callable[..., int]:
        symbol, self.leaves, self.result, start, end = self.image.loops[self.name]
        self.engine = _load_code(self.image.code[start:end])
        types: list[Any] = [ctypes.c_void_p] * 2
        for kind, ndim in re.findall(r"([a-z?])(\d?)", self.leaves):
            types += [_WORDS[kind]] if not ndim else [ctypes.c_int64] * (5 + 2 * int(ndim))
        call: Callable[..., int] = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(self.engine.get_function_address(symbol))
        self.call = call
        return call


_kept: dict[int, tuple[Any, list[Any], str]] = {}


def _flatten(value: Any) -> tuple[list[Any], str]:
    """Return the words by which a value is handed over, and what kinds of values they are."""
    if isinstance(value, tuple):
        found = _kept.get(id(value))
        if found is None or found[0] is not value:
            parts = [_flatten(part) for part in value]
            if len(_kept) >= _MANY:
                _kept.clear()
            found = _kept[id(value)] = value, [w for words, _ in parts for w in words], "".join(k for _, k in parts)
        return found[1], found[2]
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise TypeError("loops take arrays in C order")
        words = [0, 0, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides]
        return words, f"{_letter(value.dtype)}{value.ndim}"
    return ([float(value)], "f") if isinstance(value, float) else ([int(value)], "i")


def _letter(dtype: Any) -> str:
    return {"float64": "f", "int64": "i", "uint64": "u", "bool": "b"}[str(dtype)]


def _load_code(code: bytes) -> Any:
    """Return an engine that holds the code, ready to run."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    abort = ctypes.cast(ctypes.CDLL(None).abort, ctypes.c_void_p).value
    for name in set(re.findall(rb"(?:numba|NRT)_[a-z_]+", code)):  # only what calls loops from Python needs them
        if llvm.address_of_symbol(name.decode()) is None:
            llvm.add_symbol(name.decode(), abort)
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


def open_image() -> Image | None:
    """Return the image, if there is one that was made from this source on this machine."""
    try:
        head, _, code = _FILE.read_bytes().partition(b"\n")
        told = json.loads(head)
        return Image(told["loops"], code) if told["key"] == _key() and hasattr(ctypes.CDLL(None), "abort") else None
    except (OSError, ValueError, KeyError, TypeError, ImportError):
        return None


def is_compiled() -> bool:
    """Return whether an image is there; whether it is of this source is seen when it is opened."""
    return _FILE.exists()


def write_image(loops: dict[str, Callable[..., Any]]) -> bool:
    """Keep the code of loops that numba has compiled, which is what is in its own cache. Returns whether it could."""
    listed, code = {}, b""
    for name, loop in loops.items():
        signature = next(kinds for kinds in loop.overloads if all(map(_is_plain, kinds)))  # type: ignore[attr-defined]
        compiled = loop.overloads[signature]  # type: ignore[attr-defined]
        cache = loop._cache  # type: ignore[attr-defined]
        kept = cache._cache_file.load(cache._index_key(signature, compiled.target_context.codegen()))
        if kept is None:
            return False
        _, _, (machine_code, _) = kept[0]
        leaves = "".join(_leaves(kind) for kind in signature)
        result = _leaves(compiled.signature.return_type)
        listed[name] = [compiled.fndesc.llvm_func_name, leaves, result, len(code), len(code) + len(machine_code)]
        code += machine_code
    try:
        fresh = _FILE.with_suffix(f".{os.getpid()}")  # nobody shall read half a file
        fresh.write_bytes(json.dumps({"key": _key(), "loops": listed}).encode() + b"\n" + code)
        fresh.replace(_FILE)
    except OSError:
        return False
    return True


def _is_plain(kind: Any) -> bool:
    """Is this how Python would hand it over, not what one loop gives to another?"""
    if hasattr(kind, "types"):
        return all(map(_is_plain, kind.types))
    return kind.layout == "C" and kind.mutable if hasattr(kind, "ndim") else str(kind) in {"float64", "int64"}


def _leaves(kind: Any) -> str:
    """Return the letters of a numba type: f, i, or of an array with its dimensions."""
    if hasattr(kind, "types"):
        return "".join(map(_leaves, kind.types))
    if hasattr(kind, "ndim"):
        return f"{_letter(kind.dtype)}{kind.ndim}"
    return {"none": "", "float64": "f", "int64": "i"}[str(kind)]


def _key() -> str:
    """Name everything on which compiled code depends."""
    import llvmlite.binding as llvm

    told = hashlib.sha256()
    for path in sorted(_FOLDER.glob("*.py")):
        told.update(path.read_bytes())
    numba = find_spec("numba")
    if numba is not None and numba.origin:
        told.update((Path(numba.origin).parent / "_version.py").read_bytes())
    features = llvm.get_host_cpu_features().flatten()
    told.update(repr((sys.version, llvm.llvm_version_info, llvm.get_host_cpu_name(), features)).encode())
    return told.hexdigest()
