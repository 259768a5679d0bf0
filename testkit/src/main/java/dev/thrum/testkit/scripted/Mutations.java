package dev.thrum.testkit.scripted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Generates inputs by mutating given ones; the same for the same seed. Owned by one thread. */
public final class Mutations {
    static final boolean SOAK = Boolean.getBoolean("thrum.soak");
    private static final int LONGEST = 6_000;
    private static final String[] TOKENS = {
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        " ",
        "\t",
        "\0",
        ":",
        ",",
        ";",
        "%",
        "%00",
        "%2f",
        "?",
        "#",
        "/",
        "//",
        "*",
        "@",
        "[",
        "]",
        "HTTP/1.1",
        "HTTP/1.0",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "Host: a\r\n",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n",
        "chunked",
        "0\r\n\r\n",
        "5\r\nhello\r\n",
        "\u00ff",
        "\u007f",
        "\u0080",
        "http://",
        "::1",
        "\"",
        "=",
        "for=",
        "10.0.0.1",
        "1.2.3.4:5",
        "00",
        "f"
    };

    private final SplittableRandom random;
    private final List<String> seeds;

    public Mutations(long seed, List<String> seeds) {
        this.random = new SplittableRandom(seed);
        this.seeds = seeds;
    }

    /** The number of inputs to try, in a normal run and in a long one ({@code --soak}). */
    public static int count(int normal, int soak) {
        return SOAK ? soak : normal;
    }

    /** The next input. */
    public byte[] next() {
        StringBuilder text = new StringBuilder(pick());
        if (random.nextInt(3) == 0) {
            text.append(pick());
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            mutate(text);
        }
        text.setLength(Math.min(LONGEST, text.length()));
        return text.toString().getBytes(ISO_8859_1);
    }

    private String pick() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private void mutate(StringBuilder text) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 2));
        switch (random.nextInt(6)) {
            case 0 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
            case 1 -> text.delete(at, end);
            case 2 -> text.replace(at, end, TOKENS[random.nextInt(TOKENS.length)]);
            case 3 -> text.insert(at, (char) random.nextInt(256));
            case 4 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(30)));
            default -> {
                if (at < text.length()) {
                    text.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(8)));
                }
            }
        }
    }

    /** Checks the invariant on this number of inputs; fails with the bytes of the first input that breaks it. */
    public static void tryAll(List<String> seeds, int count, Consumer<byte[]> invariant) {
        Mutations mutations = new Mutations(Long.getLong("thrum.seed", 1), seeds);
        for (int i = 0; i < count; i++) {
            byte[] input = mutations.next();
            try {
                invariant.accept(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "input " + i + " breaks the invariant; to keep it, put these bytes into a file of the inputs: "
                                + HexFormat.of().formatHex(input) + "\n"
                                + new String(input, StandardCharsets.ISO_8859_1),
                        e);
            }
        }
    }
}
