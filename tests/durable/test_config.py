from durable.config import ParallelBranch


def test_a_branch_may_be_made_with_the_type_of_its_result() -> None:
    branch = ParallelBranch[int](lambda number: number + 1, "add")

    assert (branch(1), branch.name) == (2, "add")
