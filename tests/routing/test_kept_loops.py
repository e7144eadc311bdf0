"""Loops called from what was kept of them do what they do when numba calls them; without it nothing changes."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from quotum.engine.kernels.periodic import image

PLAN = """
import json, sys
sys.path.insert(0, "tests/routing")
from routing_worlds import make_problem
from quotum.engine.action_plan.routing.solving import Search, solve_periodic
found = solve_periodic(make_problem(4, customers=20, days=4, vehicles=2), Search(rounds=4_000))
print(json.dumps([found.cost, found.routes, "numba" in sys.modules]))
"""
FORGET = f"""
import sys
from importlib.util import module_from_spec, spec_from_file_location
name = {image.__name__!r}  # before the room it is in, which looks for kept loops at once
spec = spec_from_file_location(name, {image.__file__!r})
sys.modules[name] = image = module_from_spec(spec)
spec.loader.exec_module(image)
image.open_image = lambda: None
"""


def run(program: str) -> list:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=os.environ)
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(image.open_image() is None, reason="no loops were kept; see python -m quotum.engine.kernels")
def test_kept_loops_plan_the_same_without_numba():
    cost, routes, loaded = run(PLAN)
    assert not loaded
    assert run(FORGET + PLAN) == [cost, routes, True]


def test_words_of_a_tuple_are_those_of_its_parts():
    rows, one = np.zeros((2, 3)), np.arange(4)
    words, kinds = image._flatten((rows, one, 2.5))
    assert kinds == "f2i1f"
    assert words == [0, 0, 6, 8, rows.ctypes.data, 2, 3, 24, 8, 0, 0, 4, 8, one.ctypes.data, 4, 8, 2.5]
    with pytest.raises(TypeError, match="C order"):
        image._flatten(rows.T)


def test_kept_loops_refuse_arrays_of_another_kind():
    loop = image.Image({}, b"").find("anneal")
    loop.call, loop.leaves = print, "f1"
    with pytest.raises(TypeError, match="compiled for f1, not i1"):
        loop(np.zeros(2, np.int64))


def test_an_image_of_another_source_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(image, "_FILE", tmp_path / "loops.image")
    assert image.open_image() is None
    image._FILE.write_bytes(b'{"key": "other", "loops": {}}\ncode')
    assert image.open_image() is None
