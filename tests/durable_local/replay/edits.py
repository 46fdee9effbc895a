"""A program that waits with every kind of context open, and edits of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from durable.config import (
    CallbackConfig,
    ChildConfig,
    CompletionConfig,
    Duration,
    MapConfig,
    NestingType,
    ParallelBranch,
    ParallelConfig,
    StepConfig,
)
from durable.retries import RetryPresets
from durable.serdes import SerDes, SerDesContext

Effect = Callable[[str], object]

_STEP, _BATCH, _CHILD, _CALLBACK = StepConfig(), ParallelConfig(), ChildConfig(), CallbackConfig()
_TOLERANT = MapConfig(completion_config=CompletionConfig.all_completed())


class Numbers(SerDes[object]):
    """Reads nothing but numbers."""

    def serialize(self, value: object, serdes_context: SerDesContext) -> str:
        return str(value)

    def deserialize(self, data: str, serdes_context: SerDesContext) -> object:
        return int(data)


@dataclass(frozen=True)
class Code:
    """An order: paid, then packed beside letters that are written, then approved and shipped."""

    paying: tuple[str | None, ...] = ("charge", "book")
    pays_by: str = "step"
    config: StepConfig = _STEP
    seconds: int | None = 5
    branches: tuple[str, ...] = ("packing", "letters")
    batch: ParallelConfig = _BATCH
    packing: tuple[str, ...] = ("pick", "wrap")
    box: str = "box"
    child: ChildConfig = _CHILD
    letters: tuple[str, ...] = ("thanks", "invoice")
    writing: tuple[str, ...] = ("write",)
    post: MapConfig = _TOLERANT
    is_mapped: bool = True
    approval: str = "approval"
    asks_by: CallbackConfig = _CALLBACK
    closing: tuple[str, ...] = ("ship",)
    trouble: str = ""
    """Where it raises."""
    waits_for_box: bool = True

    def run(self, context: Any, effect: Effect) -> object:
        self._fail_at("first")
        paid = [self._pay(context, name, effect) for name in self.paying]
        if self.seconds:
            context.wait(Duration(self.seconds), name="pause")
        approval = context.create_callback(name=self.approval, config=self.asks_by)
        kinds = {"packing": self._pack, "letters": self._write_all}
        branches = [ParallelBranch(partial(kinds.get(name, self._pack), effect=effect), name) for name in self.branches]
        both = context.parallel(branches, name="both", config=self.batch).get_results()
        self._fail_at("last")
        return [paid, both, approval.result(), [_step(context, name, effect) for name in self.closing]]

    def _pay(self, context: Any, name: str | None, effect: Effect) -> object:
        if self.pays_by == "child":
            return context.run_in_child_context(lambda child: _step(child, name, effect), name=name)
        if self.pays_by == "wait":
            return context.wait(Duration(5), name=name)
        return context.step(lambda _: effect(str(name)), name=name, config=self.config)

    def _pack(self, branch: Any, effect: Effect) -> object:
        def body(child: Any) -> object:
            packed = [_step(child, name, effect) for name in self.packing]
            answer = child.create_callback(name="packed")
            self._fail_at("the box")
            return [packed, answer.result() if self.waits_for_box else None]

        return branch.run_in_child_context(body, name=self.box, config=self.child)

    def _write_all(self, branch: Any, effect: Effect) -> object:
        def write(child: Any, letter: str, *_: object) -> object:
            is_first = letter == self.letters[0]
            names = self.writing if is_first else CODE.writing
            written = [_step(child, name, effect, letter) for name in names]
            answer = child.create_callback(name=f"signed {letter}")
            self._fail_at("the first letter" if is_first else "a letter")
            return [written, answer.result()]

        if self.is_mapped:
            post = replace(self.post, item_namer=lambda letter, _: letter)
            return branch.map(list(self.letters), write, name="post", config=post).get_results()
        letters = [ParallelBranch(lambda child, letter=letter: write(child, letter), letter) for letter in self.letters]
        return branch.parallel(letters, name="post").get_results()

    def _fail_at(self, place: str) -> None:
        if place == self.trouble:
            raise LookupError(f"trouble at {place}")


def _step(context: Any, name: str | None, effect: Effect, of: str = "") -> object:
    return context.step(lambda _: effect(f"{name} {of}"), name=name)


CODE = Code()
_BOX = ("both", "packing", "box")
_LETTER = ("both", "letters", "post", "thanks")

REFUSED: dict[str, tuple[Code, tuple[str, ...], str]] = {
    "a step renamed": (replace(CODE, paying=("pay", "book")), ("charge",), "Step pay"),
    "a step without its name": (replace(CODE, paying=(None, "book")), ("charge",), "Step without a name"),
    "a step inserted at first": (replace(CODE, paying=("check", "charge", "book")), ("charge",), "Step check"),
    "a step inserted before a wait": (replace(CODE, paying=("charge", "book", "bill")), ("pause",), "Step bill"),
    "a step removed": (replace(CODE, paying=("charge",)), ("book",), "Wait pause"),
    "all steps removed": (replace(CODE, paying=()), ("charge",), "Wait pause"),
    "steps swapped": (replace(CODE, paying=("book", "charge")), ("charge",), "Step book"),
    "a step that becomes a child": (replace(CODE, pays_by="child"), ("charge",), "RunInChildContext charge"),
    "a step that becomes a wait": (replace(CODE, pays_by="wait"), ("charge",), "Wait charge"),
    "another sub type": (replace(CODE, config=StepConfig(sub_type="Payment")), ("charge",), "Payment charge"),
    "a wait removed": (replace(CODE, seconds=None), ("pause",), "Callback approval"),
    "a callback renamed": (replace(CODE, approval="consent"), ("approval",), "Callback consent"),
    "another sub type of a callback": (
        replace(CODE, asks_by=CallbackConfig(sub_type="Consent")),
        ("approval",),
        "Consent approval",
    ),
    "branches swapped": (replace(CODE, branches=("letters", "packing")), ("both", "packing"), "ParallelBranch letters"),
    "a branch renamed": (replace(CODE, branches=("crates", "letters")), ("both", "packing"), "ParallelBranch crates"),
    "a branch removed": (replace(CODE, branches=("packing",)), ("both",), "has begun branch 1"),
    "a branch inserted": (
        replace(CODE, branches=("gifts", "packing", "letters")),
        ("both", "packing"),
        "ParallelBranch gifts",
    ),
    "flat branches": (
        replace(CODE, batch=ParallelConfig(nesting_type=NestingType.FLAT)),
        ("both", "packing"),
        "virtual",
    ),
    "a child renamed": (replace(CODE, box="crate"), _BOX, "RunInChildContext crate"),
    "a child that becomes virtual": (replace(CODE, child=ChildConfig(is_virtual=True)), _BOX, "virtual"),
    "another sub type of a child": (replace(CODE, child=ChildConfig(sub_type="Box")), _BOX, "Box box"),
    "a step renamed in a child": (replace(CODE, packing=("pick", "pack")), (*_BOX, "wrap"), "Step pack"),
    "a step inserted in a child": (replace(CODE, packing=("find", "pick", "wrap")), (*_BOX, "pick"), "Step find"),
    "a step removed in a child": (replace(CODE, packing=("pick",)), (*_BOX, "wrap"), "Callback packed"),
    "a step renamed in a tolerant batch": (replace(CODE, writing=("type",)), (*_LETTER, "write"), "Step type"),
    "a step inserted in a tolerant batch": (
        replace(CODE, writing=("think", "write")),
        (*_LETTER, "write"),
        "Step think",
    ),
    "items swapped": (replace(CODE, letters=("invoice", "thanks")), _LETTER, "MapIteration invoice"),
    "an item removed": (replace(CODE, letters=("thanks",)), _LETTER[:-1], "has begun branch 1"),
    "a map that becomes a parallel": (replace(CODE, is_mapped=False), _LETTER[:-1], "Parallel post"),
}
"""An edit, the operation where it parts from the record, and what the code has there now: the core refuses each."""

TROUBLED: dict[str, tuple[Code, tuple[str, ...], str]] = {
    "results that no longer read": (
        replace(CODE, config=StepConfig(serdes=Numbers())),
        ("charge",),
        "cannot read that: SerDesError",
    ),
    "an error before what is recorded": (
        replace(CODE, trouble="first"),
        ("charge",),
        "LookupError: trouble at first",
    ),
    "an error in a child that waits": (
        replace(CODE, trouble="the box"),
        _BOX,
        "fails with LookupError: trouble at the box",
    ),
    "an error in a branch of a tolerant batch that waits": (
        replace(CODE, trouble="the first letter"),
        _LETTER,
        "fails with LookupError: trouble at the first letter",
    ),
}
"""The same for edits whose errors are the code's own."""

HARMLESS: dict[str, Code] = {
    "nothing": CODE,
    "other retries": replace(CODE, config=StepConfig(RetryPresets.none())),
    "a longer wait": replace(CODE, seconds=500),
    "more at a time": replace(CODE, batch=ParallelConfig(max_concurrency=9)),
    "fewer at a time": replace(CODE, post=replace(_TOLERANT, max_concurrency=1)),
    "a branch appended": replace(CODE, branches=("packing", "letters", "gifts")),
    "an item appended": replace(CODE, letters=("thanks", "invoice", "advert")),
    "a step appended": replace(CODE, closing=("ship", "thank")),
    "the last step removed": replace(CODE, closing=()),
    "the last step renamed": replace(CODE, closing=("deliver",)),
    "other tolerance": replace(CODE, post=MapConfig(completion_config=CompletionConfig.all_successful())),
    "an error beyond the record": replace(CODE, trouble="last"),
    "a child that does not wait for its answer": replace(CODE, waits_for_box=False),
}
"""Edits of code that the execution has not reached, or that the record does not hold."""
