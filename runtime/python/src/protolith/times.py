"""Times between Python and protobuf."""

from datetime import datetime

from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(moment: datetime) -> Timestamp:
    """The protobuf form of a moment; one without a time zone counts as UTC."""
    converted = Timestamp()
    converted.FromDatetime(moment)
    return converted
