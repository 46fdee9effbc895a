"""The composition root: the only module that names concrete classes."""

from decimal import Decimal
from pathlib import Path

from dependency_injector import containers, providers

from app.adapters.approvals.dynamodb import DynamoApprovals
from app.adapters.approvals.lambda_callbacks import LambdaCallbacks
from app.adapters.approvals.sqlite import SqliteApprovals
from app.adapters.carts.dynamodb import DynamoCarts
from app.adapters.carts.sqlite import SqliteCarts
from app.adapters.chat_model.bedrock import BedrockChatModel, bedrock_client
from app.adapters.chat_model.dialogues import SAMPLE_DIALOGUES
from app.adapters.chat_model.scripted import ScriptedChatModel
from app.adapters.clock.system import SystemClock
from app.adapters.data_types.rows.paged_api import http_client
from app.adapters.data_types.rows.sample_api import SampleApi
from app.adapters.datasets.sqlite import SqliteDatasets
from app.adapters.decisions.direct import DirectDecisions
from app.adapters.decisions.http import HttpDecisions
from app.adapters.event_sources.event_bridge import EventBridgeEvents
from app.adapters.event_sources.http import HttpEvents
from app.adapters.event_sources.sqs import SqsEvents
from app.adapters.inventory.dynamodb import DynamoInventory
from app.adapters.inventory.sqlite import SqliteInventory
from app.adapters.notifier.documents import DocumentNotifier
from app.adapters.notifier.sns import SnsNotifier
from app.adapters.payments.http import HttpPayments
from app.adapters.payments.ledger import LedgerPayments
from app.adapters.payments.secret import SecretsManagerCredential
from app.adapters.readiness.document import DocumentReadiness
from app.adapters.readiness.sample import SampleReadiness
from app.adapters.reports.document import DocumentReports
from app.adapters.reports.ses import SesReports, ses_client
from app.adapters.shipping.http import HttpShipping
from app.adapters.shipping.ledger import LedgerShipping
from app.adapters.starting.lambda_api import LambdaStarter
from app.adapters.storage.filesystem import FilesystemStorage
from app.adapters.storage.memory import MemoryStorage
from app.adapters.storage.s3 import S3Storage, s3_client
from app.adapters.technologies.aws import aws_client
from app.adapters.tools.execute_sql import ExecuteSql
from app.adapters.tools.knowledge_base import KnowledgeBase
from app.adapters.tools.report_email import ReportEmail
from app.domain.fulfilment import Reviewers
from app.domain.limits import Limits
from app.settings import Settings, load_settings
from app.workflows.analyst import AnalystWorkflow
from app.workflows.approvals import Approving
from app.workflows.cart_reminder import CartReminderWorkflow
from app.workflows.checkout import Checkout
from app.workflows.fulfilment import FulfilmentWorkflow
from app.workflows.pipeline import PipelineWorkflow
from app.workflows.starting import Starting
from app.workflows.tour import TourWorkflow


class Container(containers.DeclarativeContainer):
    """Who uses whom. Adapters and clients are singletons and hold no state; workflows are new for every invocation."""

    config = providers.Configuration(strict=True)

    s3 = providers.ThreadSafeSingleton(s3_client)
    dynamodb = providers.ThreadSafeSingleton(aws_client, "dynamodb")
    sns = providers.ThreadSafeSingleton(aws_client, "sns")
    lambda_api = providers.ThreadSafeSingleton(aws_client, "lambda")
    secrets_manager = providers.ThreadSafeSingleton(aws_client, "secretsmanager")
    bedrock = providers.ThreadSafeSingleton(bedrock_client)
    ses = providers.ThreadSafeSingleton(ses_client)
    http = providers.ThreadSafeSingleton(http_client)
    sample_customers = providers.Singleton(SampleApi, folder=config.source_root.as_(Path), name="customers.json")

    storage = providers.Selector(
        config.storage,
        filesystem=providers.Singleton(FilesystemStorage, root=config.storage_root.as_(Path)),
        memory=providers.Singleton(MemoryStorage),
        s3=providers.Singleton(S3Storage, client=s3, bucket=config.bucket, prefix=config.results_prefix),
    )
    documents = providers.Selector(
        config.storage,
        filesystem=providers.Singleton(FilesystemStorage, root=config.source_root.as_(Path)),
        memory=providers.Singleton(FilesystemStorage, root=config.source_root.as_(Path)),
        s3=providers.Singleton(S3Storage, client=s3, bucket=config.bucket, prefix=config.sources_prefix),
    )
    customers_address = providers.Selector(
        config.customers,
        api=config.customers_url.provider,
        sample=sample_customers.provided.address,
    )

    # Named by path, so that a data type is one line here.
    data_types = providers.Dict(
        customers=providers.Singleton("app.adapters.data_types.customers.data_type", customers_address, http.provider),
        products=providers.Singleton("app.adapters.data_types.products.data_type", documents),
        orders=providers.Singleton("app.adapters.data_types.orders.data_type", documents),
    )
    limits = providers.Factory(
        Limits,
        operations=config.operations,
        reserve_percent=config.reserve_percent,
        page_rows=config.page_rows,
        page_bytes=config.page_bytes,
        batch_pages=config.batch_pages,
        inline_bytes=config.inline_bytes,
        concurrency=config.concurrency,
    )
    pipeline_workflow = providers.Factory(PipelineWorkflow, data_types=data_types, storage=storage, limits=limits)

    readiness = providers.Selector(
        config.readiness,
        sample=providers.Singleton(SampleReadiness),
        document=providers.Singleton(DocumentReadiness, storage=storage),
    )
    tour_workflow = providers.Factory(
        TourWorkflow, storage=storage, readiness=readiness, greeting_function=config.greeting_function
    )

    clock = providers.Singleton(SystemClock)
    carts = providers.Selector(
        config.carts,
        dynamodb=providers.Singleton(DynamoCarts, client=dynamodb, table=config.carts_table),
        sqlite=providers.Singleton(SqliteCarts, path=config.database.as_(Path)),
    )
    notifier = providers.Selector(
        config.notifier,
        documents=providers.Singleton(DocumentNotifier, storage=storage),
        sns=providers.Singleton(SnsNotifier, client=sns, topic=config.reminders_topic),
    )
    cart_reminder_workflow = providers.Factory(
        CartReminderWorkflow,
        carts=carts,
        notifier=notifier,
        clock=clock,
        remind_after_seconds=config.remind_after_seconds,
    )
    checkout = providers.Factory(Checkout, carts=carts, clock=clock)

    payments = providers.Selector(
        config.payments,
        http=providers.Singleton(
            HttpPayments,
            address=config.payments_url,
            client=http.provider,
            credential=providers.Singleton(
                SecretsManagerCredential, client=secrets_manager.provider, secret_id=config.payments_secret
            ),
        ),
        ledger=providers.Singleton(LedgerPayments, path=config.database.as_(Path)),
    )
    inventory = providers.Selector(
        config.inventory,
        dynamodb=providers.Singleton(DynamoInventory, client=dynamodb, table=config.inventory_table),
        sqlite=providers.Singleton(
            SqliteInventory, path=config.database.as_(Path), first_stock=config.first_stock.as_(Path)
        ),
    )
    shipping = providers.Selector(
        config.shipping,
        http=providers.Singleton(HttpShipping, address=config.shipping_url, client=http.provider),
        ledger=providers.Singleton(LedgerShipping, path=config.database.as_(Path)),
    )
    callbacks = providers.Singleton(LambdaCallbacks, client=lambda_api.provider)
    approvals = providers.Selector(
        config.approvals,
        dynamodb=providers.Singleton(
            DynamoApprovals, client=dynamodb, table=config.approvals_table, callbacks=callbacks
        ),
        sqlite=providers.Singleton(SqliteApprovals, path=config.database.as_(Path), callbacks=callbacks),
    )
    fulfilment_workflow = providers.Factory(
        FulfilmentWorkflow,
        payments=payments,
        inventory=inventory,
        shipping=shipping,
        approvals=approvals,
        notifier=notifier,
        clock=clock,
    )
    approving = providers.Factory(
        Approving,
        sources=providers.List(providers.Singleton(HttpDecisions), providers.Singleton(DirectDecisions)),
        approvals=approvals,
        reviewers=providers.Factory(
            Reviewers,
            juniors=config.reviewers.as_(frozenset),
            seniors=config.senior_reviewers.as_(frozenset),
            senior_above=config.senior_above.as_(Decimal),
        ),
        clock=clock,
    )

    chat_model = providers.Selector(
        config.chat_model,
        bedrock=providers.Singleton(
            BedrockChatModel, client=bedrock, model=config.bedrock_model, most_tokens=config.reply_tokens
        ),
        scripted=providers.Singleton(ScriptedChatModel, dialogues=SAMPLE_DIALOGUES),
    )
    datasets = providers.Singleton(SqliteDatasets, storage=storage)
    reports = providers.Selector(
        config.reports,
        documents=providers.Singleton(DocumentReports, storage=storage, recipient=config.report_recipient),
        ses=providers.Singleton(SesReports, client=ses, sender=config.report_sender, recipient=config.report_recipient),
    )
    analyst_workflow = providers.Factory(
        AnalystWorkflow,
        chat_model=chat_model,
        tools=providers.List(
            providers.Singleton(KnowledgeBase, index=config.knowledge_base.as_(Path)),
            providers.Singleton(ExecuteSql, datasets=datasets),
            providers.Singleton(ReportEmail, reports=reports),
        ),
        datasets=datasets,
        storage=storage,
        budget=providers.Dict(model_calls=config.model_calls, tokens=config.tokens),
    )

    event_sources = providers.List(
        providers.Singleton(HttpEvents), providers.Singleton(EventBridgeEvents), providers.Singleton(SqsEvents)
    )
    starter = providers.Singleton(
        LambdaStarter,
        client=lambda_api,
        functions=providers.Dict(
            {
                "cart-reminder": config.cart_reminder_function,
                "fulfilment": config.fulfilment_function,
                "pipeline": config.pipeline_function,
                "tour": config.tour_function,
            }
        ),
    )
    starting = providers.Factory(Starting, sources=event_sources, starter=starter)


def build_container(settings: Settings | None = None) -> Container:
    """The container for these settings, else for the environment's; nothing is connected yet."""
    container = Container()
    container.config.from_dict((settings or load_settings()).model_dump(mode="json"))
    return container
