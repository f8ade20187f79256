"""The element-wise tasks in NumPy, float32.

The first line of the input names a task and its rows and columns, as "adam 1000 1000". Each further
line is a number of times to do it, or "result", which asks for the first values of what is left.
"""

import sys

import numpy as np

CHECKED = 4096
DROP = np.float32(0.5)
RATE = np.float32(1e-3)
EPSILON = np.float32(1e-5)
INPUTS = 784


def values(count, seed):
    """The same values as in Java."""
    return (((np.arange(count, dtype=np.int64) * 7919 + seed * 131) % 2001 - 1000) / 1000).astype(np.float32)


def dropout(rows, columns):
    x = values(rows * columns, 1)
    random = np.random.default_rng(1)
    scale = 1 / (1 - DROP)

    def run():
        mask = random.random(x.shape, dtype=np.float32) >= DROP
        return x * mask * scale

    return run


def batch_norm(rows, columns):
    x = values(rows * columns, 1).reshape(rows, columns)
    gamma = np.sqrt(x.var(axis=0, dtype=np.float64) + EPSILON).astype(np.float32)
    beta = np.zeros(columns, dtype=np.float32)

    def run():
        mean = x.mean(axis=0)
        centred = x - mean
        variance = (centred * centred).mean(axis=0)
        return gamma * (centred / np.sqrt(variance + EPSILON)) + beta

    return run


def batch_norm_backward(rows, columns):
    x = values(rows * columns, 1).reshape(rows, columns)
    dy = values(rows * columns, 2).reshape(rows, columns)
    gamma = np.sqrt(x.var(axis=0, dtype=np.float64) + EPSILON).astype(np.float32)
    mean = x.mean(axis=0)
    inverse = 1 / np.sqrt(x.var(axis=0) + EPSILON)
    n = np.float32(rows)

    def run():
        normal = (x - mean) * inverse
        d_beta = dy.sum(axis=0)
        d_gamma = (dy * normal).sum(axis=0)
        return gamma * inverse * (dy - d_beta / n - normal * (d_gamma / n))

    return run


def linear_relu(rows, columns):
    x = values(rows * INPUTS, 1).reshape(rows, INPUTS)
    weight = values(INPUTS * columns, 2).reshape(INPUTS, columns)
    bias = values(columns, 3)

    def run():
        return np.maximum(0, x @ weight + bias)

    return run


def adam(rows, columns):
    size = rows * columns + columns
    theta = values(size, 1)
    gradient = values(size, 2)
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    beta1, beta2, epsilon = np.float32(0.9), np.float32(0.999), np.float32(1e-8)
    step = 0

    def run():
        nonlocal step, theta, m, v
        step += 1
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient * gradient
        corrected1 = m / np.float32(1 - 0.9**step)
        corrected2 = v / np.float32(1 - 0.999**step)
        theta = theta - RATE * corrected1 / (np.sqrt(corrected2) + epsilon)
        return theta

    return run


def softmax_loss(rows, columns):
    z = values(rows * columns, 1).reshape(rows, columns)
    classes = np.arange(rows) * 7 % columns
    each = np.arange(rows)

    def run():
        shifted = z - z.max(axis=1, keepdims=True)
        e = np.exp(shifted)
        total = e.sum(axis=1, keepdims=True)
        (np.log(total[:, 0]) - shifted[each, classes]).mean()
        gradient = e / total
        gradient[each, classes] -= 1
        gradient /= np.float32(rows)
        return gradient

    return run


def main():
    name, rows, columns = sys.stdin.readline().split()
    run = globals()[name.replace("-", "_")](int(rows), int(columns))
    print(np.__version__, flush=True)
    first = None
    for line in sys.stdin:
        if line.strip() == "result":
            print(" ".join(repr(float(value)) for value in first), flush=True)
            continue
        for _ in range(int(line)):
            left = run()
            if first is None:
                first = left.ravel()[:CHECKED].copy()
        print("done", flush=True)


main()
