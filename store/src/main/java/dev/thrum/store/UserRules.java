package dev.thrum.store;

import java.util.Optional;
import java.util.function.IntPredicate;

/** The rules for names and e-mail addresses of users, for the web API and the commands. */
public final class UserRules {
    private static final int MOST_OF_NAME = 200;

    /** RFC 5321, section 4.5.3.1, as corrected by erratum 1690. */
    private static final int MOST_OF_EMAIL = 254;

    private static final int MOST_BEFORE_AT = 64;

    /** RFC 1035, section 2.3.4. */
    private static final int MOST_OF_LABEL = 63;

    private UserRules() {}

    /**
     * A field that breaks a rule, with a message for the person who entered it.
     *
     * @param field {@code name} or {@code email}
     */
    public record Problem(String field, String message) {}

    /** The first problem; empty if there is none. */
    public static Optional<Problem> problem(String name, String email) {
        return line("name", name)
                .or(() -> isEmail(email)
                        ? Optional.empty()
                        : Optional.of(new Problem("email", "Expected \"email\" to be an e-mail address")));
    }

    /** The problem with a name in the field that is called {@code field}; empty if there is none. */
    public static Optional<Problem> line(String field, String text) {
        String rule = "";
        if (none(text, c -> !isBlank(c) && Character.getType(c) != Character.FORMAT)) {
            rule = "not to be blank";
        } else if (length(text) > MOST_OF_NAME) {
            rule = "to have at most " + MOST_OF_NAME + " characters";
        } else if (!none(text, UserRules::isUnfit)) {
            rule = "to be one line of text";
        }
        return rule.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(field, "Expected \"" + field + "\" " + rule));
    }

    /**
     * Whether it has the form of an address that is in use, in any script. The quoted names and numeric hosts that RFC
     * 5321 also allows are not accepted.
     */
    private static boolean isEmail(String email) {
        int at = email.indexOf('@');
        if (at < 1 || at != email.lastIndexOf('@') || length(email) > MOST_OF_EMAIL) {
            return false;
        }
        String local = email.substring(0, at);
        return length(local) <= MOST_BEFORE_AT
                && none(local, c -> isBlank(c) || isUnfit(c) || Character.getType(c) == Character.FORMAT)
                && isDomain(email.substring(at + 1));
    }

    private static boolean isDomain(String domain) {
        for (String label : domain.split("\\.", -1)) {
            if (!isLabel(label)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && length(label) <= MOST_OF_LABEL
                && !label.startsWith("-")
                && !label.endsWith("-")
                && !isMark(label.codePointAt(0))
                && none(label, c -> !Character.isLetterOrDigit(c) && !isMark(c) && c != '-');
    }

    /** Whether it is a combining mark, such as the vowels of many scripts. */
    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Whether it is a control character, a line separator, or an unpaired surrogate, which UTF-8 can't encode. */
    private static boolean isUnfit(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default -> false;
        };
    }

    private static boolean none(String text, IntPredicate predicate) {
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (predicate.test(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
