"""The networks of the lesson."""

from playground.causality.mechanisms import Logistic, Root, Table
from playground.causality.network import Network


def smoking(tar_on_smoking: float = 2.0, cancer_on_asbestos: float = 5.0) -> Network:
    """Smoking → yellow fingers, smoking → tar → cancer ← asbestos. A second published setting is (1, 0.5)."""
    return Network(
        {
            "smoking": Root(0.2),
            "asbestos": Root(0.1),
            "yellow": Logistic(bias=-1.0, weights={"smoking": 1.0}),
            "tar": Logistic(bias=-1.0, weights={"smoking": tar_on_smoking}),
            "cancer": Logistic(bias=-1.0, weights={"tar": 5.0, "asbestos": cancer_on_asbestos}),
        }
    )


def toy() -> Network:
    """A → B ← C with P(B = 1 | a, c) = a/2 + c/2: explaining away in three nodes."""
    return Network(
        {
            "A": Root(0.2),
            "C": Root(0.2),
            "B": Table(parents=("A", "C"), probability=((0.0, 0.5), (0.5, 1.0))),
        }
    )


def front_door() -> Network:
    """Genotype → smoking → tar → cancer ← genotype: who smokes has less cancer, and yet smoking causes it.

    The genotype makes people smoke and protects them. When nobody can measure it, only the front door, through tar,
    leads from the data to the effect. The arrows are Pearl's (Causality, 2009, §3.3.2), the numbers are made up.
    """
    return Network(
        {
            "genotype": Root(0.5),
            "smoking": Logistic(bias=-2.0, weights={"genotype": 4.0}),
            "tar": Logistic(bias=-2.0, weights={"smoking": 4.0}),
            "cancer": Logistic(bias=0.0, weights={"tar": 1.5, "genotype": -3.0}),
        }
    )


def simpson() -> Network:
    """Kidney stones: treatment 1 (open surgery) is better for small stones and for large ones, and worse overall.

    Counts recovered / treated. Small stones: surgery 81/87, puncture 234/270; large: 192/263 and 55/80.
    Source: Charig, Webb, Payne & Wickham, BMJ 292:879, 1986, as read by Julious & Mullee, BMJ 309:1480, 1994.
    """
    return Network(
        {
            "large stones": Root(343 / 700),
            "treatment": Table(parents=("large stones",), probability=(87 / 357, 263 / 343)),
            "recovery": Table(
                parents=("large stones", "treatment"), probability=((234 / 270, 81 / 87), (55 / 80, 192 / 263))
            ),
        }
    )


def m_bias(y_on_x: float = 0.0) -> Network:
    """u1 → x, u1 → m ← u2, u2 → y, x → y: nothing confounds x and y until somebody adjusts for m.

    Source: Greenland, Pearl & Robins, Epidemiology 10:37, 1999.
    """
    return Network(
        {
            "u1": Root(0.5),
            "u2": Root(0.5),
            "x": Logistic(bias=-2.0, weights={"u1": 4.0}),
            "m": Logistic(bias=-6.0, weights={"u1": 4.0, "u2": 4.0}),
            "y": Logistic(bias=-2.0, weights={"u2": 4.0, "x": y_on_x}),
        }
    )
