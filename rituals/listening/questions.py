"""What one may ask in half an hour of listening: questions that nobody can answer with yes or no."""

from __future__ import annotations

AT_ONCE = 3

QUESTIONS = (
    "What brought you here, and what keeps you here?",
    "What would have to change for you to say: it was worth it?",
    "What do you see in our movement that nobody talks about?",
    "When did you last feel that you made a difference?",
    "What would you do with us if you had twice the time? And with half of it?",
    "Who should be with us and isn't, and what would they need to hear?",
    "What has been hard lately, here or elsewhere?",
    "What are you good at that we haven't asked you for?",
    "What should we stop doing?",
    "Which small thing would you like to try, if somebody did it with you?",
    "Where did you grow up, and what did people there do when something was wrong?",
    "What do you hope your street, or your work, looks like in five years?",
    "When did you last change your mind about something that matters to us?",
    "What makes a meeting worth your evening?",
    "Who taught you to stand up for something?",
    "What worries you when you think of the next months?",
    "What would you tell somebody who joins us tomorrow?",
    "What did you see here that you would like to see more of?",
    "Which of our plans do you not quite believe in, and why?",
    "What would make it easier for you to take part?",
    "What gives you energy these days?",
)


def questions_of(number: int) -> list[str]:
    """Give the questions of a movement's first round (0), its second and so on; they come round again."""
    start = number * AT_ONCE % len(QUESTIONS)
    return list(QUESTIONS[start : start + AT_ONCE])
