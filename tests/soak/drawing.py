"""Programs by chance: the same seed draws the same one."""

from random import Random

from tests.soak.programs import (
    Answer,
    Batch,
    Block,
    Callback,
    Child,
    HandedOut,
    Invoke,
    Node,
    Policy,
    Poll,
    Step,
    Wait,
)

_DEPTH = 3
_SIZES = (2, 4, 8, 12, 16)
_FAILING, _LARGE, _VIRTUAL, _FLAT = 0.15, 0.06, 0.3, 0.35
_DELAYS = (0.0, 0.003, 0.02, 2.0, 30.0)
_TIMEOUTS = 0.15


def draw(seed: int) -> Block:
    """The program of a seed."""
    chance = Random(f"program {seed}")  # noqa: S311 - chance that can be had again, not a secret
    return _Drawing(chance, chance.choice(_SIZES)).block(_DEPTH, longest=5)


class _Drawing:
    def __init__(self, chance: Random, left: int) -> None:
        self._chance = chance
        self._left = left

    def block(self, depth: int, longest: int = 3) -> Block:
        nodes: list[Node] = []
        for _ in range(self._chance.randint(1, longest)):
            if self._left > 0:
                self._left -= 1
                nodes.append(self._node(depth))
        return Block(tuple(nodes), self._happens(_FAILING))

    def _node(self, depth: int) -> Node:
        leaves = [self._step, self._step, self._step, self._wait, self._poll, self._handed_out]
        holders = [self._callback, self._invoke, self._child, *[self._batch] * 4]
        kinds = [*leaves, *holders] if depth > 0 and self._left > 0 else leaves
        return self._chance.choice(kinds)(depth - 1)

    def _step(self, _depth: int) -> Node:
        failures = self._chance.choice((0, 0, 0, 1, 2))
        return Step(failures, self._chance.randint(1, 3), self._happens(0.25))

    def _wait(self, _depth: int) -> Node:
        return Wait(self._chance.choice((1, 2, 60)))

    def _poll(self, _depth: int) -> Node:
        return Poll(self._chance.randint(1, 3), self._chance.randint(1, 3))

    def _handed_out(self, _depth: int) -> Node:
        return HandedOut(self._answer())

    def _callback(self, depth: int) -> Node:
        return Callback(self._answer(), Block(self.block(depth).nodes))

    def _invoke(self, depth: int) -> Node:
        return Invoke(self.block(depth))

    def _child(self, depth: int) -> Node:
        return Child(self.block(depth), self._happens(_VIRTUAL), self._happens(_LARGE))

    def _batch(self, depth: int) -> Node:
        branches = tuple(self.block(depth, longest=2) for _ in range(self._chance.choice((0, 1, 2, 3, 3, 4))))
        return Batch(
            branches,
            self._chance.choice([policy for policy in Policy if policy.needs <= len(branches)]),
            self._chance.choice((None, None, 1, 2)),
            is_map=self._happens(0.5),
            is_flat=self._happens(_FLAT),
            is_large=self._happens(_LARGE),
        )

    def _answer(self) -> Answer:
        after = None if self._happens(_TIMEOUTS) else self._chance.choice(_DELAYS)
        return Answer(after, self._happens(0.3))

    def _happens(self, chance: float) -> bool:
        return self._chance.random() < chance
