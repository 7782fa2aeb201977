"""Terraform's two value encodings: msgpack on the wire, JSON in the state file."""

from .errors import CodecError
from .json_format import decode_json
from .msgpack_format import decode_msgpack, encode_msgpack

__all__ = ["CodecError", "decode_json", "decode_msgpack", "encode_msgpack"]
