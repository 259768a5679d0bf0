package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Exchanges as they are kept. */
class ExchangeRecorderTest {
    private static final String URL = "http://127.0.0.1:1/a";
    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static Exchange recorded(ExchangeRecorder recorder) {
        return recorder.exchange(URL, Samples.TIME, null, null).orElseThrow();
    }

    @Test
    void exchange_isTheBytesOfTheWire_inFragmentsOfAnySize() throws Exception {
        String body = "3\r\nabc\r\n0\r\nSum: 7\r\n\r\n";
        for (int size = 1; size <= HEAD.length() + body.length(); size++) {
            try (Fed fed = new Fed()) {
                FedWire wire = FedWire.of(HEAD + body).inFragments(size);
                ExchangeRecorder recorder = new ExchangeRecorder(1_000);
                try (HttpClient client = HttpClient.over(fed.opening(wire), HttpClientConfig.defaults());
                        ClientResponse response =
                                client.send(ClientRequest.get(URI.create(URL)).withRaw(recorder))) {
                    assertThat(response.text()).isEqualTo("abc");
                    Exchange exchange = recorder.exchange(
                                    URL, Samples.TIME, response.remoteAddress().getAddress(), null)
                            .orElseThrow();
                    assertThat(exchange.request()).asString(ISO_8859_1).isEqualTo(wire.said());
                    assertThat(exchange.head()).asString(ISO_8859_1).isEqualTo(HEAD);
                    assertThat(exchange.body()).asString(ISO_8859_1).isEqualTo(body);
                    assertThat(exchange.address()).isEqualTo(wire.peer().getAddress());
                    assertThat(exchange.truncated()).isNull();
                }
            }
        }
    }

    @Test
    void bodyAboveTheLimit_isCutAndMarked_whateverTheParts() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 300; i++) {
            byte[] body = Samples.bytes(random, 100_000);
            int limit = random.nextInt(3) == 0 ? body.length : random.nextInt(100_000);
            ExchangeRecorder recorder = new ExchangeRecorder(limit);
            recorder.head(HEAD.getBytes(ISO_8859_1));
            for (int at = 0; at < body.length; ) {
                int count = Math.min(body.length - at, 1 + random.nextInt(20_000));
                recorder.body(body, at, count);
                at += count;
            }
            Exchange exchange = recorded(recorder);
            assertThat(exchange.body()).isEqualTo(Arrays.copyOf(body, Math.min(limit, body.length)));
            assertThat(exchange.truncated()).isEqualTo(body.length > limit ? Truncation.LENGTH : null);
        }
    }

    @Test
    void partsAreCopied_becauseTheyAreOnlyLent() {
        ExchangeRecorder recorder = new ExchangeRecorder(10);
        recorder.head(new byte[] {1});
        byte[] lent = {1, 2, 3};
        recorder.body(lent, 1, 2);
        Arrays.fill(lent, (byte) 9);
        assertThat(recorded(recorder).body()).containsExactly(2, 3);
    }

    @Test
    void lastRequestCounts_whenItWasSentAgain() {
        ExchangeRecorder recorder = new ExchangeRecorder(10);
        recorder.request(new byte[] {1});
        recorder.request(new byte[] {2});
        recorder.head(new byte[] {3});
        assertThat(recorded(recorder).request()).containsExactly(2);
    }

    @Test
    void nothingIsRecorded_withoutAResponse() throws IOException {
        ExchangeRecorder recorder = new ExchangeRecorder(10);
        recorder.request(new byte[] {1});
        assertThat(recorder.exchange(URL, Samples.TIME, null, Truncation.DISCONNECT))
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new ExchangeRecorder(-1));
    }
}
