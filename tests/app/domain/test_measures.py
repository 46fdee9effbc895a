from app.domain.measures import Measures, ended, of_execution, of_pipeline

SUMMARY = {"teas": {"stored": 38, "rejected": 4, "documents": "memory:teas"}}


def test_an_execution_is_counted_by_the_outcome_that_its_workflow_tells() -> None:
    assert of_execution({}, {"outcome": "reminded"}) == [Measures({"Executions": 1}, {"outcome": "reminded"})]


def test_an_execution_whose_workflow_knows_no_outcomes_has_succeeded() -> None:
    assert of_execution({}, {"report": "memory:report"}) == of_execution({}, None) == [ended("succeeded")]


def test_every_row_is_ingested_and_either_rejected_or_stored() -> None:
    _, teas = of_pipeline({"event_contexts": ["teas"]}, SUMMARY)

    assert teas == Measures({"RowsIngested": 42, "RowsRejected": 4, "DocumentsStored": 38}, {"dataType": "teas"})


def test_a_shard_counts_no_rows_for_its_parent_does() -> None:
    assert of_pipeline({"shard": {"execution": "nightly", "data_type": "teas", "number": 0}}, SUMMARY) == [
        ended("succeeded")
    ]
