package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.http.Response;
import dev.thrum.http.client.ResponseException.Kind;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GunzipTest {
    private static final int MUTANTS = Boolean.getBoolean("thrum.soak") ? 500_000 : 5_000;

    private static byte[] decode(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[100];
        try (Gunzip gunzip = new Gunzip(in, false)) {
            for (int count; (count = gunzip.read(some, 0, some.length)) >= 0; ) {
                all.write(some, 0, count);
            }
        }
        return all.toByteArray();
    }

    private static byte[] decode(byte[] bytes) throws IOException {
        return decode(new ByteArrayInputStream(bytes));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private static Kind kindOf(byte[] bytes) {
        ResponseException e = catchThrowableOfType(ResponseException.class, () -> decode(bytes));
        assertThat(e).as(HexFormat.of().formatHex(bytes)).isNotNull();
        return e.kind();
    }

    @Test
    void content_isDecoded_whateverItsSize() throws Exception {
        for (int size : new int[] {0, 1, 99, 100, 101, 8_191, 8_192, 100_000}) {
            assertThat(decode(Gzipped.gzip(noise(size)))).isEqualTo(noise(size));
            assertThat(decode(Gzipped.gzip(new byte[size]))).isEqualTo(new byte[size]);
        }
    }

    @Test
    void emptyBody_isDecodedAsEmpty() throws Exception {
        assertThat(decode(new byte[0])).isEmpty();
    }

    @Test
    void members_areConcatenated_whereverTheyAreCut() throws Exception {
        byte[] first = Gzipped.gzip("one,".getBytes(US_ASCII));
        byte[] all = joined(first, Gzipped.gzip(new byte[0]), Gzipped.gzip("two".getBytes(US_ASCII)));
        for (int cut = 0; cut <= all.length; cut++) {
            InputStream in = new SequenceInputStream(
                    new ByteArrayInputStream(all, 0, cut), new ByteArrayInputStream(all, cut, all.length - cut));
            assertThat(decode(in)).asString().isEqualTo("one,two");
        }
    }

    @Test
    void truncatedContent_isAnError_whereverItIsCut() throws Exception {
        byte[] all = Gzipped.gzip(noise(300));
        for (int length = 1; length < all.length; length++) {
            assertThat(kindOf(Arrays.copyOf(all, length))).isEqualTo(Kind.CUT);
        }
    }

    @Test
    void optionalHeaderFields_areSkipped_andTheChecksumIsVerified() throws Exception {
        byte[] plain = Gzipped.gzip(noise(50));
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
        byte[] header = joined(
                new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3},
                new byte[] {3, 0, 7, 8, 9},
                new byte[] {'n', 'a', 'm', 'e', 0},
                new byte[] {'c', 0});
        CRC32 sum = new CRC32();
        sum.update(header);
        byte[] checksum = {(byte) sum.getValue(), (byte) (sum.getValue() >> 8)};

        assertThat(decode(joined(header, checksum, rest))).isEqualTo(noise(50));
        assertThat(kindOf(joined(header, new byte[] {(byte) (checksum[0] + 1), checksum[1]}, rest)))
                .isEqualTo(Kind.MALFORMED);
    }

    @Test
    void bytesThatAreNotGzip_areMalformed() throws Exception {
        byte[] good = Gzipped.gzip(noise(50));
        int end = good.length;
        for (int changed : new int[] {0, 1, 2, end - 1, end - 4, end - 5, end - 8}) {
            byte[] bad = good.clone();
            bad[changed] ^= 0x10;
            assertThat(kindOf(bad)).as("byte %d", changed).isEqualTo(Kind.MALFORMED);
        }
        byte[] reserved = good.clone();
        reserved[3] = 0x20;
        assertThat(kindOf(reserved)).isEqualTo(Kind.MALFORMED);
        assertThat(kindOf(joined(good, new byte[] {0, 0, 0, 0}))).isEqualTo(Kind.MALFORMED);
        assertThat(kindOf(joined(good, good, new byte[] {'x', 'y'}))).isEqualTo(Kind.MALFORMED);
    }

    /** The JDK's decoder must have the same result for any input that both accept. */
    @Test
    void mutants_areRefused_orDecodedAsTheJdkDoes() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        byte[] good = joined(
                Gzipped.gzip(noise(40)),
                Gzipped.gzip("abcabcabcabcabcabc".repeat(9).getBytes(US_ASCII)));
        int accepted = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = good.clone();
            mutant[random.nextInt(mutant.length)] = (byte) random.nextInt(256);
            try {
                byte[] decoded = decode(mutant);
                accepted++;
                try (InputStream reference = new GZIPInputStream(new ByteArrayInputStream(mutant))) {
                    assertThat(decoded).isEqualTo(reference.readAllBytes());
                }
            } catch (ResponseException e) {
                assertThat(e.kind()).isIn(Kind.MALFORMED, Kind.CUT);
            }
        }
        assertThat(accepted).isPositive();
    }

    @Test
    void bomb_isCut_whenItsContentExceedsTheLimit() throws Exception {
        byte[] bomb = Gzipped.gzip(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan(100_000);
        World.play("virtual", world -> {
            URI uri = world.serve(HttpServer.over(
                    request -> Response.of(200, "text/plain", bomb).with("Content-Encoding", "gzip"),
                    HttpConfig.defaults()));
            HttpClientConfig config = HttpClientConfig.defaults();
            try (HttpClient client =
                    world.client(config.withLimits(config.limits().withBody(1_000_000)))) {
                try (ClientResponse response = client.send(ClientRequest.get(uri))) {
                    assertThatThrownBy(response::bytes)
                            .isInstanceOf(ResponseException.class)
                            .hasMessageContaining("at most 1000000 bytes when decoded");
                }
                assertThat(client.idleConnections()).isZero();
            }
        });
    }

    @Test
    void truncatedGzip_isAnError_evenIfTheBodyIsComplete() throws Exception {
        byte[] whole = Gzipped.gzip(noise(1_000));
        World.play(World.SIMULATION, world -> {
            for (int cut : IntStream.of(1, 9, 500, whole.length - 1).toArray()) {
                URI uri = world.serve(HttpServer.over(
                        request -> Response.of(200, "text/plain", Arrays.copyOf(whole, cut))
                                .with("Content-Encoding", "x-gzip"),
                        HttpConfig.defaults()));
                try (HttpClient client = world.client(HttpClientConfig.defaults());
                        ClientResponse response = client.send(ClientRequest.get(uri))) {
                    assertThatThrownBy(response::bytes)
                            .isInstanceOf(ResponseException.class)
                            .hasMessageContaining("gzip");
                }
            }
        });
    }
}
