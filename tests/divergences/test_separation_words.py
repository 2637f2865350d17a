"""What is said of two copies: every branch true, every number right."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.divergences.separation import KINDS, Copies
from playground.divergences.words import separation as words

FAR = 2.5
copies_of_the_page = st.one_of(
    st.just(Copies("points")),
    st.builds(Copies, st.just("uniforms"), st.floats(0.2, 2)),
    st.builds(Copies, st.just("Gaussians"), st.floats(0.1, 1)),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (1.0, "1.0000"), (-0.25, "−0.2500"), (5e-5, "0.0001"), (4.9e-5, "4.9 · 10⁻⁵"),
        (-1.23e-200, "−1.2 · 10⁻²⁰⁰"), (9.96e-6, "1.0 · 10⁻⁵"), (np.inf, "∞"), (np.nan, "none"),
    ],
)  # fmt: skip
def test_a_number_is_never_a_row_of_zeros_unless_it_is_zero(value, text):
    assert words.number(value) == text


def plain(text):
    return float(text.replace("−", "-").replace("∞", "inf").replace("none", "nan"))


@given(copies_of_the_page, st.booleans())
def test_each_frame_says_the_numbers_of_its_theta(copies, slopes):
    theta = (-2.5, -1.0, -0.2, 0.0, 0.05, 1.3)
    curves = copies.curves(theta)
    for i, said in enumerate(words.frames(copies, theta, slopes=slopes)):
        found = re.findall(r"(KL|JS|TV|Hellinger|W₁ = W₂) (∞|none|−?[\d.]+)", said)
        wanted = [curves[name] for name in ("KL", "JS", "TV", "Hellinger", "W1")]
        values = [float((curve.slope if slopes else curve.value)[i]) for curve in wanted]
        assert [plain(text) for _, text in found] == pytest.approx(values, abs=5.1e-4, nan_ok=True)
        assert ("slopes:" in said) == slopes
        assert "−0.000" not in said
        share = 1 - curves["TV"].value[i]
        if number := re.search(r"share (\d+) %", said):
            assert 100 * share == pytest.approx(int(number[1]), abs=1)
            assert 0 < share < 1
        else:
            assert ("all their mass" in said) == (share == 1)
            ends = copies.reach is not None  # what Gaussians share is never 0, though it may round to it
            assert ("no mass" in said) == (share == 0 and ends)
            assert ("under 1%" in said) == (0 < share < 0.01 or (share == 0 and not ends))


def test_gaussians_share_mass_at_any_distance():
    narrow = Copies("Gaussians", 0.1)
    assert narrow.curves([FAR])["TV"].value[0] == 1  # rounded
    (said,) = words.frames(narrow, (FAR,), slopes=False)
    assert "P and Q share under 1% of their mass" in said


@given(copies_of_the_page)
def test_the_right_answer_is_the_steepest_finite_slope(copies):
    slopes = {words.SYMBOLS[name]: float(curve.slope[0]) for name, curve in copies.curves([FAR]).items()}
    offered = {name: abs(slopes[name]) for name in words.OPTIONS if np.isfinite(slopes[name])}
    assert set(words.hardest(copies, FAR)) == {name for name in offered if offered[name] == max(offered.values())}
    assert all(len(option) <= 10 for option in words.OPTIONS)
    assert "2.5" in words.question(FAR)


@given(copies_of_the_page)
def test_the_numbers_are_those_of_theta_with_what_they_are_held_against(copies):
    curves, said = copies.curves([FAR]), words.beside(copies, FAR)
    js_gap = np.log(2) - curves["JS"].value[0]
    if copies.kind == "Gaussians":
        assert plain(said["KL"][0].removesuffix(" nats")) == pytest.approx(curves["KL"].value[0], abs=5.1e-5)
        assert "θ²/2σ²" in said["KL"][1]
        power = re.search(r"error under 10(⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)", said["JS"][1])[1]
        digits = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
        assert curves["JS"].error <= 10.0**digits <= 1e-10
    else:
        assert said["KL"] == ("∞", "no overlap; no slope")
        assert "error" not in said["JS"][1]
    assert plain(said["JS"][0].removesuffix(" nats")) == pytest.approx(curves["JS"].value[0], abs=5.1e-5)
    assert ("the ceiling" in said["JS"][1]) == (js_gap < 5e-5)
    assert plain(said["TV"][0]) == pytest.approx(curves["TV"].value[0], abs=5.1e-5)
    assert said["W1"][0] == "2.5000"
    assert said["W1"][1].endswith("slope 1.0000")


@given(copies_of_the_page)
def test_the_notice_is_true(copies):
    said, curves = words.notice(copies, FAR), copies.curves([FAR])
    js_slope = abs(float(curves["JS"].slope[0]))
    assert "Wasserstein GANs" in said
    if copies.kind == "Gaussians":
        assert ("is all but gone" in said) == (js_slope < 0.01)
        assert ("is still there" in said) == (js_slope >= 0.01)
        assert words.number(js_slope) in said
        assert words.number(float(curves["KL"].slope[0])) in said
    else:
        assert js_slope == 0
        assert copies.reach < FAR
        assert np.isinf(curves["KL"].value[0])
        assert (f"{copies.width:.2f}" in said) == (copies.kind == "uniforms")
        assert "slope 1 from everywhere" in said


@pytest.mark.parametrize("kind", KINDS)
def test_sentences_end_and_have_real_minus_signs(kind):
    for text in (words.notice(Copies(kind, 0.3), FAR), *words.frames(Copies(kind, 0.3), (-1.0, 2.0), slopes=True)):
        assert not re.search(r"-\d", text)
        assert "  " not in text
    assert words.notice(Copies(kind, 0.3), FAR).endswith(".")


@given(copies_of_the_page)
def test_in_bits_everything_said_is_in_bits(copies):
    curves, said = copies.curves([FAR], "bits"), words.beside(copies, FAR, "bits")
    assert plain(said["JS"][0].removesuffix(" bits")) == pytest.approx(curves["JS"].value[0], abs=5.1e-5)
    if copies.kind == "Gaussians":
        assert plain(said["KL"][0].removesuffix(" bits")) == pytest.approx(curves["KL"].value[0], abs=5.1e-5)
        assert words.number(float(curves["JS"].slope[0])) in words.notice(copies, FAR, "bits")
    else:
        assert "1 bit" in words.notice(copies, FAR, "bits")
    everything = " ".join([words.notice(copies, FAR, "bits"), *said["JS"], *said["KL"]]).replace("θ²/(2σ² log 2)", "")
    assert "nats" not in everything
    assert "log 2" not in everything
    (frame,) = words.frames(copies, (FAR,), slopes=False, units="bits")
    assert f"JS {curves['JS'].value[0]:.3f}" in frame
