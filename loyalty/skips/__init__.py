"""What a programme that is restricted to test customers held back from everybody else, kept to be given later."""
