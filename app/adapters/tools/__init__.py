"""What a chat model may ask for: the knowledge base, the stored documents, and the report."""
