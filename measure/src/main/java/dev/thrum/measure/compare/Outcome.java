package dev.thrum.measure.compare;

/** The verdict on one figure of two arms. */
public enum Outcome {
    BETTER("better"),
    WORSE("worse"),
    SAME("same"),
    CANNOT_TELL("cannot tell");

    private final String title;

    Outcome(String title) {
        this.title = title;
    }

    /** The verdict seen from the other arm. */
    Outcome reversed() {
        return switch (this) {
            case BETTER -> WORSE;
            case WORSE -> BETTER;
            case SAME, CANNOT_TELL -> this;
        };
    }

    @Override
    public String toString() {
        return title;
    }
}
