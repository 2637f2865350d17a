"""Adam, RMSprop and SGD on one flat vector; as functions of their state, so that unrolling can differentiate them."""

from dataclasses import dataclass

import torch
from torch import Tensor

from playground.gan.config import Optimizer


@dataclass(frozen=True)
class State:
    """Running means of the gradient and of its square, and how many updates made them."""

    first: Tensor
    second: Tensor
    count: int


@dataclass(frozen=True)
class Rule:
    """How a gradient becomes a step.

    Source: Kingma & Ba, 2015, arXiv:1412.6980, Algorithm 1; RMSprop as in Arjovsky et al., 2017 (smoothing 0.99).
    """

    name: Optimizer
    beta1: float
    beta2: float = 0.999
    epsilon: float = 1e-8  # of the papers: it only keeps 0 / 0 away

    def start(self, parameters: Tensor) -> State:
        return State(torch.zeros_like(parameters), torch.zeros_like(parameters), 0)

    def move(self, parameters: Tensor, gradient: Tensor, state: State, rate: float) -> State:
        """Descend in place; the new state."""
        first, second, count = state.first, state.second, state.count + 1
        with torch.no_grad():
            if self.name == "SGD":
                parameters.sub_(gradient, alpha=rate)
            elif self.name == "RMSprop":
                second.mul_(0.99).addcmul_(gradient, gradient, value=0.01)
                parameters.addcdiv_(gradient, second.sqrt().add_(self.epsilon), value=-rate)
            else:
                first.lerp_(gradient, 1 - self.beta1)
                second.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
                scale = (1 - self.beta2**count) ** 0.5
                denominator = second.sqrt().div_(scale).add_(self.epsilon)
                parameters.addcdiv_(first, denominator, value=-rate / (1 - self.beta1**count))
        return State(first, second, count)

    def moved(self, parameters: Tensor, gradient: Tensor, state: State, rate: float) -> tuple[Tensor, State]:
        """The same step as new tensors, through which one can differentiate."""
        first, second, count = state.first, state.second, state.count + 1
        if self.name == "SGD":
            return parameters - rate * gradient, State(first, second, count)
        tiny = 1e-16  # the square root has no slope at 0
        if self.name == "RMSprop":
            second = 0.99 * second + 0.01 * gradient**2
            return parameters - rate * gradient / ((second + tiny).sqrt() + self.epsilon), State(first, second, count)
        first = self.beta1 * first + (1 - self.beta1) * gradient
        second = self.beta2 * second + (1 - self.beta2) * gradient**2
        denominator = ((second + tiny) / (1 - self.beta2**count)).sqrt() + self.epsilon
        return parameters - rate / (1 - self.beta1**count) * first / denominator, State(first, second, count)
