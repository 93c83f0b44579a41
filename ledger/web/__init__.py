"""What pages and API share: transactions, who is asking, errors, headers, logs and metrics."""
