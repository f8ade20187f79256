"""Turns a run's JSON files into the table of ratios beside the bars: table.py results/2026-11-21-1200

Each round measures everything once, rivals side by side. A figure is the median of the rounds' medians, a ratio the
median of the rounds' ratios, a limit of the machine the highest of all. A ratio says how many times faster ours is.
"""

import json
import pathlib
import statistics
import sys

NAMES = {
    "mkl": "MKL",
    "mkl-packed": "MKL, packed",
    "openblas": "OpenBLAS",
    "vectorblas": "VectorBLAS",
    "pytorch": "PyTorch",
    "pytorch-fused": "PyTorch, fused Adam",
    "numpy": "NumPy",
    "djl": "DJL",
    "dl4j": "DL4J",
    "encog": "Encog",
    "onnxruntime-bound": "ONNX Runtime, bound",
    "onnxruntime": "ONNX Runtime",
    "lanewise-scalar": "ours, scalar",
    "lanewise-half": "ours, half width",
    "staged": "in stages",
}


class Run:
    """The results of one run. A figure is a dictionary: values by round."""

    def __init__(self, folder):
        self.results = []
        for file in sorted(folder.glob("*.json"), key=lambda file: file.stem):
            text = file.read_text()
            for entry in json.loads(text) if text.strip() else []:
                entry["part"], entry["round"] = file.stem.rsplit("-", 1)
                self.results.append(entry)

    def figure(self, value, benchmark, who=None, part=None, mode=None, **params):
        """What a function makes of the entries of that benchmark and these parameters."""
        wanted = dict(params, **({"who": who} if who else {}))
        return {
            entry["round"]: value(entry["primaryMetric"])
            for entry in self.results
            if entry["benchmark"].endswith(benchmark)
            and (part is None or entry["part"] == part)
            and (mode is None or entry["mode"] == mode)
            and all(entry.get("params", {}).get(key) == value for key, value in wanted.items())
        }

    def score(self, *args, **params):
        """The scores."""
        return self.figure(lambda metric: statistics.median(iterations(metric)), *args, **params)

    def best(self, benchmark):
        """The highest score, which is what a limit is; or None."""
        return max(self.figure(lambda metric: max(iterations(metric)), benchmark).values(), default=None)

    def percentile(self, percent, *args, **params):
        """A percentile of single calls."""
        return self.figure(lambda metric: metric["scorePercentiles"][percent], *args, mode="sample", **params)

    def values(self, benchmark, key, part=None):
        """The values of a parameter, in the order of the run."""
        found = [
            entry["params"][key]
            for entry in self.results
            if entry["benchmark"].endswith(benchmark) and (part is None or entry["part"] == part)
        ]
        return list(dict.fromkeys(found))


def iterations(metric):
    return [value for fork in metric["rawData"] for value in fork]


def each(figure, function):
    """A figure in another unit."""
    return {name: function(value) for name, value in figure.items()}


def median(figure):
    return statistics.median(figure.values())


def quotient(figure, other):
    """The median of the rounds' quotients, or None where no round has both."""
    quotients = [figure[name] / other[name] for name in figure if name in other]
    return statistics.median(quotients) if quotients else None


def number(value):
    """Three digits that count."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


def judged(ratio, bar):
    """A ratio, with its bar if there is one."""
    if ratio is None:
        return "–"
    text = f"{ratio:.2f} ×"
    if bar is None:
        return text
    return f"{text} ({'✓' if ratio >= bar else '**✗**'} ≥ {bar:.3g})"


class Table:
    """A table: ours and each peer's figure with the ratio."""

    def __init__(self, title, first, unit, peers, lower=False, extra=()):
        self.title, self.unit, self.peers, self.lower = title, unit, peers, lower
        self.head = [first, "ours", *extra, *(NAMES[peer] for peer in peers)]
        self.rows = []

    def add(self, name, ours, theirs, bars=None, extra=()):
        """A row; theirs and bars by peer."""
        if not ours:
            return
        cells = []
        for peer in self.peers:
            value = theirs.get(peer)
            bar = (bars or {}).get(peer)
            if not value:
                cells.append("–" if bar is None else f"– (≥ {bar:.3g})")
                continue
            ratio = quotient(value, ours) if self.lower else quotient(ours, value)
            cells.append(f"{number(median(value))}: {judged(ratio, bar)}")
        self.rows.append([name, number(median(ours)), *extra, *cells])

    def write(self):
        if not self.rows:
            return
        print(f"\n### {self.title}, {self.unit}\n")
        print("| " + " | ".join(self.head) + " |")
        print("|" + "---|" * len(self.head))
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


def machine(run):
    table = [(n, run.best(f"PeakBenchmark.fma{n}"), run.best(f"PeakBenchmark.triad{n}")) for n in (1, 2)]
    print("\n### The machine's limits in this run\n\n| threads | FMA, GFLOP/s | triad, GB/s |\n|---|---|---|")
    for threads, fma, triad in table:
        print(f"| {threads} | {number(fma)} | {number(triad)} |")
    return table[0][1]


def products(run, peak, benchmark, title, peers, bars_of):
    table = Table(title, "M×N×K", "GFLOP/s, 1 thread", peers, extra=["of FMA peak"])
    for shape in run.values(benchmark, "shape"):
        m, n, k = (int(size) for size in shape.split("x"))

        def speed(who):
            return each(run.score(benchmark, who, shape=shape), lambda nanoseconds: 2 * m * n * k / nanoseconds)

        bars, least = bars_of(m, n, k)
        ours = speed("lanewise")
        if not ours:
            continue
        share = "–" if peak is None else f"{median(ours) / peak:.0%}"
        if peak is not None and least is not None:
            share += f" ({'✓' if median(ours) / peak >= least else '**✗**'} ≥ {least:.0%})"
        table.add(shape.replace("x", "×"), ours, {peer: speed(peer) for peer in peers}, bars, [share])
    table.write()


def training(run):
    bars = {
        ("A", "1"): {"pytorch-fused": 1.2, "pytorch": 1.5, "djl": 2.5, "dl4j": 3.5},
        ("B", "1"): {"pytorch-fused": 1.6, "djl": 3, "dl4j": 6},
        ("C", "1"): {"pytorch-fused": 1.0, "pytorch": 1.4},
        ("A", "2"): {"pytorch-fused": 1.4},
        ("B", "2"): {"pytorch-fused": 1.8},
        ("C", "2"): {"pytorch-fused": 1.0},
    }
    rows = {"A": 128, "B": 128, "C": 256}
    peers = ["pytorch-fused", "pytorch", "djl", "dl4j"]
    table = Table("Training steps", "net", "samples/s", peers, extra=["scaling"])

    def speed(who, net, threads):
        steps = run.score("TrainingBenchmark.step", who, part="training", net=net, threads=threads)
        return each(steps, lambda value: value * rows[net])

    for net, threads in bars:
        ours = speed("lanewise", net, threads)
        single = speed("lanewise", net, "1")
        scaling = ""
        if threads == "2" and ours and single:
            scaling = judged(quotient(ours, single), 1.85)
        name = f"{net}, {threads} thread{'s' if threads == '2' else ''}"
        theirs = {peer: speed(peer, net, threads) for peer in peers}
        table.add(name, ours, theirs, bars[net, threads], [scaling])
    table.write()


def elementwise(run):
    bars = {
        "dropout": {"pytorch": 40, "numpy": 7},
        "batch-norm": {"pytorch": 2},
        "batch-norm-backward": {"pytorch": 2},
        "linear-relu": {"pytorch": 1.1},
        "adam": {"pytorch-fused": 1.0},
        "softmax-loss 256x10": {"pytorch": 8, "numpy": 8},
        "softmax-loss 256x1000": {"pytorch": 2.5, "numpy": 2.5},
    }
    # The bytes read and written for an element of the result.
    traffic = {"dropout": 8, "batch-norm": 8, "batch-norm-backward": 12, "adam": 28, "softmax-loss": 8}
    peers = ["pytorch-fused", "pytorch", "numpy"]
    table = Table(
        "Element-wise", "operation", "ns an element, 1 thread", peers, lower=True, extra=["GFLOP/s or GB/s"]
    )
    for task in run.values("ElementwiseBenchmark.operation", "task"):
        name, sizes = task.split()
        rows, columns = (int(size) for size in sizes.split("x"))

        def time(who):
            nanoseconds = run.score("ElementwiseBenchmark.operation", who, task=task)
            return each(nanoseconds, lambda value: value / (rows * columns))

        ours = time("lanewise")
        if not ours:
            continue
        if name == "linear-relu":
            rate = f"{number(2 * 784 / median(ours))} GFLOP/s"
        else:
            rate = f"{number(traffic[name] / median(ours))} GB/s"
        theirs = {peer: time(peer) for peer in peers}
        table.add(f"{name} {rows}×{columns}", ours, theirs, bars.get(task, bars.get(name)), [rate])
    table.write()


def norm_stages(run):
    bench = "NormStagesBenchmark.backward"
    table = Table(
        "Batch norm backward: the closed form beside the stages (2.32 × in the course, in NumPy)",
        "rows×columns",
        "µs, 1 thread",
        ["staged"],
        lower=True,
    )
    for shape in run.values(bench, "shape"):

        def time(who):
            return each(run.score(bench, who, shape=shape), lambda nanoseconds: nanoseconds / 1000)

        for who in ("lanewise", "lanewise-scalar"):
            name = shape.replace("x", "×") + (", scalar kernels" if who == "lanewise-scalar" else "")
            table.add(name, time(who), {"staged": time("staged")})
    table.write()


def predictions(run):
    bench = "PredictBenchmark.oneRow"
    peers = ["onnxruntime-bound", "onnxruntime", "pytorch", "djl", "dl4j", "encog"]
    table = Table("Predict one row", "net", "µs, 1 thread", peers, lower=True)
    for net in run.values(bench, "net"):
        bound = "onnxruntime-bound"
        rows = [
            ("p50, call by call", lambda who: run.percentile("50.0", bench, who, net=net)),
            ("p99, call by call", lambda who: run.percentile("99.0", bench, who, net=net)),
            ("back to back", lambda who: run.score(bench, who, mode="avgt", part="predict", net=net)),
        ]
        for name, figure in rows:
            bar = 1.1 if net.startswith("784") else 8
            barred = name.startswith("p50") or (bar == 8 and name.startswith("p99"))
            theirs = {peer: figure(peer) for peer in peers}
            table.add(f"{net}, {name}", figure("lanewise"), theirs, {bound: bar} if barred else None)
            half = figure("lanewise-half")
            barred = name.startswith("p50") and net.startswith("784")
            table.add(f"{net}, half width, {name}", half, theirs, {bound: 2} if barred else None)
    table.write()
    bench = "PredictBenchmark.rows64"
    table = Table("Predict 64 rows", "net", "samples/s, 1 thread", peers)
    for net in run.values(bench, "net"):
        bars = {"onnxruntime-bound": 1.0} if net.startswith("784") else None
        theirs = {peer: run.score(bench, peer, mode="thrpt", net=net) for peer in peers}
        table.add(net, run.score(bench, "lanewise", mode="thrpt", net=net), theirs, bars)
    table.write()


def course(run):
    bench = "CourseBenchmark.run"
    peers = ["numpy", "pytorch"]
    table = Table(
        "The course's net 2-20-3-1, 211 rows, 30,000 iterations", "kind", "s a run, 1 thread", peers, lower=True
    )
    for kind in run.values(bench, "kind"):
        theirs = {peer: run.score(bench, peer, kind=kind) for peer in peers}
        table.add(kind, run.score(bench, "lanewise", kind=kind), theirs, {"numpy": 15, "pytorch": 25})
    table.write()


def scalar(run):
    bench = "TrainingBenchmark.step"
    vector = run.score(bench, "lanewise", part="scalar")
    fallback = run.score(bench, "lanewise-scalar", part="scalar")
    slower = quotient(vector, fallback)
    if slower is not None:
        print("\n### Scalar fallback, training step A, 1 thread\n")
        print(f"{number(128 * median(fallback))} samples/s, vectors {number(128 * median(vector))}: ", end="")
        print(f"1/{slower:.2f} ({'✓' if slower <= 6 else '**✗**'} ≥ 1/6)")


def allocation(run):
    bytes_by_benchmark = {}
    for entry in run.results:
        if entry["part"] == "allocation":
            name = ".".join(entry["benchmark"].rsplit(".", 2)[-2:]), entry["params"]["net"]
            bytes_by_benchmark.setdefault(name, []).extend(iterations(entry["secondaryMetrics"]["gc.alloc.rate.norm"]))
    if not bytes_by_benchmark:
        return
    print("\n### Bytes allocated a call, what JMH's own threads allocate in the same time included\n")
    print("| benchmark | net | bytes |\n|---|---|---|")
    for (benchmark, net), values in bytes_by_benchmark.items():
        print(f"| {benchmark} | {net} | {statistics.median(values):.2f} |")


def main():
    folder = pathlib.Path(sys.argv[1])
    run = Run(folder)
    print(f"# Run of {folder.name}\n")
    print("A ratio says how many times faster ours is; ✓ and **✗** stand beside the bar.\n")
    for line in (folder / "machine.txt").read_text().splitlines():
        print(f"- {line}")
    peak = machine(run)

    def with_packing(m, n, k):
        return {"mkl": 1.0, "openblas": 1.1}, 0.78 if min(m, n, k) >= 512 else None

    def packed(m, n, k):
        return {"mkl": 1.0 if m == 1 else 1.1}, None

    products(run, peak, ".SgemmBenchmark.product", "Matrix products", ["mkl", "openblas", "vectorblas"], with_packing)
    products(
        run, peak, "PackedSgemmBenchmark.product", "Matrix products, ours with B packed beforehand", ["mkl", "mkl-packed"], packed
    )
    training(run)
    elementwise(run)
    norm_stages(run)
    predictions(run)
    course(run)
    scalar(run)
    allocation(run)


main()
