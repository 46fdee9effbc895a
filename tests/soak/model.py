"""The reference model: what a program comes to, by its meaning alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.soak.programs import Batch, Block, Callback, Child, HandedOut, Invoke, Node, Poll, Step, Wait

Outcome = Any
"""JSON: what a node returned, or in words what it raised."""

ROOT = "p"
"""The path of a whole program; the nodes in it are p-0, p-1, and so on."""


@dataclass(slots=True)
class Model:
    """What each node of a program comes to, by its path, and what happens on the way."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    certain: set[str] = field(default_factory=set)
    """The effects that there must be."""
    possible: set[str] = field(default_factory=set)
    """Those and the ones that there may be: of branches that their batch need not wait for."""
    at_most_once: set[str] = field(default_factory=set)
    """The effects that not even the death of an invocation repeats, though it may prevent them."""
    invocations: int = 1
    """How many there are at most, if none dies."""
    functions: dict[str, Block] = field(default_factory=dict)
    """What is invoked."""

    def block(self, block: Block, path: str = ROOT, *, is_certain: bool = True) -> Outcome:
        """What the nodes of a block come to."""
        for number, node in enumerate(block.nodes):
            self.outcomes[f"{path}-{number}"] = self._node(node, f"{path}-{number}", is_certain)
        return [self.outcomes[f"{path}-{number}"] for number in range(len(block.nodes))]

    def _node(self, node: Node, path: str, is_certain: bool) -> Outcome:
        match node:
            case Step():
                return self._step(node, path, is_certain)
            case Wait():
                self.invocations += 1
                return None
            case Poll(needed, allowed):
                self._happen(path, range(1, min(needed, allowed) + 1), is_certain)
                exhausted = f"wait_for_condition exhausted {allowed} attempts before the condition was met"
                return needed if needed <= allowed else f"WaitForConditionError: {exhausted}"
            case HandedOut():
                return self._answered(node, path, is_certain)
            case Callback(_, meanwhile):
                return [self.block(meanwhile, path, is_certain=is_certain), self._answered(node, path, is_certain)]
            case Child(body):
                return self._ended("ChildContextError", body, path, is_certain)
            case Invoke(body):
                self.functions[path] = body
                self.invocations += 2
                return self._ended("InvokeError", body, path, is_certain)
            case Batch():
                return self._batch(node, path, is_certain)

    def _step(self, step: Step, path: str, is_certain: bool) -> Outcome:
        self._happen(path, range(1, min(step.failures + 1, step.attempts) + 1), is_certain)
        if step.at_most_once:
            attempts = [f"{path}#{attempt}" for attempt in range(1, step.attempts + 1)]
            self.possible.update(attempts)
            self.at_most_once.update(attempts)
            return "tried"
        return path if step.failures < step.attempts else f"StepError: {path} failed"

    def _answered(self, node: HandedOut | Callback, path: str, is_certain: bool) -> Outcome:
        self._happen(path, [1], is_certain)
        self.invocations += 1
        if node.answer.after is None:
            return "CallbackTimeoutError: Callback timed out"
        return f"CallbackExternalError: {path} failed" if node.answer.fails else path

    def _ended(self, kind: str, body: Block, path: str, is_certain: bool) -> Outcome:
        results = self.block(body, path, is_certain=is_certain)
        return f"{kind}: {path} failed" if body.fails else results

    def _batch(self, batch: Batch, path: str, is_certain: bool) -> Outcome:
        begun = _begun(batch)
        is_open = batch.limit != 1 and _ends_early(batch, begun)
        for index, branch in enumerate(begun):
            inner = f"{path}-{index}"
            self.outcomes[inner] = self._ended("branch", branch, inner, is_certain and not is_open)
        return None if is_open else [self.outcomes[f"{path}-{index}"] for index in range(len(begun))]

    def _happen(self, path: str, attempts: Iterable[int], is_certain: bool) -> None:
        effects = {f"{path}#{attempt}" for attempt in attempts}
        self.invocations += len(effects) - 1
        self.possible |= effects
        if is_certain:
            self.certain |= effects


def _begun(batch: Batch) -> Sequence[Block]:
    """The branches that may begin: one after the other, as many as are needed, else all."""
    count = len(batch.branches)
    enough = [ended for ended in range(count + 1) if _ends_early(batch, batch.branches[:ended])]
    return batch.branches[: min(enough, default=count) if batch.limit == 1 else count]


def _ends_early(batch: Batch, ended: Sequence[Block]) -> bool:
    failures = sum(branch.fails for branch in ended)
    return batch.policy.ends_early(len(ended) - failures, failures)
