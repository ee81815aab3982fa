"""One cause, one finding: what other findings say already, or what asks nothing of anybody, stands beside them."""
