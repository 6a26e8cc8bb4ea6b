"""S3 Vectors on the laptop: vector buckets, indexes, vectors with metadata, and search by distance.

Every vector of an index is compared, where AWS searches approximately. Tags, policies, full-text search and
enhanced indexes are refused, saying so.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.aws import s3vectors_rules as rules
from local.aws.context import Context
from local.aws.s3vectors_rules import Refused, invalid
from local.aws.s3vectors_store import Bucket, Index, Store, Vector

logger = logging.getLogger(__name__)

SERVICE = "s3vectors"
DEFAULT_PAGE = 500
Request = Mapping[str, Any]  # a JSON document
Answer = dict[str, object]
Response = tuple[int, dict[str, str], bytes]
NOT_SERVED = ("queryTexts", "returnScores", "segmentCount", "segmentIndex")


class S3Vectors:
    """The service as ministack drives its own: requests, saved state, reset."""

    def __init__(self) -> None:
        self.store = Store()
        self._operations: dict[str, Callable[[Request], Answer]] = {
            "/CreateVectorBucket": self.create_bucket,
            "/GetVectorBucket": self.get_bucket,
            "/ListVectorBuckets": self.list_buckets,
            "/DeleteVectorBucket": self.delete_bucket,
            "/CreateIndex": self.create_index,
            "/GetIndex": self.get_index,
            "/ListIndexes": self.list_indexes,
            "/DeleteIndex": self.delete_index,
            "/PutVectors": self.put_vectors,
            "/GetVectors": self.get_vectors,
            "/ListVectors": self.list_vectors,
            "/DeleteVectors": self.delete_vectors,
            "/QueryVectors": self.query_vectors,
        }

    async def handle_request(
        self, method: str, path: str, headers: object, body: bytes, query_params: object
    ) -> Response:
        """Answer one signed request."""
        del headers, query_params
        # Comparing thousands of vectors must not hold up the emulator's other requests.
        return await asyncio.to_thread(self._answer, method, path, body)

    def get_state(self) -> object:
        """What is saved."""
        return self.store.document()

    def load_persisted_state(self, data: Request) -> None:
        """Restore what was saved."""
        self.store.load(data)

    def reset(self) -> None:
        """Forget everything."""
        self.store.buckets.clear()

    def create_bucket(self, request: Request) -> Answer:
        """CreateVectorBucket."""
        name = rules.require_name(request.get("vectorBucketName"), what="vectorBucketName")
        arn = f"{arn_prefix()}:bucket/{name}"
        if arn in self.store.buckets:
            raise Refused(409, "ConflictException", f"vector bucket {name} exists already")
        self.store.buckets[arn] = Bucket(name=name, arn=arn, created=time.time())
        return {"vectorBucketArn": arn}

    def get_bucket(self, request: Request) -> Answer:
        """GetVectorBucket."""
        bucket = self._bucket(request)
        encryption = {"sseType": "AES256"}
        return {"vectorBucket": {**_of_bucket(bucket), "encryptionConfiguration": encryption}}

    def list_buckets(self, request: Request) -> Answer:
        """ListVectorBuckets, in one page."""
        here, prefix = f"{arn_prefix()}:", str(request.get("prefix", ""))
        found = [bucket for arn, bucket in self.store.buckets.items() if arn.startswith(here)]
        return {"vectorBuckets": [_of_bucket(each) for each in found if each.name.startswith(prefix)]}

    def delete_bucket(self, request: Request) -> Answer:
        """DeleteVectorBucket."""
        bucket = self._bucket(request)
        if bucket.indexes:
            raise Refused(409, "ConflictException", f"vector bucket {bucket.name} still holds indexes")
        del self.store.buckets[bucket.arn]
        return {}

    def create_index(self, request: Request) -> Answer:
        """CreateIndex."""
        bucket = self._bucket(request)
        name = rules.require_name(request.get("indexName"), what="indexName")
        options = request.get("metadataConfiguration") or {}
        if options.get("textSearchConfigurations"):
            raise invalid("full-text search is not emulated here")
        dimension, metric = request.get("dimension"), request.get("distanceMetric")
        hidden = options.get("nonFilterableMetadataKeys", [])
        rules.require_index(dimension, metric, request.get("dataType"), hidden)
        if name in bucket.indexes:
            raise Refused(409, "ConflictException", f"index {name} exists already in {bucket.name}")
        arn = f"{bucket.arn}/index/{name}"
        bucket.indexes[name] = Index(
            name=name,
            arn=arn,
            created=time.time(),
            dimension=int(str(dimension)),
            metric=str(metric),
            hidden=frozenset(hidden),
        )
        return {"indexArn": arn}

    def get_index(self, request: Request) -> Answer:
        """GetIndex."""
        bucket, index = self._index(request)
        return {
            "index": {
                **_of_index(bucket, index),
                "dataType": "float32",
                "dimension": index.dimension,
                "distanceMetric": index.metric,
                "metadataConfiguration": {"nonFilterableMetadataKeys": sorted(index.hidden)},
                "indexMode": "CLASSIC",
            }
        }

    def list_indexes(self, request: Request) -> Answer:
        """ListIndexes, in one page."""
        bucket, prefix = self._bucket(request), str(request.get("prefix", ""))
        return {
            "indexes": [
                _of_index(bucket, index) for index in bucket.indexes.values() if index.name.startswith(prefix)
            ]
        }

    def delete_index(self, request: Request) -> Answer:
        """DeleteIndex; one that is gone is fine."""
        try:
            bucket, index = self._index(request)
        except Refused as refused:
            if refused.status != 404:
                raise
            return {}
        del bucket.indexes[index.name]
        return {}

    def put_vectors(self, request: Request) -> Answer:
        """PutVectors: all of them or none."""
        _, index = self._index(request)
        given = _several(request.get("vectors"), what="vectors", limit=rules.VECTORS_IN_A_REQUEST)
        index.vectors.update({_key(each.get("key")): _vector(each, index) for each in given})
        return {}

    def get_vectors(self, request: Request) -> Answer:
        """GetVectors; keys that are not there are left out."""
        _, index = self._index(request)
        keys = _several(request.get("keys"), what="keys", limit=rules.KEYS_IN_A_GET)
        return {"vectors": [_shown(key, index.vectors[key], request) for key in keys if key in index.vectors]}

    def list_vectors(self, request: Request) -> Answer:
        """ListVectors, by key; the token is the last key of the page before."""
        _, index = self._index(request)
        size = request.get("maxResults", DEFAULT_PAGE)
        if not 1 <= size <= rules.LIST_PAGE:
            raise invalid(f"maxResults must be 1 to {rules.LIST_PAGE}")
        after = request.get("nextToken", "")
        keys = sorted(key for key in list(index.vectors) if key > after)
        shown = [_shown(key, index.vectors[key], request) for key in keys[:size]]
        return {"vectors": shown, **({"nextToken": keys[size - 1]} if len(keys) > size else {})}

    def delete_vectors(self, request: Request) -> Answer:
        """DeleteVectors; keys that are not there are fine."""
        _, index = self._index(request)
        for key in _several(request.get("keys"), what="keys", limit=rules.VECTORS_IN_A_REQUEST):
            index.vectors.pop(key, None)
        return {}

    def query_vectors(self, request: Request) -> Answer:
        """QueryVectors: the nearest of those that the filter lets through."""
        _, index = self._index(request)
        top = request.get("topK")
        if not isinstance(top, int) or not 1 <= top <= rules.TOP_K:
            raise invalid(f"topK must be 1 to {rules.TOP_K}, not {top!r}")
        numbers = rules.require_numbers(
            request.get("queryVector"), dimension=index.dimension, metric=index.metric
        )
        wanted = request.get("filter")
        near = sorted(
            (index.distance(numbers, vector), key)
            for key, vector in list(index.vectors.items())
            if wanted is None or rules.matches(wanted, vector.metadata, hidden=index.hidden)
        )
        return {
            "distanceMetric": index.metric,
            "vectors": [
                {
                    **_shown(key, index.vectors[key], request, data=False),
                    **({"distance": distance} if request.get("returnDistance") else {}),
                }
                for distance, key in near[:top]
            ],
        }

    def _answer(self, method: str, path: str, body: bytes) -> Response:
        try:
            operation = self._operations.get(path)
            if method != "POST" or operation is None:
                raise Refused(400, "ValidationException", f"{method} {path} is not emulated here")
            request = json.loads(body or b"{}")
            if not isinstance(request, dict):
                raise invalid("the body must be a JSON object")
            if asked := [name for name in NOT_SERVED if request.get(name) is not None]:
                raise invalid(f"{', '.join(asked)}: not emulated here")
            return 200, {"Content-Type": "application/json"}, json.dumps(operation(request)).encode()
        except json.JSONDecodeError as error:
            return _refusal(invalid(f"the body is not JSON: {error}"))
        except Refused as refused:
            return _refusal(refused)

    def _bucket(self, request: Request) -> Bucket:
        arn = request.get("vectorBucketArn") or f"{arn_prefix()}:bucket/{request.get('vectorBucketName')}"
        if arn not in self.store.buckets:
            raise Refused(404, "NotFoundException", f"vector bucket {arn} does not exist")
        return self.store.buckets[arn]

    def _index(self, request: Request) -> tuple[Bucket, Index]:
        bucket_arn, _, name = str(request.get("indexArn", "")).partition("/index/")
        bucket = self._bucket({**request, "vectorBucketArn": bucket_arn} if bucket_arn else request)
        name = name or str(request.get("indexName"))
        if name not in bucket.indexes:
            raise Refused(404, "NotFoundException", f"index {name} does not exist in {bucket.name}")
        return bucket, bucket.indexes[name]


SERVICE_OBJECT = S3Vectors()
"""The one that runs in this process; CloudFormation's types use it too."""


def install(context: Context) -> None:
    """Make it one of ministack's services, so that it is routed to, saved and reset as they are."""
    del context
    import ministack.app
    from ministack.core import router

    router.SERVICE_PATTERNS[SERVICE] = {}
    ministack.app.SERVICE_REGISTRY[SERVICE] = {"module": SERVICE}
    ministack.app.SERVICE_HANDLERS[SERVICE] = SERVICE_OBJECT.handle_request
    ministack.app._state_map[SERVICE] = SERVICE
    ministack.app._loaded_modules[SERVICE] = SERVICE_OBJECT


def arn_prefix() -> str:
    """Of everything in the account and region of the request."""
    from ministack.core.responses import get_account_id, get_region

    return f"arn:aws:s3vectors:{get_region()}:{get_account_id()}"


def _of_bucket(bucket: Bucket) -> Answer:
    return {
        "vectorBucketName": bucket.name,
        "vectorBucketArn": bucket.arn,
        "creationTime": bucket.created,
    }


def _of_index(bucket: Bucket, index: Index) -> Answer:
    return {
        "vectorBucketName": bucket.name,
        "indexName": index.name,
        "indexArn": index.arn,
        "creationTime": index.created,
    }


def _vector(given: object, index: Index) -> Vector:
    if not isinstance(given, dict):
        raise invalid("each vector must be an object with key and data")
    numbers = rules.require_numbers(given.get("data"), dimension=index.dimension, metric=index.metric)
    return Vector.of(numbers, rules.require_metadata(given.get("metadata", {}), hidden=index.hidden))


def _shown(key: str, vector: Vector, request: Request, *, data: bool = True) -> Answer:
    shown: Answer = {"key": key}
    if data and request.get("returnData"):
        shown["data"] = {"float32": list(vector.numbers)}
    if request.get("returnMetadata"):
        shown["metadata"] = vector.metadata
    return shown


def _several(given: object, *, what: str, limit: int) -> Sequence[Any]:
    if not isinstance(given, list) or not 1 <= len(given) <= limit:
        raise invalid(f"{what} must be a list of 1 to {limit}")
    return given


def _key(key: object) -> str:
    if not isinstance(key, str) or not 1 <= len(key) <= 1024:
        raise invalid("the key of a vector must have 1 to 1024 characters")
    return key


def _refusal(refused: Refused) -> Response:
    headers = {"Content-Type": "application/json", "x-amzn-errortype": refused.kind}
    return refused.status, headers, json.dumps({"message": str(refused)}).encode()
