"""The number of threads changes the time, never a bit of the result."""

import os
import subprocess
import sys

_SCRIPT = """
import hashlib
import numpy as np
from quotum.engine.kernels import due_cells, halve, round_whole, split_bounded
chance = np.random.default_rng(5)
starts = np.concatenate([[0], np.cumsum(chance.integers(0, 60, 2000))])
n = starts[-1]
w = chance.pareto(1.1, n) * 100
f, c = np.floor(w * 5), np.ceil(w * 20)
totals = np.floor(np.add.reduceat(np.append(w, 0.0), starts[:-1]) * 9).astype(np.int64)
real, status = split_bounded(starts, totals.astype(float), w, f, c)
units = round_whole(starts, totals, real, f, c)
amounts = np.array([units[a:b].sum() for a, b in zip(starts, starts[1:])])
due = due_cells(amounts, chance.random(2000), np.zeros(2000, np.int32), np.linspace(0, 1, 13)[None, :])
handed = halve(starts, units, np.cumsum(due, axis=1))
digest = hashlib.sha256(b"".join(a.tobytes() for a in (real, status, units, due, handed)))
print(n, digest.hexdigest())
"""


def run_with(num_threads):
    environment = os.environ | {"NUMBA_NUM_THREADS": str(num_threads)}
    done = subprocess.run([sys.executable, "-c", _SCRIPT], env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_one_thread_and_two_give_the_same_bytes():
    one = run_with(1)
    assert int(one.split()[0]) > 50_000
    assert run_with(2) == one
