"""One branch's documents on their way through storage."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.batches import Batch
from app.domain.errors import StagedPageChangedError
from app.domain.keys import Keys, Kind
from app.domain.pages import Page, from_lines, to_lines
from app.domain.pipeline import Content, Receipt
from app.domain.plan import PageReceipt, Plan
from app.ports.storage import Storage


@dataclass(frozen=True, slots=True)
class Staging:
    """Pages of raw rows come in; documents and rejections wait inline or staged until they are delivered."""

    storage: Storage
    keys: Keys

    def stage(self, page: Page, repeats: Mapping[int, int]) -> PageReceipt:
        """Keep a page of raw rows, and beside it which of them repeat the id of which earlier row."""
        receipt = self.storage.put(self.keys.page(page.number), page.body)
        staged = PageReceipt(key=receipt["key"], size=receipt["size"], rows=len(page.rows))
        if repeats:
            self.storage.put(self.keys.repeats(receipt["key"]), json.dumps([*repeats.items()]).encode())
            staged["repeats"] = len(repeats)
        return staged

    def stage_plan(self, shard: str, plan: Plan) -> None:
        """Keep what a shard is to do."""
        self.storage.put(self.keys.plan(shard), json.dumps(plan).encode())

    def plan(self) -> Plan:
        """What this shard is to do."""
        plan: Plan = json.loads(self.storage.get(self.keys.plan(self.keys.shard)))
        return plan

    def read(self, batch: Batch) -> Iterator[str]:
        """The batch's rows, read page by page; as many as the plan recorded, or an error."""
        count = 0
        for row in islice(self._page_rows(batch), batch.skip, batch.skip + batch.rows):
            count += 1
            yield row
        if count != batch.rows:
            raise StagedPageChangedError(
                f"{batch.name} reads {count} rows from {batch.pages[0]['key']} on where the plan has {batch.rows}; "
                "the pages were written again, so start an execution with a new name"
            )

    def repeats(self, batch: Batch) -> dict[int, int]:
        """The batch's rows that repeat an earlier row's id, and the numbers of those rows."""
        listed = [self.storage.get(self.keys.repeats(page["key"])) for page in batch.pages if page.get("repeats")]
        return {row: first for document in listed for row, first in json.loads(document)}

    def _page_rows(self, batch: Batch) -> Iterator[str]:
        for page in batch.pages:
            with self.storage.open(page["key"]) as stream:
                yield from from_lines(stream.read())

    def hand_on(self, kind: Kind, batch: Batch, texts: Sequence[str]) -> Content | None:
        """What the next step needs to deliver the texts: themselves while they are small, else a receipt."""
        if not texts:
            return None
        body = to_lines(texts)
        if len(body) <= batch.inline_bytes:
            return Content(text=body.decode())
        return Content(staged=self.storage.put(self.keys.staged(kind, batch.document), body))

    def deliver(self, kind: Kind, batch: Batch, content: Content | None) -> Receipt | None:
        """Write what was handed on to its final key; the same batch always writes the same one."""
        if content is None:
            return None
        key = self.keys.final(kind, batch.document)
        if "staged" in content:
            return self.storage.copy(content["staged"]["key"], key)
        return self.storage.put(key, content["text"].encode())
