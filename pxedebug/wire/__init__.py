"""Bytes to typed values and back: what a network boot puts on the wire.

In come batches of frames and the payloads of single datagrams; out go columns for bulk data and typed values for
control packets, or `MalformedFrame` where the bytes do not form what they claim to be. Import the module that is
needed (`pxedebug.wire.dhcp`, `pxedebug.wire.frames`): this one imports nothing, so that starting up stays light.
"""
