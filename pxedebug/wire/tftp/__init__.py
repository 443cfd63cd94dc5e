"""TFTP: the six packets, their options and the netascii transfer mode.

Payload bytes of one UDP datagram come in and small frozen values go out; encoders are the inverse. Bulk DATA and
ACK packets are not decoded here one by one: whoever tracks transfers reads them from the columns of `wire.frames`.
"""

from __future__ import annotations

from pxedebug.wire.tftp.messages import (
    ERROR_NAMES,
    ErrorMessage,
    Opcode,
    OptionAck,
    Request,
    decode_ack,
    decode_data,
    decode_error,
    decode_oack,
    decode_request,
    encode_ack,
    encode_data,
    encode_error,
    encode_oack,
    encode_request,
    looks_like_request,
)
from pxedebug.wire.tftp.multicast import Multicast, parse_multicast
from pxedebug.wire.tftp.netascii import NetasciiDecoder, decode_netascii, encode_netascii

__all__ = [
    "ERROR_NAMES",
    "ErrorMessage",
    "Multicast",
    "NetasciiDecoder",
    "Opcode",
    "OptionAck",
    "Request",
    "decode_ack",
    "decode_data",
    "decode_error",
    "decode_netascii",
    "decode_oack",
    "decode_request",
    "encode_ack",
    "encode_data",
    "encode_error",
    "encode_netascii",
    "encode_oack",
    "encode_request",
    "looks_like_request",
    "parse_multicast",
]
