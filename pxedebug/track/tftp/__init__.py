"""TFTP transfers: requests, OACKs and errors one by one, DATA and ACK by the column.

Datagrams of each batch come in, `TftpTransfer` records with their rows of numbers come out. `judge` turns a record into
the story's transfer.
"""
