"""The conformance kit (客户端符合性检查): whether somebody's client does what every client owes.

A client is run as its users run it, against a proxy (`proxy`) before a server: a sandbox, say. In each run one
thing goes wrong that goes wrong in the world, and the proxy writes down what the client does about it: `checks`
of requests, `feed` of the change feed. A receiver of webhooks is sent messages instead (`webhooks`). `running`
puts it together. It knows the interface and nothing of the domain.
"""

from app.conformance.checks import CHECKS
from app.conformance.findings import Finding, Outcome
from app.conformance.running import Client, examine
from app.conformance.webhooks import examine_receiver

__all__ = ["CHECKS", "Client", "Finding", "Outcome", "examine", "examine_receiver"]
