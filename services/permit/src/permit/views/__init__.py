"""What comes in over HTTP and what goes out: bodies, answers, codes, paper, and the words for people."""
