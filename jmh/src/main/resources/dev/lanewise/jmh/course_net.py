"""The course's net in NumPy, as its notebook writes it, but in float32 and with examples in rows.

The first line of the input is JSON: sizes, weights, biases, rows, targets. Each further line, as
"l2 30000", asks for a run from these weights; the answer is the loss of its last iteration, without
penalty and before its update. The answer to the first line is NumPy's version.
"""

import json
import sys

import numpy as np

RATE = np.float32(0.3)
LAMBDA = np.float32(0.7)
KEEP = np.float32(0.86)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def run(net, kind, iterations):
    """Descends; returns the last loss."""
    random = np.random.default_rng(1)
    (w1, w2, w3), (b1, b2, b3) = ([a.copy() for a in net[name]] for name in ("weights", "biases"))
    x, y = net["rows"], net["targets"]
    m = np.float32(len(x))
    for _ in range(iterations):
        z1 = x @ w1 + b1
        a1 = np.maximum(0, z1)
        if kind == "dropout":
            d1 = random.random(a1.shape, dtype=np.float32) < KEEP
            a1 = a1 * d1 / KEEP
        z2 = a1 @ w2 + b2
        a2 = np.maximum(0, z2)
        if kind == "dropout":
            d2 = random.random(a2.shape, dtype=np.float32) < KEEP
            a2 = a2 * d2 / KEEP
        z3 = a2 @ w3 + b3
        a3 = sigmoid(z3)

        dz3 = (a3 - y) / m
        dw3 = a2.T @ dz3
        db3 = dz3.sum(axis=0)
        da2 = dz3 @ w3.T
        if kind == "dropout":
            da2 = da2 * d2 / KEEP
        dz2 = da2 * (z2 > 0)
        dw2 = a1.T @ dz2
        db2 = dz2.sum(axis=0)
        da1 = dz2 @ w2.T
        if kind == "dropout":
            da1 = da1 * d1 / KEEP
        dz1 = da1 * (z1 > 0)
        dw1 = x.T @ dz1
        db1 = dz1.sum(axis=0)

        if kind == "l2":
            dw1 += LAMBDA / m * w1
            dw2 += LAMBDA / m * w2
            dw3 += LAMBDA / m * w3
        w1 -= RATE * dw1
        w2 -= RATE * dw2
        w3 -= RATE * dw3
        b1 -= RATE * db1
        b2 -= RATE * db2
        b3 -= RATE * db3
    assert w1.dtype == dw1.dtype == a3.dtype == np.float32
    return float(np.mean(np.logaddexp(0, z3) - y * z3))


def main():
    given = json.loads(sys.stdin.readline())
    shape = list(zip(given["sizes"], given["sizes"][1:]))
    array = lambda values: np.array(values, dtype=np.float32)
    net = {
        "weights": [array(w).reshape(s) for w, s in zip(given["weights"], shape)],
        "biases": [array(b) for b in given["biases"]],
        "rows": array(given["rows"]).reshape(-1, given["sizes"][0]),
        "targets": array(given["targets"]).reshape(-1, given["sizes"][-1]),
    }
    print(np.__version__, flush=True)
    for line in sys.stdin:
        kind, iterations = line.split()
        print(run(net, kind, int(iterations)), flush=True)


main()
