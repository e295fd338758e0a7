"""The graders' test bench: answers that people have scored, and attacks, through the graders as they are configured."""
