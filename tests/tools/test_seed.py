import pytest

from tests.template.document import ROOT
from tests.tools.conftest import Deployed
from tools import seed


def test_the_sources_lie_where_the_pipeline_looks_for_them(deployed: Deployed) -> None:
    seed.main()

    s3, bucket = deployed.client("s3"), deployed.outputs["Bucket"]
    bodies = {name: s3.get_object(Bucket=bucket, Key=f"sources/{name}")["Body"].read() for name in seed.SOURCES}
    assert bodies == {name: (ROOT / "data" / name).read_bytes() for name in seed.SOURCES}


def test_the_stock_is_put_there_once(deployed: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    seed.main()
    table, dynamodb = deployed.outputs["InventoryTable"], deployed.client("dynamodb")
    sold = {"id": {"S": "stock#tea-01"}, "available": {"N": "3"}}
    dynamodb.put_item(TableName=table, Item=sold)
    capsys.readouterr()

    seed.main()

    assert f"{table}: the stock of 0 products" in capsys.readouterr().out
    assert dynamodb.get_item(TableName=table, Key={"id": sold["id"]})["Item"] == sold
    assert dynamodb.scan(TableName=table)["Count"] == len((ROOT / "data/stock.csv").read_text().splitlines()) - 1
