"""What is sent, stored and shown: Structs without behaviour."""
