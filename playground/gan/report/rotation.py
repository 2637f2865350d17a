"""Rotation, written out: the matrix of one step with the numbers put in, code that remakes the paths, every step."""

from playground.gan.dirac import PLAYS, SLOPE, Dirac, Play, linear, walk

_STEP: dict[Play, str] = {
    "simultaneous": r"I + \eta J",
    "alternating": r"\begin{pmatrix} 1 & -\eta s \\ 0 & 1 \end{pmatrix}"
    r"\begin{pmatrix} 1 & 0 \\ \eta s & 1 \end{pmatrix}",
    "extragradient": r"I + \eta J (I + \eta J)",
    "gradient penalty": r"I + \eta J - \eta\gamma \begin{pmatrix} 0 & 0 \\ 0 & 1 \end{pmatrix}",
    "consensus": r"I + \eta J - \eta\gamma J^{\!\top} J",
}
_MODULUS: dict[Play, str] = {
    "simultaneous": r"1 + \eta^2 s^2",
    "alternating": r"1",
    "extragradient": r"(1 - \eta^2 s^2)^2 + \eta^2 s^2",
    "gradient penalty": r"1 - \eta\gamma + \eta^2 s^2",
    "consensus": r"(1 - \eta\gamma s^2)^2 + \eta^2 s^2",
}


def latex(config: Dirac, close: Play) -> list[str]:
    """The game, its field, and one step of the play close up near 0, with the numbers put in."""
    slope = SLOPE[config.payoff]
    found = walk(close, config)
    f = r"-\log(1 + e^{-t})" if config.payoff == "GAN" else "t"
    matrix = linear(close, rate=config.rate, gamma=config.gamma, payoff=config.payoff)
    (a, b), (c, d) = matrix.tolist()
    lines = [
        rf"\min_\theta \max_\psi\; f(\psi\theta) + f(0), \quad f(t) = {f}, \quad s = f'(0) = {slope:g}",
        r"\theta \text{ goes along } -\psi f'(\psi\theta), \qquad \psi \text{ along } \theta f'(\psi\theta),"
        rf" \qquad J = \begin{{pmatrix}} 0 & -s \\ s & 0 \end{{pmatrix}}"
        rf" = \begin{{pmatrix}} 0 & {-slope:g} \\ {slope:g} & 0 \end{{pmatrix}}",
        rf"\text{{one step of {close} near 0: }} M = {_STEP[close]}"
        rf" = \begin{{pmatrix}} {_four(a)} & {_four(b)} \\ {_four(c)} & {_four(d)} \end{{pmatrix}}",
        rf"\lambda^2 - {_signed(a + d)}\,\lambda + {_signed(a * d - b * c)} = 0"
        rf" \;\Rightarrow\; {_pair(found.eigenvalues)}",
    ]
    if found.turning:
        lines.append(
            rf"|\lambda|^2 = \det M = {_MODULUS[close]} = {_four(a * d - b * c)},"
            rf" \qquad |\lambda| = {_four(found.modulus)}"
        )
    else:
        lines.append(rf"\max |\lambda| = {_four(found.modulus)}")
    if found.measured:
        end = float(found.distance[found.measured])
        lines.append(
            rf"\text{{measured on the path: }} \left(\frac{{{_short(end)}}}{{{_short(found.start)}}}"
            rf"\right)^{{1/{found.measured}}} = {_four(found.growth)}"
        )
    return lines


def _four(value: float) -> str:
    return f"{round(value, 4) + 0.0:.4f}"


def _signed(value: float) -> str:
    return _four(value) if round(value, 4) >= 0 else rf"({_four(value)})"


def _short(value: float) -> str:
    text = f"{value:.4g}"
    if "e" not in text:
        return text
    digits, exponent = text.split("e")
    return rf"{digits} \cdot 10^{{{int(exponent)}}}"


def _pair(pair: tuple[complex, complex]) -> str:
    one, other = pair
    if one.imag:
        return rf"\lambda = {_four(one.real)} \pm {_four(abs(one.imag))}\, i"
    return rf"\lambda_1 = {_four(one.real)},\ \lambda_2 = {_four(other.real)}"


def code(config: Dirac) -> str:
    """The calls behind the experiment."""
    knobs = ", ".join(f"{name}={value!r}" for name, value in vars(config).items())
    return (
        "from playground.gan.dirac import PLAYS, Dirac, walk\n\n"
        f"config = Dirac({knobs})\n"
        "for play in PLAYS:\n"
        "    found = walk(play, config)\n"
        '    print(f"{play}: |λ| {found.modulus:.4f}, measured {found.growth:.4f}")'
    )


def csv(config: Dirac) -> str:
    """Every step of every path: play, step, θ, ψ, the distance from 0."""
    rows = [
        f"{play},{k},{theta:.12g},{psi:.12g},{distance:.12g}"
        for play in PLAYS
        for found in [walk(play, config)]
        for k, ((theta, psi), distance) in enumerate(
            zip(found.at[: found.steps + 1].tolist(), found.distance.tolist(), strict=False)
        )
    ]
    return "\n".join(["play,step,theta,psi,distance", *rows]) + "\n"


def values(config: Dirac) -> dict[str, object]:
    """The knobs, and of every play its eigenvalues, growth and end; what is no number is left out."""
    plays = {
        play: {
            "eigenvalues": [[value.real, value.imag] for value in found.eigenvalues],
            "modulus": found.modulus,
            "near 0": found.trend,
            "measured a step": found.growth if found.measured else None,
            "steps measured": found.measured,
            "steps followed": found.steps,
            "start": found.start,
            "end": found.end,
        }
        for play in PLAYS
        for found in [walk(play, config)]
    }
    return {"knobs": vars(config), "plays": plays}
