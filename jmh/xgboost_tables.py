#!/usr/bin/env python3
"""XGBoost on the tables that the presets are measured on: scores, and what they cost.

usage: xgboost_tables.py FOLDER [--final] [--threads 1] [SET...]

FOLDER has a folder for each table with train.csv.gz, dev.csv.gz and test.csv.gz. Texts are one-hot, missing numbers stay
missing. Two models a table, fitted on the training rows: XGBoost's defaults, 100 trees; and up to 2000 trees at a rate of
0.1, stopped when 50 more have not helped the dev rows. Prints, of the dev rows or with --final of the test rows, the RMSE,
or log loss and accuracy; the seconds of encoding and fitting, and of one prediction of these rows; at the end the most
memory of the process. Debian's python3-xgboost is enough.
"""
import argparse
import csv
import gzip
import os
import resource
import sys
import time

import numpy as np
import xgboost

LABELS = {"diamonds": "price", "abalone": "rings", "churn": "churn", "credit": "Status", "attrition": "Attrition"}
CLASSES = ("phoneme", "mammography", "churn", "credit", "attrition")


def rows(folder, name, part):
    with gzip.open(os.path.join(folder, name, part + ".csv.gz"), "rt") as file:
        header, *lines = csv.reader(file)
    return header, lines


def number(text):
    return float("nan") if text in ("", "NA") else float(text)


def is_number(text):
    try:
        number(text)
        return True
    except ValueError:
        return False


class Encoder:
    """Columns as XGBoost takes them, by what the training rows hold."""

    def __init__(self, header, lines, label):
        self.at = header.index(label)
        self.columns = []
        for j in range(len(header)):
            values = [line[j] for line in lines]
            if j == self.at:
                self.labels = sorted(set(values))
            elif all(map(is_number, values)):
                self.columns.append((j, None))
            else:
                self.columns.append((j, sorted(set(values) - {"", "NA"})))

    def inputs(self, lines):
        columns = []
        for j, values in self.columns:
            if values is None:
                columns.append([number(line[j]) for line in lines])
            else:
                columns += [[line[j] == value for line in lines] for value in values]
        return np.array(columns, np.float32).T

    def targets(self, lines, classes):
        return np.array([self.labels.index(line[self.at]) if classes else float(line[self.at]) for line in lines])


def score(p, y, classes):
    if not classes:
        return "RMSE %.5g" % np.sqrt(np.mean((p - y) ** 2))
    q = np.clip(p.astype(float), 1e-15, 1 - 1e-15)
    loss = -np.mean(np.where(y == 1, np.log(q), np.log(1 - q)))
    return "log loss %.4f accuracy %.4f" % (loss, np.mean((p >= 0.5) == y))


def measure(folder, name, judged, threads):
    classes = name in CLASSES
    header, train = rows(folder, name, "train")
    dev = rows(folder, name, "dev")[1]
    held = rows(folder, name, judged)[1]
    for stops in (False, True):
        began = time.perf_counter()
        encoder = Encoder(header, train, LABELS.get(name, "y"))
        fit = xgboost.DMatrix(encoder.inputs(train), encoder.targets(train, classes), nthread=threads)
        parameters = {"objective": "binary:logistic" if classes else "reg:squarederror", "nthread": threads, "seed": 0}
        if stops:
            watched = xgboost.DMatrix(encoder.inputs(dev), encoder.targets(dev, classes), nthread=threads)
            booster = xgboost.train(parameters | {"eta": 0.1}, fit, 2000, evals=[(watched, "dev")], early_stopping_rounds=50, verbose_eval=False)
            trees = booster.best_iteration + 1
        else:
            booster = xgboost.train(parameters, fit, 100)
            trees = 100
        fitted = time.perf_counter() - began
        x = encoder.inputs(held)
        began = time.perf_counter()
        p = booster.predict(xgboost.DMatrix(x, nthread=threads), iteration_range=(0, trees))
        predicted = time.perf_counter() - began
        print("%-12s %-8s %s  trees %d  fit %.2f s  predict %.1f us a row" % (
            name, "stopped" if stops else "default", score(p, encoder.targets(held, classes), classes), trees, fitted,
            1e6 * predicted / len(held)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--final", action="store_true", help="scores of test rows")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    print("XGBoost", xgboost.__version__, "threads", given.threads)
    for name in given.sets or sorted(n for n in os.listdir(given.folder) if os.path.isdir(os.path.join(given.folder, n))):
        measure(given.folder, name, "test" if given.final else "dev", given.threads)
    print("most memory %.0f MB" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


if __name__ == "__main__":
    sys.exit(main())
