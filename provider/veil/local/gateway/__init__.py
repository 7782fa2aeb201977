"""The wire side: Redshift's half of the PostgreSQL protocol, in front of PostgreSQL's private
socket.
"""
