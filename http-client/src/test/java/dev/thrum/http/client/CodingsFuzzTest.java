package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.thrum.testkit.scripted.Mutations;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fuzzed bodies in every coding. */
class CodingsFuzzTest {
    private static final int LIMIT = 100_000;
    private static final List<String> CODINGS = List.of("gzip", "deflate", "br", "zstd", "gzip, zstd");

    @FuzzTest(maxDuration = "1m")
    void bodies(byte[] bytes) {
        requireOneOutcome(bytes);
    }

    @Test
    void bodies_areDecodedOrRefused_whateverTheyAre() throws IOException {
        byte[] text = "compressed, ".repeat(20).getBytes(ISO_8859_1);
        List<String> seeds = List.of(
                latin1(Gzipped.gzip(text)),
                latin1(Coded.deflate(text, true)),
                latin1(Coded.deflate(text, false)),
                latin1(Coded.file("text.br")),
                latin1(Coded.file("text.zst")),
                latin1(Coded.file("text-fast.zst")));
        Mutations.tryAll(seeds, Mutations.count(4_000, 40_000), this::requireOneOutcome);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** The outcome is the same however the bytes are cut, within the limit, and never another exception. */
    private void requireOneOutcome(byte[] bytes) {
        for (String codings : CODINGS) {
            for (boolean tolerant : new boolean[] {true, false}) {
                String whole = outcome(codings, bytes, Integer.MAX_VALUE, tolerant);
                assertThat(outcome(codings, bytes, 7, tolerant)).as(codings).isEqualTo(whole);
            }
        }
    }

    private static String outcome(String codings, byte[] bytes, int fragment, boolean tolerant) {
        try {
            byte[] decoded = Coded.decode(codings, Coded.inFragments(bytes, fragment), tolerant, LIMIT);
            assertThat(decoded.length).isLessThanOrEqualTo(LIMIT);
            return latin1(decoded);
        } catch (ResponseException e) {
            return e.kind().toString();
        } catch (IOException e) {
            throw new AssertionError("expected no I/O error without a network", e);
        }
    }
}
