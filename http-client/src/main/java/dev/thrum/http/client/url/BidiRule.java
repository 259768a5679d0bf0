package dev.thrum.http.client.url;

import static java.lang.Character.DIRECTIONALITY_ARABIC_NUMBER;
import static java.lang.Character.DIRECTIONALITY_BOUNDARY_NEUTRAL;
import static java.lang.Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR;
import static java.lang.Character.DIRECTIONALITY_EUROPEAN_NUMBER;
import static java.lang.Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR;
import static java.lang.Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR;
import static java.lang.Character.DIRECTIONALITY_LEFT_TO_RIGHT;
import static java.lang.Character.DIRECTIONALITY_NONSPACING_MARK;
import static java.lang.Character.DIRECTIONALITY_OTHER_NEUTRALS;
import static java.lang.Character.DIRECTIONALITY_RIGHT_TO_LEFT;
import static java.lang.Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;

import java.util.List;
import java.util.Set;

/**
 * The rule for names with a label that is written from right to left (RFC 5893, 2): the characters of a label are shown in one
 * order only, and stay within it.
 */
final class BidiRule {
    /** What makes a name one that the rule is for. */
    private static final Set<Byte> RIGHT_TO_LEFT =
            Set.of(DIRECTIONALITY_RIGHT_TO_LEFT, DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC, DIRECTIONALITY_ARABIC_NUMBER);

    private static final Set<Byte> NUMBERS = Set.of(DIRECTIONALITY_EUROPEAN_NUMBER, DIRECTIONALITY_ARABIC_NUMBER);

    /** What may be in a label of either direction. */
    private static final Set<Byte> EITHER = Set.of(
            DIRECTIONALITY_EUROPEAN_NUMBER,
            DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR,
            DIRECTIONALITY_COMMON_NUMBER_SEPARATOR,
            DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR,
            DIRECTIONALITY_OTHER_NEUTRALS,
            DIRECTIONALITY_BOUNDARY_NEUTRAL,
            DIRECTIONALITY_NONSPACING_MARK);

    private BidiRule() {}

    /** Whether a name of these labels may be written. */
    static boolean allows(List<String> labels) {
        boolean isBidi =
                labels.stream().flatMapToInt(String::codePoints).anyMatch(c -> RIGHT_TO_LEFT.contains(direction(c)));
        return !isBidi || labels.stream().filter(label -> !label.isEmpty()).allMatch(BidiRule::allows);
    }

    private static boolean allows(String label) {
        List<Byte> directions = label.codePoints().mapToObj(BidiRule::direction).toList();
        byte first = directions.getFirst();
        // Marks at the end belong to the character before them.
        byte last = directions.reversed().stream()
                .filter(direction -> direction != DIRECTIONALITY_NONSPACING_MARK)
                .findFirst()
                .orElse(DIRECTIONALITY_NONSPACING_MARK);
        if (first == DIRECTIONALITY_LEFT_TO_RIGHT) {
            return directions.stream().allMatch(d -> d == DIRECTIONALITY_LEFT_TO_RIGHT || EITHER.contains(d))
                    && (last == DIRECTIONALITY_LEFT_TO_RIGHT || last == DIRECTIONALITY_EUROPEAN_NUMBER);
        }
        return (first == DIRECTIONALITY_RIGHT_TO_LEFT || first == DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC)
                && directions.stream().allMatch(d -> RIGHT_TO_LEFT.contains(d) || EITHER.contains(d))
                && (RIGHT_TO_LEFT.contains(last) || last == DIRECTIONALITY_EUROPEAN_NUMBER)
                && !directions.containsAll(NUMBERS);
    }

    private static byte direction(int codePoint) {
        return Character.getDirectionality(codePoint);
    }
}
