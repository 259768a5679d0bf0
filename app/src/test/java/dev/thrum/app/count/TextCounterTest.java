package dev.thrum.app.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fast counter, compared with a slow one that decodes first and then counts, on generated text cut at every size. */
final class TextCounterTest {
    private static final long SEED = Long.getLong("thrum.seed", 4711);
    private static final int CASES = Boolean.getBoolean("thrum.soak") ? 200_000 : 3_000;

    /** What generated text is made of: all lengths of characters, white space of all kinds, and broken pieces. */
    private static final List<byte[]> PIECES = List.of(
            text("a"),
            text("word"),
            text("eight888"),
            text("a sentence of several words, which is longer than eight bytes. "),
            text(" "),
            text("\n"),
            text("\r\n"),
            text("\t\u000b\f"),
            text("\b\u000e\u001f\u007f\0"),
            text("ü"),
            text("\u0085"),
            text("\u00a0"),
            text("日本"),
            text("\u2000"),
            text("\u200b"),
            text("\u2028"),
            text("\u3000"),
            text("\ufffd"),
            text("😀"),
            bytes("80"),
            bytes("bf"),
            bytes("c0"),
            bytes("c3"),
            bytes("e0"),
            bytes("e280"),
            bytes("e09f80"),
            bytes("eda080"),
            bytes("edbfbf"),
            bytes("f0"),
            bytes("f09f98"),
            bytes("f08fbfbf"),
            bytes("f48fbfbf"),
            bytes("f4908080"),
            bytes("f5"),
            bytes("ff"));

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static Counts counted(byte[] text, int block) {
        TextCounter counter = new TextCounter();
        for (int at = 0; at < text.length; at += block) {
            byte[] part = Arrays.copyOfRange(text, at, Math.min(text.length, at + block));
            counter.add(part, part.length);
        }
        return counter.end();
    }

    /** Counts the decoded text, in the simplest way. */
    private static Counts slowly(byte[] text) {
        String decoded = SlowDecoder.decode(text);
        String apart = decoded.codePoints()
                .map(c -> SlowDecoder.SEPARATORS.contains(c) ? ' ' : c == ' ' ? 'x' : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        long words = Arrays.stream(apart.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .count();
        long lines = decoded.chars().filter(c -> c == '\n').count();
        return new Counts(lines, words, decoded.codePointCount(0, decoded.length()), text.length);
    }

    private static byte[] generated(Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int pieces = random.nextInt(30);
        boolean isPlain = random.nextInt(4) == 0;
        for (int i = 0; i < pieces; i++) {
            text.writeBytes(PIECES.get(random.nextInt(isPlain ? 8 : PIECES.size())));
        }
        return text.toByteArray();
    }

    @Test
    void counts_equalThoseOfTheSlowCounter_atEverySizeOfBlock() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] text = generated(random);
            Counts expected = slowly(text);
            for (int block = 1; block <= text.length + 1; block += block < 20 ? 1 : 7) {
                assertThat(counted(text, block))
                        .as(
                                "seed %d, case %d, blocks of %d: %s",
                                SEED, i, block, HexFormat.of().formatHex(text))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void counts_ofRandomBytes_equalThoseOfTheSlowCounter() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] text = new byte[random.nextInt(100)];
            random.nextBytes(text);
            assertThat(counted(text, 1 + random.nextInt(40)))
                    .as("%s", HexFormat.of().formatHex(text))
                    .isEqualTo(slowly(text));
        }
    }

    /** The slow decoder is ours too, so it is compared with the JDK's. That one makes one of a surrogate, not three. */
    @Test
    void slowDecoder_equalsTheDecoderOfTheJdk_exceptForSurrogates() {
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            byte[] text = generated(random);
            if (!HexFormat.of().formatHex(text).matches("(..)*ed[ab].*")) {
                assertThat(SlowDecoder.decode(text)).isEqualTo(new String(text, StandardCharsets.UTF_8));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Those of the Unicode Standard, tables 3-8 to 3-11.
        "c0afe080bff0818241, 9",
        "eda080edbfbfedaf41, 9",
        "f4919293ff4180bf42, 9",
        "e180e2f09192f1bf41, 5",
        "61f18080e180c262806380bf64, 10",
    })
    void brokenText_hasAReplacementCharacterForEachLongestPart(String hex, int characters) {
        byte[] text = bytes(hex);
        assertThat(counted(text, text.length)).isEqualTo(new Counts(0, 1, characters, text.length));
        assertThat(counted(text, 1)).isEqualTo(new Counts(0, 1, characters, text.length));
    }
}
