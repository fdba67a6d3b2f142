"""A local Google over HTTP, for the demo and the tests; imports none of our code."""
