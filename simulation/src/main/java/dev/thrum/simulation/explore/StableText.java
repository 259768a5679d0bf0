package dev.thrum.simulation.explore;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts without what is another number in each run: identity hashes, addresses of hidden classes, numbers of threads. So a
 * schedule has the same message whenever it is replayed.
 */
final class StableText {
    /** An identity hash after the name of a class, as {@code Object.toString} writes it. */
    private static final String OBJECT =
            "(?<type>(?<!\\w)[A-Z$][\\w$]*|\\[[BCDFIJSZ]|;)(?:/0x[0-9a-f]+)?@(?<object>[0-9a-f]{1,8})(?!\\w|[.-]\\w)";

    /** An identity hash after the name of a class loader, as the JDK writes it if a class can't be cast. */
    private static final String LOADER = "(?<=') @(?<loader>[0-9a-f]{1,8})(?!\\w)";

    private static final String ADDRESS = "(?<=\\w)/0x[0-9a-f]{8,16}";

    private static final String THREAD = "(?<=Thread\\[#)(?<thread>\\d+)";

    private static final Pattern VARIES = Pattern.compile(String.join("|", OBJECT, LOADER, ADDRESS, THREAD));

    private StableText() {}

    /** The text with these numbered in the order in which they appear, and without addresses. */
    static String of(String text) {
        if (text.indexOf('@') < 0 && text.indexOf('#') < 0 && !text.contains("/0x")) {
            return text;
        }
        Map<String, Integer> hashes = new HashMap<>();
        Map<String, Integer> threads = new HashMap<>();
        return VARIES.matcher(text).replaceAll(found -> Matcher.quoteReplacement(stable(found, hashes, threads)));
    }

    private static String stable(MatchResult found, Map<String, Integer> hashes, Map<String, Integer> threads) {
        if (found.group("object") != null) {
            return found.group("type") + "@" + number(hashes, found.group("object"));
        }
        if (found.group("loader") != null) {
            return " @" + number(hashes, found.group("loader"));
        }
        return found.group("thread") != null ? String.valueOf(number(threads, found.group("thread"))) : "";
    }

    private static int number(Map<String, Integer> known, String one) {
        return known.computeIfAbsent(one, _ -> known.size() + 1);
    }
}
