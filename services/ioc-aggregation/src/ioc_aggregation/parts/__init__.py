"""Parts of the service that stand on stores of their own."""
