"""Binary causal networks: seeing, doing, imagining."""

from playground.causality.adjustment import (
    Estimate,
    NoOverlap,
    Term,
    adjust,
    adjust_difference,
    conditional,
    front_door_adjust,
    front_door_difference,
    naive,
    naive_difference,
    trial,
)
from playground.causality.altitude import (
    Climate,
    Country,
    Line,
    Moments,
    altitude_on_temperature,
    excess_nll,
    expected_nll,
    fit_line,
    temperature_on_altitude,
)
from playground.causality.altitude import sample as sample_altitude
from playground.causality.counterfactual import (
    World,
    abduct,
    counterfactual,
    counterfactual_marginals,
    necessity,
    necessity_bounds,
    predict,
    sufficiency,
    sufficiency_bounds,
)
from playground.causality.explaining import ExplainingAway, explaining_away
from playground.causality.graph import Path, ancestors, descendants
from playground.causality.identification import backdoor_sets, frontdoor_sets, minimal
from playground.causality.joint import ImpossibleEvidence, Joint
from playground.causality.mechanisms import Logistic, Mechanism, Root, Table
from playground.causality.network import Network
from playground.causality.networks import front_door, m_bias, simpson, smoking, toy
from playground.causality.simulation import People, Shares, simulate
from playground.causality.study import Study

__all__ = [
    "Climate",
    "Country",
    "Estimate",
    "ExplainingAway",
    "ImpossibleEvidence",
    "Joint",
    "Line",
    "Logistic",
    "Mechanism",
    "Moments",
    "Network",
    "NoOverlap",
    "Path",
    "People",
    "Root",
    "Shares",
    "Study",
    "Table",
    "Term",
    "World",
    "abduct",
    "adjust",
    "adjust_difference",
    "altitude_on_temperature",
    "ancestors",
    "backdoor_sets",
    "conditional",
    "counterfactual",
    "counterfactual_marginals",
    "descendants",
    "excess_nll",
    "expected_nll",
    "explaining_away",
    "fit_line",
    "front_door",
    "front_door_adjust",
    "front_door_difference",
    "frontdoor_sets",
    "m_bias",
    "minimal",
    "naive",
    "naive_difference",
    "necessity",
    "necessity_bounds",
    "predict",
    "sample_altitude",
    "simpson",
    "simulate",
    "smoking",
    "sufficiency",
    "sufficiency_bounds",
    "temperature_on_altitude",
    "toy",
    "trial",
]
