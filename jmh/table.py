"""Turns a run's JSON files into the table of ratios beside the bars: table.py results/2026-11-30-1200

Rivals take turns in one JVM, window by window. A ratio is the median over the pairs of neighbouring windows; of several
rounds, the median of theirs, and in parentheses the lowest and the highest round, or of one round the quartiles of its
pairs. A figure is the median of the rounds' medians, a limit of the machine the best window of all. A ratio says how
many times faster ours is.
"""

import csv
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
    "lanewise": "ours, whole width",
    "staged": "in stages",
}


class Run:
    """The results of one run.

    A figure is a dictionary: the values of the windows by (round, line-up), where a line-up is the rivals of one JVM.
    """

    def __init__(self, folder):
        self.entries = []
        for file in sorted(folder.glob("*.json"), key=lambda file: file.stem):
            text = file.read_text()
            for entry in json.loads(text) if text.strip() else []:
                entry["part"], entry["round"] = file.stem.split("-")[0], file.stem.rsplit("-", 1)[1]
                self.entries.append(entry)

    def found(self, benchmark, part=None, mode=None, **params):
        return [
            entry
            for entry in self.entries
            if entry["benchmark"].endswith(benchmark)
            and (part is None or entry["part"] == part)
            and (mode is None or entry["mode"] == mode)
            and all(entry.get("params", {}).get(key) == value for key, value in params.items())
        ]

    def figure(self, benchmark, who, values=lambda metric: metric["rawData"][0], **wanted):
        """What who measured."""
        figure = {}
        for entry in self.found(benchmark, **wanted):
            rivals = entry["params"]["who"].split("+")
            if who in rivals:
                windows = values(entry["primaryMetric"])[rivals.index(who) :: len(rivals)]
                figure[entry["round"], entry["params"]["who"]] = windows
        return figure

    def percentile(self, percent, benchmark, who, **wanted):
        """A percentile of single calls."""
        return self.figure(
            benchmark, who, lambda metric: metric["percentiles"][percent], mode="sample", **wanted
        )

    def best(self, benchmark):
        """The best window, which is what a limit is; or None."""
        return max((max(entry["primaryMetric"]["rawData"][0]) for entry in self.found(benchmark)), default=None)

    def values(self, benchmark, key, **wanted):
        """The values of a parameter, in the order of the run."""
        return list(dict.fromkeys(entry["params"][key] for entry in self.found(benchmark, **wanted)))


class Ratio:
    """How many times faster, with what it is spread over."""

    def __init__(self, rounds):
        middles = [statistics.median(pairs) for pairs in rounds]
        self.value = statistics.median(middles)
        pairs = rounds[0]
        if len(rounds) > 1:
            self.low, self.high = min(middles), max(middles)
        elif len(pairs) > 2:
            self.low, _, self.high = statistics.quantiles(pairs, method="inclusive")
        else:
            self.low, self.high = min(pairs), max(pairs)

    def __str__(self):
        return f"{self.value:.2f} × ({self.low:.2f}–{self.high:.2f})"


def ratio(ours, theirs, lower=False):
    """Ours to theirs, or where lower is better theirs to ours, pair by pair; None where no JVM had both."""
    rounds = {}
    for key in ours.keys() & theirs.keys():
        for mine, other in zip(ours[key], theirs[key]):
            rounds.setdefault(key[0], []).append(other / mine if lower else mine / other)
    return Ratio([rounds[number] for number in sorted(rounds)]) if rounds else None


def each(figure, function):
    """A figure in another unit."""
    return {key: [function(value) for value in values] for key, values in figure.items()}


def median(figure):
    """The median of the rounds' medians."""
    rounds = {}
    for (number, _), values in figure.items():
        rounds.setdefault(number, []).extend(values)
    return statistics.median(statistics.median(values) for values in rounds.values())


def number(value):
    """Three digits that count."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:#.3g}".rstrip(".")


class Bars:
    """The bars met so far, and what is not at its bar."""

    met = 0
    failed = []

    @staticmethod
    def judge(name, value, bar, text, at_most=False, unit=" ×"):
        """The mark of a value beside its bar."""
        sign = "≤" if at_most else "≥"
        bar = f"{bar:.3g}" if isinstance(bar, float) else str(bar)
        good = value <= float(bar) if at_most else value >= float(bar)
        if good:
            Bars.met += 1
        else:
            Bars.failed.append(f"{name}: {text}, bar {sign} {bar}{unit}")
        return f"{'✓' if good else '**✗**'} {sign} {bar}"

    @staticmethod
    def write():
        print(f"\n### Bars\n\n{Bars.met} of {Bars.met + len(Bars.failed)} are met.", end="")
        print(" Not met:\n" if Bars.failed else "")
        for line in Bars.failed:
            print(f"- {line}")


class Table:
    """A table: ours and each peer's figure with the ratio, and the ratio to the best of some peers."""

    def __init__(self, title, first, unit, peers, lower=False, extra=(), best=()):
        self.title, self.unit, self.peers, self.lower, self.best = title, unit, peers, lower, best
        self.head = [first, "ours", *extra, *(["the better peer"] if best else []), *(NAMES[peer] for peer in peers)]
        self.rows = []

    def add(self, name, ours, theirs, bars=None, extra=(), bar=None):
        """A row; theirs and bars by peer, and the bar beside the best of the peers that count."""
        if not ours:
            return
        where = f"{self.title}, {name}"
        ratios = {peer: ratio(ours, theirs[peer], self.lower) for peer in self.peers if theirs.get(peer)}
        cells = []
        if self.best:
            least = min((ratios[peer] for peer in self.best if ratios.get(peer)), key=lambda r: r.value, default=None)
            if least is None:
                cells.append("–" if bar is None else f"– (≥ {bar:.3g})")
            else:
                mark = "" if bar is None else " " + Bars.judge(f"{where}, the better peer", least.value, bar, str(least))
                cells.append(f"{least}{mark}")
        for peer in self.peers:
            least, wanted = ratios.get(peer), (bars or {}).get(peer)
            if least is None:
                cells.append("–" if wanted is None else f"– (≥ {wanted:.3g})")
                continue
            mark = "" if wanted is None else " " + Bars.judge(f"{where}, {NAMES[peer]}", least.value, wanted, str(least))
            cells.append(f"{number(median(theirs[peer]))}: {least}{mark}")
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


def products(run, peak, benchmark, title, peers, best, bars_of):
    table = Table(title, "M×N×K", "GFLOP/s, 1 thread", peers, extra=["best window, of FMA peak"], best=best)
    for shape in run.values(benchmark, "shape"):
        m, n, k = (int(size) for size in shape.split("x"))

        def speed(who):
            return each(run.figure(benchmark, who, shape=shape), lambda nanoseconds: 2 * m * n * k / nanoseconds)

        ours = speed("lanewise")
        if not ours:
            continue
        name = shape.replace("x", "×")
        bars, bar, least = bars_of(m, n, k)
        share = "–"
        if peak is not None:
            # Both are the best windows.
            reached = max(max(windows) for windows in ours.values()) / peak
            share = f"{reached:.0%}"
            if least is not None:
                share += " " + Bars.judge(f"{title}, {name}, of FMA peak", reached, least, share, unit="")
        table.add(name, ours, {peer: speed(peer) for peer in peers}, bars, [share], bar)
    table.write()


def training(run):
    better = {("A", 1): 1.2, ("B", 1): 1.6, ("C", 1): 1.0, ("A", 2): 1.4, ("B", 2): 1.8, ("C", 2): 1.0}
    bars = {
        ("A", 1): {"pytorch": 1.5, "djl": 2.5, "dl4j": 3.5},
        ("B", 1): {"djl": 3, "dl4j": 6},
        ("C", 1): {"pytorch": 1.4},
    }
    rows = {"A": 128, "B": 128, "C": 256}
    fused = "pytorch-fused"
    peers = [fused, "pytorch", "djl", "dl4j"]
    table = Table("Training steps", "net", "samples/s", peers, extra=["scaling"], best=peers[:2])

    def speed(who, net, threads):
        name = who if threads == 1 else f"{who}@{threads}"
        steps = run.figure("TrainingBenchmark.step", name, part="training", net=net)
        return each(steps, lambda value: value * rows[net])

    for (net, threads), bar in better.items():
        name = f"{net}, {threads} thread{'s' if threads == 2 else ''}"
        ours = speed("lanewise", net, threads)
        scaling = ""
        if threads == 2:
            own = ratio(ours, speed("lanewise", net, 1))
            peer = ratio(speed(fused, net, 2), speed(fused, net, 1))
            if own:
                # What two threads bring a peer is what the machine gives.
                wanted = min([1.8] + ([peer.value] if peer else []))
                scaling = f"{own} {Bars.judge(f'Training steps, {name}, scaling', own.value, wanted, str(own))}"
        theirs = {peer: speed(peer, net, threads) for peer in peers}
        table.add(name, ours, theirs, bars.get((net, threads)), [scaling], bar)
    table.write()


def elementwise(run):
    bars = {
        "dropout": {"pytorch": 40, "numpy": 7},
        "batch-norm": {"pytorch": 1.5},
        "batch-norm-backward": {"pytorch": 2},
        "adam": {"pytorch-fused": 1.0},
        "softmax-loss 256x10": {"pytorch": 8, "numpy": 8},
        "softmax-loss 256x1000": {"pytorch": 2.5, "numpy": 2.5},
    }
    # The bytes read and written for an element of the result.
    traffic = {"dropout": 8, "batch-norm": 8, "batch-norm-backward": 12, "adam": 28, "softmax-loss": 8}
    peers = ["pytorch-fused", "pytorch", "numpy"]
    table = Table(
        "Element-wise",
        "operation",
        "ns an element, 1 thread",
        peers,
        lower=True,
        extra=["GFLOP/s or GB/s"],
        best=peers,
    )
    for task in run.values("ElementwiseBenchmark.operation", "task"):
        name, sizes = task.split()
        rows, columns = (int(size) for size in sizes.split("x"))

        def time(who):
            nanoseconds = run.figure("ElementwiseBenchmark.operation", who, task=task)
            return each(nanoseconds, lambda value: value / (rows * columns))

        ours = time("lanewise")
        if not ours:
            continue
        linear = name == "linear-relu"
        if linear:
            rate = f"{number(2 * 784 / median(ours))} GFLOP/s"
        else:
            rate = f"{number(traffic[name] / median(ours))} GB/s"
        theirs = {peer: time(peer) for peer in peers}
        wanted = bars.get(task, bars.get(name))
        table.add(f"{name} {rows}×{columns}", ours, theirs, wanted, [rate], 0.95 if linear else None)
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
            return each(run.figure(bench, who, shape=shape), lambda nanoseconds: nanoseconds / 1000)

        for who in ("lanewise", "lanewise-scalar"):
            name = shape.replace("x", "×") + (", scalar kernels" if who == "lanewise-scalar" else "")
            table.add(name, time(who), {"staged": time("staged")})
    table.write()


def predictions(run):
    bench = "PredictBenchmark.oneRow"
    bound = "onnxruntime-bound"
    peers = [bound, "onnxruntime", "pytorch", "djl", "dl4j", "encog"]
    table = Table("Predict one row", "net", "µs, 1 thread", peers, lower=True)
    for net in run.values(bench, "net", part="predict"):
        figures = [
            ("p50, call by call", lambda who: run.percentile("50.0", bench, who, part="predict", net=net)),
            ("p99, call by call", lambda who: run.percentile("99.0", bench, who, part="predict", net=net)),
            ("back to back", lambda who: run.figure(bench, who, mode="avgt", part="predict", net=net)),
        ]
        large = net.startswith("784")
        for name, figure in figures:
            barred = name.startswith("p50") or (not large and name.startswith("p99"))
            theirs = {peer: figure(peer) for peer in peers}
            table.add(f"{net}, {name}", figure("lanewise"), theirs, {bound: 1.2 if large else 8} if barred else None)
            barred = large and name.startswith("p50")
            half = figure("lanewise-half")
            table.add(f"{net}, half width, {name}", half, theirs, {bound: 2} if barred else None)
    table.write()
    bench = "PredictBenchmark.rows64"
    table = Table("Predict 64 rows", "net", "samples/s, 1 thread", [*peers, "lanewise"])
    for net in run.values(bench, "net", part="predict"):

        def speed(who):
            return run.figure(bench, who, mode="thrpt", part="predict", net=net)

        large = net.startswith("784")
        theirs = {peer: speed(peer) for peer in peers}
        table.add(net, speed("lanewise"), theirs, {bound: 1.1} if large else None)
        theirs["lanewise"] = speed("lanewise")
        table.add(f"{net}, half width", speed("lanewise-half"), theirs, {"lanewise": 1.0} if large else None)
    table.write()


def course(run):
    bench = "CourseBenchmark.run"
    peers = ["numpy", "pytorch"]
    table = Table("The course's net 2-20-3-1, 211 rows", "kind", "µs an iteration, 1 thread", peers, lower=True)
    for kind in run.values(bench, "kind"):
        (iterations,) = run.values(bench, "iterations", kind=kind)

        def time(who):
            return each(run.figure(bench, who, kind=kind), lambda seconds: 1e6 * seconds / int(iterations))

        table.add(kind, time("lanewise"), {peer: time(peer) for peer in peers}, {"numpy": 8, "pytorch": 25})
    table.write()


def scalar(run):
    bench = "TrainingBenchmark.step"
    vector, fallback = (
        {entry["round"]: statistics.median(entry["primaryMetric"]["rawData"][0]) for entry in found}
        for found in (run.found(bench, part="scalar", who=who) for who in ("lanewise", "lanewise-scalar"))
    )
    both = vector.keys() & fallback.keys()
    if both:
        # One kind of kernels in a JVM: these two cannot take turns.
        slower = statistics.median(vector[key] / fallback[key] for key in both)
        steps = (128 * statistics.median(figure.values()) for figure in (fallback, vector))
        print("\n### Scalar kernels, training step A, 1 thread\n")
        print("{} samples/s, vectors {}: ".format(*map(number, steps)), end="")
        print(f"{slower:.2f} × slower {Bars.judge('Scalar kernels', slower, 6.0, f'{slower:.2f} ×', at_most=True)}")


def allocation(run):
    found = {}
    for entry in run.entries:
        if entry["part"] == "allocation":
            name = ".".join(entry["benchmark"].rsplit(".", 2)[-2:]), entry["params"]["net"], entry["params"]["who"]
            windows = entry["secondaryMetrics"]["gc.alloc.rate.norm"]["rawData"][0]
            # What JMH's own threads allocate in the time of a call; a call that allocates does so in every window.
            found.setdefault(name, []).append(min(windows))
    if not found:
        return
    print("\n### Bytes allocated a call, with what JMH's own threads allocate in the same time\n")
    print("| benchmark | net | bytes |\n|---|---|---|")
    for (benchmark, net, who), values in found.items():
        name = f"{net}{', half width' if who == 'lanewise-half' else ''}"
        value = statistics.median(values)
        bar = 2048 if benchmark.startswith("Training") else 16
        mark = Bars.judge(f"Bytes allocated, {benchmark}, {name}", value, bar, f"{value:.2f}", at_most=True, unit="")
        print(f"| {benchmark} | {name} | {value:.2f} {mark} |")


def sweep(folder):
    file = folder / "sweep.csv"
    if not file.exists():
        return
    cells = list(csv.DictReader(file.open()))
    for cell in cells:
        cell["flops"] = 2 * int(cell["m"]) * int(cell["n"]) * int(cell["k"])
        cell["ratio"] = float(cell["ratio"])
    judged = sorted((cell for cell in cells if cell["flops"] > 100_000), key=lambda cell: cell["ratio"])
    print(f"\n### All shapes of some sizes beside MKL: [the picture](sweep.html), [the figures](sweep.csv)\n")
    print(f"{len(cells):,} shapes, of which {len(judged):,} are above 10⁵ FLOP. Of these:\n")
    if not judged:
        return
    middle = statistics.median(cell["ratio"] for cell in judged)
    slow = sum(cell["ratio"] < 0.6 for cell in judged)
    print(f"- median {middle:.2f} × {Bars.judge('Sweep, median', middle, 0.9, f'{middle:.2f} ×')}")
    print(f"- below 0.6 × after three measurements: {slow} {Bars.judge('Sweep, shapes below 0.6 ×', slow, 0, slow, at_most=True, unit='')}")
    print(f"- below 0.9 ×: {sum(cell['ratio'] < 0.9 for cell in judged) / len(judged):.0%}")
    shapes = (f"{cell['m']}×{cell['n']}×{cell['k']} {cell['ratio']:.2f}" for cell in judged[:12])
    print(f"- the slowest, M×N×K: {', '.join(shapes)}")


def main():
    folder = pathlib.Path(sys.argv[1])
    run = Run(folder)
    print(f"# Run of {folder.name}\n")
    print("A ratio says how many times faster ours is; in parentheses its lowest and highest round, or in a single round")
    print("the quartiles of its pairs of windows. ✓ and **✗** stand beside the bar.\n")
    for line in (folder / "machine.txt").read_text().splitlines():
        print(f"- {line}")
    peak = machine(run)

    def with_packing(m, n, k):
        return {"mkl": 0.9, "openblas": 1.1}, None, 0.78 if min(m, n, k) >= 512 else None

    def packed(m, n, k):
        return {}, 1.0 if m == 1 else 0.9, None

    products(
        run, peak, ".SgemmBenchmark.product", "Matrix products", ["mkl", "openblas", "vectorblas"], [], with_packing
    )
    peers = ["mkl-packed", "mkl"]
    title = "Matrix products, ours with B packed beforehand"
    products(run, peak, "PackedSgemmBenchmark.product", title, peers, peers, packed)
    training(run)
    elementwise(run)
    norm_stages(run)
    predictions(run)
    course(run)
    scalar(run)
    allocation(run)
    sweep(folder)
    Bars.write()


main()
