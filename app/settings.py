"""Typed settings: the only reader of the environment."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, HttpUrl, ValidationError, computed_field, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.domain.carts import LONGEST_WAIT_SECONDS
from app.domain.limits import MOST_OPERATIONS

PREFIX = "APP_"
QUALIFIED = r"^[^:]+:[^:]+$|^arn:[^/]+:function:[^:]+:[^:]+$"
"""A function's name or ARN with an alias or a version, so that it is known which code answers."""
NAMESPACE = r"^[A-Za-z0-9._/#:-]{1,255}$"
"""As CloudWatch takes it."""
FOLDERS = r"^([A-Za-z0-9_-]+/)*$"


def _names(value: object) -> object:
    if isinstance(value, str):
        return frozenset(name.strip() for name in value.split(",") if name.strip())
    return value


Names = Annotated[frozenset[str], NoDecode, BeforeValidator(_names)]
"""Names with commas between them."""


class SettingsError(Exception):
    """The environment holds values that the application cannot run with; each variable is named."""


class Settings(BaseSettings):
    """Where rows and carts come from, where documents and notices go, and how much one execution may use.

    Each field is the environment variable `APP_<NAME>`; an empty one counts as unset.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    storage: Literal["filesystem", "memory", "s3"] = "filesystem"
    storage_root: Path = Path(".durable/storage")
    source_root: Path = Path("data")
    bucket: str | None = None
    sources_prefix: str = Field(default="sources/", pattern=FOLDERS)
    results_prefix: str = Field(default="pipeline/", pattern=FOLDERS)
    customers_url: HttpUrl | None = None
    customers_function: str | None = Field(default=None, pattern=QUALIFIED)
    readiness: Literal["sample", "document"] = "sample"
    greeting_function: str = Field(default="GreetingFunction:live", pattern=QUALIFIED)

    database: Path = Path(".durable/app.sqlite")
    carts_table: str | None = None
    reminders_topic: str | None = None
    remind_after_seconds: int = Field(default=24 * 60 * 60, ge=1, le=LONGEST_WAIT_SECONDS)
    cart_reminder_function: str = Field(default="CartReminderFunction:live", pattern=QUALIFIED)
    fulfilment_function: str = Field(default="FulfilmentFunction:live", pattern=QUALIFIED)
    pipeline_function: str = Field(default="PipelineFunction:live", pattern=QUALIFIED)
    tour_function: str = Field(default="TourFunction:live", pattern=QUALIFIED)

    payments_url: HttpUrl | None = None
    payments_secret: str | None = None
    payments_function: str | None = Field(default=None, pattern=QUALIFIED)
    inventory_table: str | None = None
    first_stock: Path = Path("data/stock.csv")
    shipping_url: HttpUrl | None = None
    shipping_function: str | None = Field(default=None, pattern=QUALIFIED)
    ledger_table: str | None = None
    approvals_table: str | None = None
    reviewers: Names = frozenset()
    senior_reviewers: Names = frozenset()
    senior_above: Decimal = Field(default=Decimal("1000.00"), ge=0)

    bedrock_model: str | None = None
    reply_tokens: int = Field(default=4_096, ge=1)
    model_calls: int = Field(default=10, ge=1, le=100)
    tokens: int = Field(default=200_000, ge=1)
    knowledge_base: Path = Path("artifact/knowledge.sqlite")
    report_sender: str | None = None
    report_recipient: str = "nobody"

    metrics_namespace: str | None = Field(default=None, pattern=NAMESPACE)
    tracing: bool = False

    operations: int = Field(default=MOST_OPERATIONS, ge=1, le=MOST_OPERATIONS)
    reserve_percent: int = Field(default=20, ge=0, le=90)
    page_rows: int = Field(default=5_000, ge=1, le=100_000)
    page_bytes: int = Field(default=1_048_576, ge=1, le=100_000_000)
    batch_pages: int = Field(default=4, ge=1, le=1_000)
    inline_bytes: int = Field(default=4_096, ge=0, le=65_536)
    concurrency: int = Field(default=8, ge=1, le=256)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def customers(self) -> Literal["api", "function", "nobody", "sample"]:
        """Who tells of customers: the API at `APP_CUSTOMERS_URL`, or the function `APP_CUSTOMERS_FUNCTION` as one.

        With neither it is the sample on loopback; deployed, nobody.
        """
        if self.customers_url or self.customers_function:
            return "api" if self.customers_url else "function"
        return "nobody" if self.storage == "s3" else "sample"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def carts(self) -> Literal["dynamodb", "sqlite"]:
        """Where carts are kept: in the table `APP_CARTS_TABLE`, or in the file `APP_DATABASE`."""
        return "dynamodb" if self.carts_table else "sqlite"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def notifier(self) -> Literal["documents", "sns"]:
        """Who tells customers: the subscribers of the topic `APP_REMINDERS_TOPIC`, or nobody but documents."""
        return "sns" if self.reminders_topic else "documents"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def payments(self) -> Literal["function", "http", "ledger"]:
        """Who takes money: the provider at `APP_PAYMENTS_URL`, or nobody.

        Then the function `APP_PAYMENTS_FUNCTION` stands for one, or a ledger itself.
        """
        return "http" if self.payments_url else "function" if self.payments_function else "ledger"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def inventory(self) -> Literal["dynamodb", "sqlite"]:
        """Where the stock is kept: in the table `APP_INVENTORY_TABLE`, or in the file `APP_DATABASE`."""
        return "dynamodb" if self.inventory_table else "sqlite"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def shipping(self) -> Literal["function", "http", "ledger"]:
        """Who ships: the provider at `APP_SHIPPING_URL`, or nobody.

        Then the function `APP_SHIPPING_FUNCTION` stands for one, or a ledger itself.
        """
        return "http" if self.shipping_url else "function" if self.shipping_function else "ledger"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ledger(self) -> Literal["dynamodb", "sqlite"]:
        """Where sample charges and parcels are kept: in the table `APP_LEDGER_TABLE`, or the file `APP_DATABASE`."""
        return "dynamodb" if self.ledger_table else "sqlite"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def approvals(self) -> Literal["dynamodb", "sqlite"]:
        """Where approvals are kept: in the table `APP_APPROVALS_TABLE`, or in the file `APP_DATABASE`."""
        return "dynamodb" if self.approvals_table else "sqlite"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def chat_model(self) -> Literal["bedrock", "scripted"]:
        """Who the analyst asks: Bedrock's model `APP_BEDROCK_MODEL`, or nobody but a script."""
        return "bedrock" if self.bedrock_model else "scripted"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def reports(self) -> Literal["documents", "ses"]:
        """How reports go out: by SES from the address `APP_REPORT_SENDER`, or not at all but into documents."""
        return "ses" if self.report_sender else "documents"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def metrics(self) -> Literal["powertools", "silent"]:
        """Where metrics add up: in CloudWatch below `APP_METRICS_NAMESPACE`, or nowhere."""
        return "powertools" if self.metrics_namespace else "silent"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tracer(self) -> Literal["powertools", "silent"]:
        """Whether steps are drawn into X-Ray's traces: with `APP_TRACING`, as the function's own tracing is on."""
        return "powertools" if self.tracing else "silent"

    @model_validator(mode="after")
    def _needs_of_reports(self) -> Self:
        if self.report_sender and "@" not in self.report_recipient:
            raise ValueError("APP_REPORT_RECIPIENT is not set; APP_REPORT_SENDER has nobody to send reports to")
        return self

    @model_validator(mode="after")
    def _needs_of_s3(self) -> Self:
        if self.storage == "s3" and not self.bucket:
            raise ValueError("APP_BUCKET is not set; APP_STORAGE=s3 needs the bucket's name")
        return self

    @model_validator(mode="after")
    def _needs_of_payments(self) -> Self:
        if self.payments_url and not self.payments_secret:
            raise ValueError("APP_PAYMENTS_SECRET is not set; the provider at APP_PAYMENTS_URL asks for a credential")
        return self


def load_settings() -> Settings:
    """The settings of this environment; `SettingsError` names each variable with a wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_told(detail["loc"], detail["msg"]) for detail in error.errors())) from None


def _told(location: tuple[int | str, ...], message: str) -> str:
    variable = "".join(f"{PREFIX}{str(name).upper()}: " for name in location[:1])
    return variable + message.removeprefix("Value error, ")
