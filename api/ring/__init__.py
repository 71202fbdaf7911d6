"""The ring around every face: which node is asked, who asks, how much is read, what a refusal looks like.

It is a plain ASGI application; it knows neither sockets nor what an operation does.
"""
