"""From samples to take away: code that prints what is shown, formulas with the right numbers, whole tables."""

import contextlib
import csv
import io
import json
import math
import re
from dataclasses import asdict

import numpy as np
import pytest
from scipy.stats import chi2

from playground.divergences.estimates import (
    CLOUD_PAIRS,
    DIVERGENCES,
    PAIRS,
    CloudStudy,
    HistogramStudy,
    PointStudy,
    estimate,
)
from playground.divergences.report import samples as report

STUDIES = [
    *(HistogramStudy(*PAIRS[pair], divergence, repeats=60) for pair in PAIRS for divergence in DIVERGENCES),
    HistogramStudy(*PAIRS["A shift"], "KL", 30, 0.5, False, 80, 3),
    HistogramStudy(*PAIRS["A shift"], "JS", 8, 0.0, True, 80, 3),
    *(PointStudy(*PAIRS[pair], order, repeats=30) for pair in PAIRS for order in (1, 2)),
    *(CloudStudy(2, *CLOUD_PAIRS[pair]) for pair in CLOUD_PAIRS),
]
every = pytest.mark.parametrize("study", STUDIES, ids=range(len(STUDIES)))
NUMBER = re.compile(r"-?\d+\.\d+")


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    return out.getvalue().split()


@pytest.mark.parametrize("study", STUDIES[::3], ids=range(len(STUDIES[::3])))
@pytest.mark.parametrize("entropic", ["nats", "bits"])
def test_the_code_prints_truth_limit_estimate_and_floor(study, entropic):
    run, per = estimate(study), report.per_nat(study, entropic)
    code = report.code(study, 100, entropic)
    assert {line.split()[1].split(".")[0] for line in code.splitlines() if "import" in line} <= {"playground", "numpy"}
    found = [float(text) for text in printed(code)]
    at = run.index(100)
    wanted = [run.truth, run.limit, run.summaries[at].mean, run.floor_summaries[at].mean]
    np.testing.assert_allclose(found, per * np.array(wanted), rtol=1e-12)


def test_bits_are_for_what_is_in_nats():
    kl, tv = HistogramStudy(*PAIRS["A shift"]), HistogramStudy(*PAIRS["A shift"], "TV")
    assert report.per_nat(kl, "bits") == pytest.approx(1 / math.log(2))
    assert report.per_nat(kl, "nats") == report.per_nat(tv, "bits") == report.per_nat(CloudStudy(), "bits") == 1


@every
def test_formulas_hold_the_numbers(study):
    run = estimate(study)
    for at in (0, 5, len(run.sizes) - 1):
        text = " ".join(report.latex(study, run, at))
        assert not re.search(r"\bnan\b|\binf\b|None|e-\d", text)
        assert text.count("{") == text.count("}")
        if run.expected is not None:
            exact = float(run.expected[at])
            assert (r"\infty" if math.isinf(exact) else report._number(exact)) in text
        else:
            assert f"{run.truth**2:.4f}" in text or report._number(run.truth) in text


def test_the_bias_of_kl_is_taken_apart():
    study = HistogramStudy(*PAIRS["A shift"], bins=20)
    run = estimate(study)
    at = run.index(1000)
    (line,) = [line for line in report.latex(study, run, at) if "approx" in line and "bins" in line]
    limit, own, other, whole = map(float, NUMBER.findall(line))
    p, q = study.masses
    assert limit == pytest.approx(run.limit, abs=5e-5)
    assert own == pytest.approx(19 / 2000, abs=5e-5)
    assert other == pytest.approx(((p / q).sum() - 1) / 2000, rel=1e-2)
    assert whole == pytest.approx(run.large_n[at], abs=5e-5)
    assert whole == pytest.approx(limit + own + other, abs=2e-4)


def test_the_law_of_the_floor_is_written_out():
    study = HistogramStudy(*PAIRS["A shift"], "JS", bins=12, known=True)
    run = estimate(study)
    at = run.index(560)
    (line,) = [line for line in report.latex(study, run, at) if "chi" in line]
    assert r"\chi^2_{11}" in line
    scale, mean, most = (float(text) for text in NUMBER.findall(line.replace("97.5", "")))
    assert scale == pytest.approx(1 / (8 * 560), rel=5e-3)
    assert mean == pytest.approx(11 / (8 * 560), rel=5e-3)
    assert most == pytest.approx(chi2(11).ppf(0.975) / (8 * 560), rel=5e-3)


@every
def test_the_table_holds_every_n(study):
    run = estimate(study)
    rows = list(csv.DictReader(io.StringIO(report.csv(run))))
    assert [int(row["n"]) for row in rows] == list(run.sizes)
    for i, row in enumerate(rows):
        assert float(row["truth"]) == pytest.approx(run.truth)
        for prefix, values, exact in (("", run.values[i], run.expected), ("floor_", run.floor[i], run.expected_floor)):
            finite = values[np.isfinite(values)]
            assert int(row[f"{prefix}repeats"]) == len(values)
            assert int(row[f"{prefix}infinite"]) == len(values) - len(finite)
            if len(finite):
                assert float(row[f"{prefix}mean"]) == pytest.approx(finite.mean(), rel=1e-6)
            assert (
                row[f"{prefix}exact"] == ""
                if exact is None
                else float(row[f"{prefix}exact"]) == pytest.approx(exact[i])
            )


@every
def test_json_is_json_and_remakes_the_study(study):
    run = estimate(study)
    for at in (0, 6):
        values = json.loads(json.dumps(report.as_json(study, run, at), allow_nan=False))
        kept = values["study"]
        assert kept.pop("kind") == type(study).__name__
        for name in ("p", "q"):
            if name in kept:
                shape = kept.pop(name)
                assert shape.pop("shape") == type(getattr(study, name)).__name__
                assert shape == asdict(getattr(study, name))
        assert all(getattr(study, name) == value for name, value in kept.items())
        mean = run.summaries[at].mean
        assert values["estimate"]["mean"] == (None if math.isnan(mean) else mean)
        assert values["truth"] == ("inf" if math.isinf(run.truth) else run.truth)
        assert values["n"] == run.sizes[at]


def test_the_floor_of_clouds_names_its_logarithm():
    for d, log in ((1, "up to a double logarithm"), (2, "up to a logarithm"), (4, None)):
        study = CloudStudy(d)
        last = report.latex(study, estimate(study), 2)[-1]
        assert log in last if log else "logarithm" not in last
