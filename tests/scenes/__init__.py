"""What is tried in the rich account, by subject: each function is a scene, and its text is in tests/approved."""
