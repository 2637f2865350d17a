"""The format, without a browser: what is written is what was meant, and errors say what to change."""

import json

import numpy as np
import pytest

from playground.movie import GROUP_MARKS, Arrows, Chart, Field, Lines, Movie, Panel, Points
from playground.theme import DASHES

BOX = (-1, 1, -1, 1)


def decode(payload: bytes) -> tuple[dict, bytes]:
    assert payload[:4] == b"GPM1"
    n = int.from_bytes(payload[4:8], "little")
    assert (8 + n) % 8 == 0
    return json.loads(payload[8 : 8 + n]), payload[8 + n :]


def values(ref: dict, body: bytes) -> np.ndarray:
    kind = {"f4": "<f4", "u1": "u1"}[ref["$"]]
    assert ref["at"] % 8 == 0
    return np.frombuffer(body, kind, int(np.prod(ref["shape"])), ref["at"]).reshape(ref["shape"])


def movie(frames: int = 3, **more) -> Movie:
    xy, z = np.arange(frames * 8.0).reshape(frames, 4, 2) / 10, np.linspace(-1, 1, frames * 6).reshape(frames, 2, 3)
    layers = [Field(z, "f", lo=-1, hi=1), Points(xy, "dots"), Points(np.zeros((5, 2)), "still")]
    return Movie(
        [Panel(layers, extent=BOX)], range(frames), alt="test", charts=[Chart({"loss": np.arange(frames)})], **more
    )


def test_points_come_back_bit_for_bit():
    manifest, body = decode(movie().encode())
    ref = manifest["panels"][0]["layers"][1]["xy"]
    assert ref["moving"]
    assert np.array_equal(values(ref, body), (np.arange(24) / 10).reshape(3, 4, 2).astype(np.float32))


def test_field_levels_are_within_half_a_step():
    z = np.random.default_rng(0).uniform(-3, 5, (20, 30)).astype(np.float32)
    f = Field(z, "f", lo=-3, hi=5)
    assert np.abs(-3 + f.levels(f.z) / 254 * 8 - z).max() <= 4 / 254 + 1e-5


def test_field_without_value_gets_the_hole_level_and_the_ends_never_do():
    f = Field(np.array([[np.nan, np.inf], [-9, 9]]), "f", lo=-1, hi=1)
    assert f.levels(f.z).tolist() == [[255, 255], [0, 254]]


def test_diverging_field_is_symmetric_about_zero():
    assert Field(np.array([[-1.0, 3.0], [0, 0]]), "f", scale="diverging").limits() == (-3, 3)


def test_captions_are_sent_from_the_first_frame_that_is_missing():
    many = Movie([Panel([], "a", extent=BOX, captions=list("abc")), Panel([], "b", extent=BOX)], range(3), alt="")
    assert [p["captions"] for p in decode(many.encode(first=1))[0]["panels"]] == [["b", "c"], None]


def test_equal_movies_give_equal_bytes():
    assert movie().encode() == movie().encode()


def test_later_frames_alone_leave_out_the_earlier_and_the_static():
    manifest, body = decode(movie(run="r").encode(first=2))
    field, dots, still = manifest["panels"][0]["layers"]
    assert (manifest["first"], manifest["frames"]) == (2, 3)
    assert values(dots["xy"], body).shape == (1, 4, 2)
    assert still["xy"]["at"] is None
    assert field["z"]["shape"] == [1, 2, 3]
    assert values(manifest["charts"][0]["curves"][0]["y"], body).tolist() == [2]


def test_nan_and_infinite_points_are_counted():
    xy = np.zeros((2, 5, 2))
    xy[0, 1, 0], xy[1, 2, 1] = np.nan, np.inf
    assert Movie([Panel([Points(xy, "p")])], [0, 1], alt="a").hidden() == {"p": 2}


def test_axes_are_taken_from_all_panels_and_ignore_nan():
    a, b = np.array([[0.0, 0.0], [1, np.nan]]), np.array([[4.0, -2.0]])
    m = Movie([Panel([Points(a, "a")]), Panel([Points(b, "b")])], [0], alt="a")
    x0, x1, y0, y1 = m.extent()
    assert x0 < 0 < 4 < x1
    assert y0 < -2 < 0 < y1
    assert {tuple(p["extent"]) for p in decode(m.encode())[0]["panels"]} == {(x0, x1, y0, y1)}


def test_arrays_are_copied_and_frozen():
    xy = np.zeros((4, 2), np.float32)
    p = Points(xy, "p")
    xy[:] = 9
    assert p.xy.max() == 0
    with pytest.raises(ValueError, match="read-only"):
        p.xy[0] = 1


def test_a_cloud_has_the_shape_and_lines_the_dash_of_their_role():
    xy = np.zeros((2, 2))
    panel = Panel([Points(xy, "m"), Points(xy, "t", color="truth"), Points(xy, "x", color="text", shape="stroke")])
    lines = Panel(
        [Lines([xy], "grid"), Lines([xy], "goal", color="truth"), Lines([xy], "solid", color="truth", dash=())]
    )
    clouds, strokes = (p["layers"] for p in decode(Movie([panel, lines], [0], alt="").encode())[0]["panels"])
    assert [layer["marks"] for layer in clouds] == [[["model", "diamond"]], [["truth", "cross"]], [["text", "stroke"]]]
    assert [(layer["color"], layer["dash"]) for layer in strokes] == [("muted", []), ("truth", [6, 4]), ("truth", [])]


def test_no_two_groups_share_both_colour_and_shape():
    assert len(set(GROUP_MARKS)) == 10
    assert len({color for color, _ in GROUP_MARKS[:8]}) == 8
    layer = Points(np.zeros((3, 2)), "digits", group=np.array([0, 3, 1]))
    assert layer.marks() == list(GROUP_MARKS[:4])


def test_weights_are_sent_once_for_all_frames():
    share = np.array([0.25, 1.0])
    layers = [
        Lines(np.zeros((4, 2, 3, 2)), "l", weight=share),
        Points(np.zeros((4, 2, 2)), "p", weight=share),
        Points(np.zeros((4, 2, 2)), "plain"),
    ]
    manifest, body = decode(Movie([Panel(layers, extent=BOX)], range(4), alt="").encode())
    *weighted, plain = manifest["panels"][0]["layers"]
    for layer in weighted:
        assert not layer["weight"]["moving"]
        np.testing.assert_array_equal(values(layer["weight"], body), share)
    assert "weight" not in plain


def test_curves_without_a_role_take_what_is_left_but_never_truth():
    chart = Chart({"a": [0], "b": [1], "c": [2]}, roles={"b": "model"}, truth=("goal", 1))
    assert chart.meanings() == {"a": "rival", "b": "model", "c": "prior"}
    manifest = decode(Movie([Panel([], extent=BOX)], [0], alt="", charts=[chart]).encode())[0]["charts"][0]
    assert [tuple(curve["dash"]) for curve in manifest["curves"]] == [DASHES["rival"], (), DASHES["prior"]]
    assert manifest["truth"] == {"name": "goal", "value": 1, "color": "truth", "dash": [6, 4]}


def test_numpy_numbers_are_numbers():
    field = Field(np.zeros((2, 2)), "f", lo=np.float32(0), hi=np.float32(1))
    chart = Chart({"a": np.zeros(1)}, truth=("goal", np.float32(0.5)))
    manifest = decode(Movie([Panel([field], extent=tuple(np.float32(BOX)))], [0], alt="", charts=[chart]).encode())[0]
    assert manifest["charts"][0]["truth"]["value"] == 0.5


def test_what_float32_cannot_hold_is_not_drawn():
    assert Movie([Panel([Points(np.array([[1e60, 0], [0, 0]]), "p")])], [0], alt="").hidden() == {"p": 1}


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: Points(np.zeros((2, 5)), "g"),
            r"Points 'g': xy must have shape \(n, 2\) or \(frames, n, 2\), got \(2, 5\)",
        ),
        (lambda: Points(np.array([["a", "b"]]), "g"), "must hold real numbers, got dtype <U1"),
        (lambda: Points(np.zeros((0, 2)), "g"), "is empty"),
        (lambda: Points(np.zeros((3, 2)), "g", group=[0, 1]), r"group must be integers 0..9 of shape \(3,\)"),
        (lambda: Points(np.zeros((1, 2)), "g", group=[10]), "group must be integers 0..9"),
        (
            lambda: Points(np.zeros((3, 2)), "g", weight=[0, 1]),
            r"'g': weight must be numbers in \[0, 1\] of shape \(3,\)",
        ),
        (lambda: Lines(np.zeros((1, 2, 2)), "l", weight=[1.1]), r"'l': weight must be numbers in \[0, 1\]"),
        (lambda: Lines(np.zeros((1, 2, 2)), "l", weight=[np.nan]), r"'l': weight must be numbers in \[0, 1\]"),
        (lambda: Lines(np.zeros((5, 2)), "l"), r"\(lines, k, 2\) or \(frames, lines, k, 2\), got \(5, 2\)"),
        (lambda: Arrows(np.zeros((5, 2)), np.zeros((5, 3)), "v"), "Arrows 'v': vector must have shape"),
        (lambda: Arrows(np.zeros((5, 2)), np.zeros((4, 2)), "v"), "vector has 4 rows, but at has 5"),
        (lambda: Points(np.zeros((1, 2)), "g", color="blue"), "Points 'g': color must be 'text', 'muted' or one of"),
        (lambda: Lines(np.zeros((1, 2, 2)), "l", color=0), "Lines 'l': color must be"),
        (lambda: Points(np.zeros((1, 2)), "g", shape="star"), "Points 'g': shape must be one of"),
        (lambda: Chart({"loss": [1]}, roles={"lost": "model"}), r"roles for \['lost'\], but the curves are \['loss'\]"),
        (lambda: Chart({"loss": [1]}, roles={"loss": "red"}), r"got \['red'\]"),
        (lambda: Chart({str(i): [1] for i in range(8)}), "at most 7 curves can be told apart, got 8"),
        (lambda: Chart({"loss": [1]}, truth=("goal", float("nan"))), "must be finite, got"),
        (lambda: Chart({"loss": [1]}, truth=("goal", 0), log=True), "finite and > 0 on a log axis"),
        (lambda: Chart({"loss": [1]}, limits=(1, 1)), "lo < hi, got"),
        (lambda: Field(np.zeros((1, 5)), "f"), "2 nodes along each axis"),
        (lambda: Field(np.full((2, 2), 3.0), "f").limits(), "lo=3.0, hi=3.0; pass them"),
        (lambda: Field(np.full((2, 2), np.nan), "f").limits(), "finite lo < hi"),
        (lambda: Panel([Points(np.zeros((1, 2)), "p"), Points(np.zeros((1, 2)), "p")]), r"\['p'\] occur twice"),
        (lambda: Panel([], extent=(1, 0, 0, 1)), "x0 < x1"),
        (lambda: Panel([], extent=BOX, aspect=0), "aspect must be in"),
        (lambda: Movie([Panel([])], [0], alt="", columns=9), r"columns must be in \[1, 8\], got 9"),
        (lambda: Movie([], [0], alt=""), "1 to 32 panels, got 0"),
        (lambda: Movie([Panel([])], [], alt=""), "not be empty, got"),
        (lambda: Movie([Panel([])], [0, 0], alt=""), "times must increase"),
        (
            lambda: Movie([Panel([Points(np.zeros((3, 4, 2)), "p")])], [0, 1], alt=""),
            "times has 2 frames, but Points 'p': xy has 3",
        ),
        (lambda: Movie([Panel([])], [0, 1], alt="", charts=[Chart({"loss": [1]})]), "but curve 'loss' has 1"),
        (lambda: Movie([Panel([], "a", captions=["x"])], [0, 1], alt=""), "but captions of 'a' has 1"),
        (lambda: Movie([Panel([])], [0], alt="").encode(), "pass extent="),
        (lambda: Movie([Panel([])], [0], alt="", run="r"), "axes stay fixed in a run"),
        (lambda: Movie([Panel([Field(np.zeros((2, 2)), "f")], extent=BOX)], [0], alt="", run="r"), "needs lo= and hi="),
    ],
)
def test_errors_say_what_is_wrong(make, says):
    with pytest.raises(ValueError, match=says):
        make()
