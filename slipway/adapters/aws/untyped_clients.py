"""What we call of AWS services whose stubs are not among the development packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypedDict


class Body(Protocol):
    """A streamed answer."""

    def read(self) -> bytes:
        """All of it."""
        ...


class InvokedModel(TypedDict):
    """Bedrock's answer."""

    body: Body


class Vector(TypedDict, total=False):
    """One vector of an answer; only what was asked for is there."""

    key: str
    metadata: Mapping[str, str]
    distance: float


class VectorsPage(TypedDict, total=False):
    """Vectors, and how to get the next ones."""

    vectors: Sequence[Vector]
    nextToken: str


class EmbeddingClient(Protocol):
    """Bedrock Runtime."""

    def invoke_model(self, *, modelId: str, body: bytes, contentType: str, accept: str) -> InvokedModel:
        """Ask a model."""
        ...


class PutEventsEntry(TypedDict, total=False):
    """What became of one event."""

    EventId: str
    ErrorCode: str


class PutEventsAnswer(TypedDict):
    """What became of each event, in order."""

    FailedEntryCount: int
    Entries: Sequence[PutEventsEntry]


class EventsClient(Protocol):
    """EventBridge."""

    def put_events(self, *, Entries: Sequence[Mapping[str, object]]) -> PutEventsAnswer:
        """Publish at most ten events."""
        ...


class VectorsClient(Protocol):
    """S3 Vectors."""

    def put_vectors(
        self, *, vectorBucketName: str, indexName: str, vectors: Sequence[Mapping[str, object]]
    ) -> object:
        """Store or replace."""
        ...

    def list_vectors(
        self, *, vectorBucketName: str, indexName: str, maxResults: int, nextToken: str = ...
    ) -> VectorsPage:
        """One page of keys."""
        ...

    def delete_vectors(self, *, vectorBucketName: str, indexName: str, keys: Sequence[str]) -> object:
        """Remove."""
        ...

    def query_vectors(
        self,
        *,
        vectorBucketName: str,
        indexName: str,
        topK: int,
        queryVector: Mapping[str, Sequence[float]],
        returnMetadata: bool,
        returnDistance: bool,
        filter: Mapping[str, object] = ...,
    ) -> VectorsPage:
        """The nearest."""
        ...
