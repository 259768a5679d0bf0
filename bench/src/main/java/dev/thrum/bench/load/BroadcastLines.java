package dev.thrum.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines of a measured broadcast, for the servers and the generator.
 *
 * <p>A receiver sends {@link #JOIN}, and gets {@link #JOINED} and from then on all lines that are asked for, until it sends
 * {@link #LEAVE} and gets {@link #LEFT}. Another connection asks for the lines, with commands, and gets nothing.
 */
public final class BroadcastLines {
    public static final String JOIN = "join";
    public static final String JOINED = "joined";
    public static final String LEAVE = "leave";
    public static final String LEFT = "left";

    /** The length of a line in bytes, with its line feed. */
    public static final int LENGTH = 64;

    /** After this many lines the texts repeat. */
    static final int PERIOD = 4_096;

    private static final String VERB = "broadcast ";

    /** Makes all numbers equally long. */
    private static final int NUMBERS_FROM = 100_000;

    private static final String PREFIX = "line ";
    private static final String REST = " is sent to everyone who is here at this moment now.";

    private BroadcastLines() {}

    /** The text of the line with this number, without its line feed. */
    public static String text(long number) {
        return PREFIX + (NUMBERS_FROM + number % PERIOD) + REST;
    }

    /** The command for {@code count} lines from the one with this number on. */
    static String command(long first, int count) {
        return VERB + first + " " + count;
    }

    /** The texts of the lines that a command asks for, in their order. */
    public static List<String> asked(String command) {
        if (!command.matches(VERB + "\\d{1,18} \\d{1,4}")) {
            throw new IllegalArgumentException(
                    "expected " + JOIN + ", " + LEAVE + " or " + VERB + "FIRST COUNT but was '" + command + "'");
        }
        String[] words = command.split(" ", -1);
        long first = Long.parseLong(words[1]);
        int count = Integer.parseInt(words[2]);
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(text(first + i));
        }
        return texts;
    }
}
