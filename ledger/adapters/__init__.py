"""The outside world behind small Protocols, each with a stand-in that needs nothing outside.

fetch.py      AnyFetcher → Fetcher, NoFetcher     web pages, never from our own network
addresses.py  which addresses we open, and the one spelling under which an article is known
blobs.py      Blobs → FolderBlobs, MemoryBlobs    bytes under their SHA-256
s3.py         Blobs → S3Blobs                     the same in a store that speaks S3
"""
