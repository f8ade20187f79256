"""Draws a sweep of products as a page of heat maps: heatmap.py results/2026-11-30-1200/sweep.csv > sweep.html

A panel for each K, rows M, columns N; a cell is ours beside MKL. The page needs no script and no network. Colours are
ColorBrewer's PuOr: orange is slower, violet faster, told apart whatever colours one sees; each cell has its number.
"""

import csv
import html
import pathlib
import statistics
import sys

# A colour is for ratios from its number on.
STEPS = [
    (0, "#b35806", "#fff"),
    (0.6, "#e08214", "#000"),
    (0.75, "#fdb863", "#000"),
    (0.9, "#fee0b6", "#000"),
    (1, "#f7f7f7", "#000"),
    (1.1, "#d8daeb", "#000"),
    (1.5, "#b2abd2", "#000"),
    (2, "#8073ac", "#fff"),
    (4, "#542788", "#fff"),
]
JUDGED = 100_000


def short(ratio):
    """Two or three characters that a cell has room for."""
    if ratio >= 9.95:
        return f"{ratio:.0f}"
    return f"{ratio:.1f}" if ratio >= 2 else f"{ratio:.2f}".removeprefix("0")


def level(ratio):
    return max(i for i, (least, _, _) in enumerate(STEPS) if ratio >= least)


def panel(k, cells):
    rows = sorted({m for m, _ in cells})
    columns = sorted({n for _, n in cells})
    out = [f"<figure><figcaption>K = {k}</figcaption><table><tr><th scope=col>M \\ N"]
    out += [f"<th scope=col>{n}" for n in columns]
    for m in rows:
        out.append(f"\n<tr><th scope=row>{m}")
        for n in columns:
            if (m, n) not in cells:
                out.append("<td>")
                continue
            ours, theirs, ratio, measurements = cells[m, n]
            small = " s" if 2 * m * n * k <= JUDGED else ""
            again = f", measured {measurements} times" if measurements > 1 else ""
            out.append(
                f'<td class="c{level(ratio)}{small}" title="{m}×{n}×{k}: ours {ours:.3g}, MKL {theirs:.3g} GFLOP/s, '
                f'{ratio:.2f} ×{again}">{short(ratio)}'
            )
    out.append("</table></figure>")
    return "".join(out)


def main():
    file = pathlib.Path(sys.argv[1])
    panels = {}
    judged = []
    for row in csv.DictReader(file.open()):
        m, n, k = int(row["m"]), int(row["n"]), int(row["k"])
        ratio = float(row["ratio"])
        panels.setdefault(k, {})[m, n] = float(row["lanewise"]), float(row["mkl"]), ratio, int(row["measurements"])
        if 2 * m * n * k > JUDGED:
            judged.append(ratio)
    about = file.with_name("machine.txt")
    machine = " · ".join(about.read_text().splitlines()) if about.exists() else ""
    ends = [f"{least:g}" for least, _, _ in STEPS[1:]]
    words = [f"&lt; {ends[0]}", *(f"{a}–{b}" for a, b in zip(ends, ends[1:])), f"≥ {ends[-1]}"]
    colours = "".join(f".c{i}{{background:{back};color:{ink}}}" for i, (_, back, ink) in enumerate(STEPS))
    print(
        f"""<!doctype html>
<html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>Products beside MKL</title>
<style>
body{{font:14px system-ui,sans-serif;margin:1.5em;color:#222;background:#fff}}
main{{display:flex;flex-wrap:wrap;gap:1.5em}}
figure{{margin:0}} figcaption{{font-weight:600;margin-bottom:.3em}}
table{{border-collapse:collapse;font-size:10px;font-variant-numeric:tabular-nums}}
td{{width:2.6em;height:1.9em;text-align:center;border:1px solid #fff;padding:0}}
th{{font-weight:400;color:#555;padding:0 .3em;text-align:right}}
.s{{opacity:.45}} .key{{margin-bottom:1.5em}} .key td{{width:7em}}
{colours}
</style>
<h1>Matrix products beside MKL</h1>
<p>C [M][N] = A [M][K] · B [K][N] on one thread, packing included. A cell says how many times faster ours is; pale cells,
of at most 10⁵ FLOP, are not judged. Point at a cell for GFLOP/s.
<p>{html.escape(machine)}"""
    )
    if judged:
        print(
            f"<p>{len(judged):,} cells above 10⁵ FLOP: median {statistics.median(judged):.2f} ×, lowest {min(judged):.2f} ×, "
            f"{sum(ratio < 0.6 for ratio in judged)} below 0.6 ×, {sum(ratio < 0.9 for ratio in judged) / len(judged):.0%} below 0.9 ×."
        )
    cells = "".join(f"<td class=c{i}>{word}" for i, word in enumerate(words))
    print(f'<table class=key><tr>{cells}</table>\n<main>')
    for k in sorted(panels):
        print(panel(k, panels[k]))
    print("</main>")


main()
