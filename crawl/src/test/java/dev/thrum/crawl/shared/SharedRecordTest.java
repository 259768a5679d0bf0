package dev.thrum.crawl.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.NewUrl;
import dev.thrum.crawl.shared.SharedRecord.Closed;
import dev.thrum.crawl.shared.SharedRecord.Done;
import dev.thrum.crawl.shared.SharedRecord.Found;
import dev.thrum.crawl.shared.SharedRecord.Opened;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SharedRecordTest {
    private static final Fingerprint FINGERPRINT = new Fingerprint(1, -2);

    @Test
    void decode_ofAFoundUrl_isThatUrl() throws Exception {
        NewUrl url = new NewUrl(
                FINGERPRINT, "https://example.org/ü?a=b", "https://example.org", 7, 300, "http://x/", (byte) 5);
        assertThat(SharedRecord.decode(new Found(url).encode())).isEqualTo(new Found(url));

        NewUrl other = new NewUrl(FINGERPRINT, "text", "?name", -7, 0, "", (byte) 0);
        assertThat(SharedRecord.decode(new Found(other).encode())).isEqualTo(new Found(other));
    }

    @Test
    void decode_ofADoneUrl_hasItsNote() throws Exception {
        Done done = (Done) SharedRecord.decode(new Done(FINGERPRINT, 3, new byte[] {1, 2}, "http://x/").encode());
        assertThat(done.fingerprint()).isEqualTo(FINGERPRINT);
        assertThat(done.depth()).isEqualTo(3);
        assertThat(done.note()).containsExactly(1, 2);
        assertThat(done.url()).isEqualTo("http://x/");
    }

    @Test
    void decode_ofAnOwner_isItsName() throws Exception {
        assertThat(SharedRecord.decode(new Opened("a").encode())).isEqualTo(new Opened("a"));
        assertThat(SharedRecord.decode(new Closed("b").encode())).isEqualTo(new Closed("b"));
    }

    @Test
    void decode_ofAnythingElse_isRefused() {
        byte[] whole =
                new Found(new NewUrl(FINGERPRINT, "http://x/", "http://x", 7, 3, "http://y/", (byte) 5)).encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> SharedRecord.decode(part)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> SharedRecord.decode("hello".getBytes(UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("type");
    }

    @Test
    void facts_keepWhatTheyHave_andTimesAreNeverShorter() throws Exception {
        HostFacts facts = new HostFacts(
                Duration.ofNanos(1), Duration.ofSeconds(5), Duration.ofMillis(20), 3, Duration.ofSeconds(9), 2, "gone");
        HostFacts read = HostFacts.decode(facts.encode());
        assertThat(read.hostRest()).isGreaterThanOrEqualTo(facts.hostRest());
        assertThat(read.rest()).isBetween(facts.rest(), facts.rest().plusMillis(1));
        assertThat(read.delay()).isEqualTo(facts.delay());
        assertThat(read.failures()).isEqualTo(3);
        assertThat(read.trouble()).isEqualTo(2);
        assertThat(read.givenUp()).isEqualTo("gone");
        assertThat(read.after(Duration.ofSeconds(6)).rest()).isZero();
    }

    @Test
    void partition_isThatOfTheHost_whateverSchemeAndPort() {
        int partition = PartitionKey.of("http://example.org", 32);
        assertThat(PartitionKey.of("https://example.org", 32)).isEqualTo(partition);
        assertThat(PartitionKey.of("http://example.org:8080", 32)).isEqualTo(partition);
        assertThat(PartitionKey.of("http://[::1]:80", 32)).isEqualTo(PartitionKey.of("https://[::1]", 32));
        int[] sizes = new int[32];
        for (int host = 0; host < 3_200; host++) {
            sizes[PartitionKey.of("http://host-" + host + ".example", 32)]++;
        }
        assertThat(Arrays.stream(sizes).boxed().toList())
                .allSatisfy(size -> assertThat(size).isBetween(50, 150));
    }
}
