"""A bucket's lifecycle rules, from the words of a template to the document that S3's API takes."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from local.aws.cloudformation import Properties
from local.aws.lambda_workers import as_list

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_EXPIRATION = {
    "ExpirationInDays": "Days",
    "ExpirationDate": "Date",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
_TRANSITION = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
_OLD_TRANSITION = {
    "TransitionInDays": "NoncurrentDays",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
    "StorageClass": "StorageClass",
}
_OLD_EXPIRATION = {
    "NoncurrentDays": "NoncurrentDays",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
    "NoncurrentVersionExpirationInDays": "NoncurrentDays",
}
_SIZES = {"ObjectSizeGreaterThan": "ObjectSizeGreaterThan", "ObjectSizeLessThan": "ObjectSizeLessThan"}


def apply_lifecycle(bucket: str, properties: Properties) -> None:
    """Set the rules of the template on a bucket, or take away those that it no longer has."""
    from ministack.services import s3

    configuration = properties.get("LifecycleConfiguration")
    if not isinstance(configuration, dict):
        s3._delete_bucket_lifecycle(bucket)
        return
    status, _, body = s3._put_bucket_lifecycle(bucket, lifecycle_document(configuration))
    if status >= 300:
        raise ValueError(f"lifecycle of bucket {bucket} refused: {body.decode(errors='replace')}")


def lifecycle_document(configuration: Mapping[str, object]) -> bytes:
    """The XML of PutBucketLifecycleConfiguration."""
    root = Element("LifecycleConfiguration", xmlns=NAMESPACE)
    for number, rule in enumerate(as_list(configuration.get("Rules")), 1):
        if isinstance(rule, dict):
            _rule(SubElement(root, "Rule"), rule, number=number)
    return tostring(root)


def _rule(element: Element, rule: Mapping[str, object], *, number: int) -> None:
    SubElement(element, "ID").text = str(rule.get("Id", f"rule-{number}"))
    SubElement(element, "Status").text = str(rule.get("Status", "Enabled"))
    _filter(SubElement(element, "Filter"), rule)
    _fields(element, "Expiration", rule, _EXPIRATION)
    _fields(
        element,
        "NoncurrentVersionExpiration",
        {**rule, **_group(rule.get("NoncurrentVersionExpiration"))},
        _OLD_EXPIRATION,
    )
    _fields(
        element,
        "AbortIncompleteMultipartUpload",
        _group(rule.get("AbortIncompleteMultipartUpload")),
        {"DaysAfterInitiation": "DaysAfterInitiation"},
    )
    for name, fields in (("Transition", _TRANSITION), ("NoncurrentVersionTransition", _OLD_TRANSITION)):
        for each in [rule.get(name), *as_list(rule.get(f"{name}s"))]:
            _fields(element, name, _group(each), fields)


def _filter(element: Element, rule: Mapping[str, object]) -> None:
    tags = [tag for tag in as_list(rule.get("TagFilters")) if isinstance(tag, dict)]
    conditions = len(tags) + sum(name in rule for name in ("Prefix", *_SIZES))
    # S3 wants several conditions below And, and a single one without it.
    where = SubElement(element, "And") if conditions > 1 else element
    if "Prefix" in rule:
        SubElement(where, "Prefix").text = str(rule["Prefix"])
    for tag in tags:
        _fields(where, "Tag", tag, {"Key": "Key", "Value": "Value"})
    _texts(where, rule, _SIZES)


def _fields(parent: Element, name: str, source: Mapping[str, object], fields: Mapping[str, str]) -> None:
    if any(field in source for field in fields):
        _texts(SubElement(parent, name), source, fields)


def _texts(element: Element, source: Mapping[str, object], fields: Mapping[str, str]) -> None:
    for field, name in fields.items():
        if field in source:
            value = source[field]
            SubElement(element, name).text = str(value).lower() if isinstance(value, bool) else str(value)


def _group(value: object) -> dict[str, object]:
    return {str(name): each for name, each in value.items()} if isinstance(value, dict) else {}
