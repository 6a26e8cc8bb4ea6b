"""The few GraphQL operations that clients really send."""
