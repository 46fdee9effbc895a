"""Dialogues about the sample data."""

from app.adapters.chat_model.scripted import Dialogue, Line, ScriptedChatModel

SPENDING = """\
SELECT name, country, PRINTF('%.2f', SUM(CAST(total AS REAL))) AS spent
FROM orders JOIN customers ON customers.id = orders.customer_id
GROUP BY customers.id ORDER BY SUM(CAST(total AS REAL)) DESC, name LIMIT 5"""

SAMPLE_DIALOGUES = (
    Dialogue(
        "Which customers spend the most?",
        (
            Line(
                "I look up how amounts are kept, and sum them.",
                (
                    ("search_knowledge_base", {"query": "amounts kept as texts"}),
                    ("execute_sql", {"statement": SPENDING}),
                ),
            ),
            Line(
                "I send the report.",
                (("send_report_email", {"subject": "Customers who spend the most", "text": "{rows}"}),),
            ),
            Line("These customers spend the most:\n{rows}"),
        ),
    ),
    Dialogue(
        "Which products are running out?",
        (
            Line(
                "I look at the stock.",
                (("execute_sql", {"statement": "SELECT name, amount FROM products ORDER BY amount LIMIT 5"}),),
            ),
            Line(
                "There is no such column; it is called stock.",
                (("execute_sql", {"statement": "SELECT name, stock FROM products ORDER BY stock, name LIMIT 5"}),),
            ),
            Line("There is least of these products, with the pieces left:\n{rows}"),
        ),
    ),
    Dialogue(
        "What will we sell next year?",
        (
            Line(
                "Perhaps somebody has written about it.",
                (("search_knowledge_base", {"query": "forecast of next year"}),),
            ),
        ),
    ),
)
"""A question with two tools at once and a report, one with a mistake that the model is told, and one without an end."""


def sample_chat_model() -> ScriptedChatModel:
    """What takes a model's place in these dialogues."""
    return ScriptedChatModel(SAMPLE_DIALOGUES)
