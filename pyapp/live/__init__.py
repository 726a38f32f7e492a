"""The core: from frames to handlers. Decoding, order, isolation, and which run is in front."""
