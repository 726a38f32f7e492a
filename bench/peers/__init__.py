"""Other browser clients that reconnect, under the same faults as this page: what is claimed of them is measured."""
