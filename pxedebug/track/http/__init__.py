"""HTTP boot transfers: connections and heads one by one, bodies by sequence numbers.

Segments of each batch come in, `HttpTransfer` records come out. `judge_http` turns a record into the story's transfer.
"""
