"""Producers: what executes flows tells a relay, however the relay fares meanwhile.

async with flowglow.run("nightly", url="http://127.0.0.1:8001", key=KEY) as run:
    async with run.node("fetch"):
        await run.say("Fetching …")
"""
