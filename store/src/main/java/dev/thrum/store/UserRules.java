package dev.thrum.store;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a user may be called and reached at. */
public final class UserRules {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_EMAIL = 254;
    private static final Pattern EMAIL =
            Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)*");

    private UserRules() {}

    /** Which field is wrong, and what was expected of it. */
    public record Problem(String field, String message) {}

    public static Optional<Problem> problem(String name, String email) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            return Optional.of(new Problem(
                    "name", "Expected \"name\" to be a text of 1 to " + LONGEST_NAME + " characters on one line"));
        }
        if (email.length() > LONGEST_EMAIL || !EMAIL.matcher(email).matches()) {
            return Optional.of(new Problem("email", "Expected \"email\" to be an e-mail address"));
        }
        return Optional.empty();
    }
}
