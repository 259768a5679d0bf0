package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.http.Target;
import dev.thrum.http.server.ReadMessages.Message;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.Mutations;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.InvalidChunkExtensionException;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Netty's parser reads the same messages from any input that this server accepts. */
class DifferentialTest {
    private final Fed fed = new Fed();
    private int stricter;

    @AfterEach
    void close() {
        fed.close();
    }

    /** A message in a form that can be compared. */
    private record Seen(String method, String target, List<String> fields, String body) {
        static Seen of(Message message) {
            List<String> fields = new ArrayList<>();
            message.headers().forEach(field -> fields.add(line(field.name(), field.value())));
            return new Seen(message.method(), message.target().toString(), fields, message.body());
        }

        /** Netty doesn't parse targets, so this does. */
        static Seen of(HttpRequest request, String body) {
            byte[] target = request.uri().getBytes(ISO_8859_1);
            List<String> fields = new ArrayList<>();
            request.headers().forEach(field -> fields.add(line(field.getKey(), field.getValue())));
            return new Seen(
                    request.method().name(),
                    Target.parse(request.method().name(), target, 0, target.length)
                            .toString(),
                    fields,
                    body);
        }

        private static String line(String name, String value) {
            return name.toLowerCase(Locale.ROOT) + "=" + value;
        }
    }

    /**
     * The messages as Netty reads them.
     *
     * @param stricter whether Netty has refused the next message for a deviation that is accepted here
     */
    private record Others(List<Seen> messages, boolean stricter) {}

    /**
     * Whether this server accepts the input on purpose and Netty doesn't: chunks in HTTP/1.2, which is treated as 1.1
     * here; and bytes in a chunk extension that the grammar doesn't allow, or that aren't ASCII, because extensions are
     * ignored here.
     */
    private static boolean isAcceptedOnPurpose(Throwable cause) {
        return cause instanceof TransferEncodingNotAllowedException
                || cause instanceof InvalidChunkExtensionException
                || (cause instanceof IndexOutOfBoundsException
                        && String.valueOf(cause.getMessage()).startsWith("bitIndex < 0"));
    }

    /** Reads at most this many messages with Netty. */
    private static Others netty(byte[] bytes, int max) {
        HttpDecoderConfig config =
                new HttpDecoderConfig().setMaxInitialLineLength(100_000).setMaxHeaderSize(100_000);
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(config));
        List<Seen> messages = new ArrayList<>();
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
            HttpRequest head = null;
            StringBuilder body = new StringBuilder();
            for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
                if (part.decoderResult().isFailure()) {
                    ReferenceCountUtil.release(part);
                    return new Others(
                            messages, isAcceptedOnPurpose(part.decoderResult().cause()));
                }
                if (part instanceof HttpRequest request) {
                    head = request;
                    body.setLength(0);
                }
                if (part instanceof HttpContent content) {
                    body.append(content.content().toString(ISO_8859_1));
                }
                if (part instanceof LastHttpContent && head != null && messages.size() < max) {
                    messages.add(Seen.of(head, body.toString()));
                }
                ReferenceCountUtil.release(part);
            }
            return new Others(messages, false);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** Compares the two parsers, and returns the number of messages that were accepted. */
    private int compare(byte[] bytes) {
        ReadMessages mine = ReadMessages.from(fed, FedWire.of(bytes));
        int accepted = mine.messages().size();
        // Netty may continue after a refused message; after an input that was read to its end it must find nothing
        // more.
        Others others = netty(bytes, mine.error() == 0 ? Integer.MAX_VALUE : accepted);
        List<Seen> seen = mine.messages().stream().map(Seen::of).toList();
        if (others.stricter() && others.messages().size() < accepted) {
            seen = seen.subList(0, others.messages().size());
            stricter++;
        }
        assertThat(others.messages()).isEqualTo(seen);
        return accepted;
    }

    private void compareAll(int count, Source source) {
        int accepted = 0;
        for (int i = 0; i < count; i++) {
            byte[] input = source.next();
            try {
                accepted += compare(input);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("input " + i + " is read differently:\n" + new String(input, ISO_8859_1), e);
            }
        }
        assertThat(accepted)
                .as("messages that were accepted, without which nothing is compared")
                .isGreaterThan(count / 3);
        assertThat(stricter).as("inputs that Netty refused for a known reason").isLessThan(count / 40);
    }

    private interface Source {
        byte[] next();
    }

    @Test
    void messages_areTheSame_whenAGrammarGeneratesThem() {
        RequestGrammar grammar = new RequestGrammar(Long.getLong("thrum.seed", 1));
        compareAll(Mutations.count(6_000, 300_000), () -> grammar.next().getBytes(ISO_8859_1));
    }

    @Test
    void messages_areTheSame_whenTheyAreMutated() {
        long seed = Long.getLong("thrum.seed", 1);
        RequestGrammar grammar = new RequestGrammar(seed);
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            seeds.add(grammar.next());
        }
        Mutations mutations = new Mutations(seed, seeds);
        compareAll(Mutations.count(6_000, 300_000), mutations::next);
    }

    @Test
    void messages_areTheSame_inTheTablesOfHostileRequests() {
        for (HostileRow row : HostileRequestsTest.rows().toList()) {
            compare(row.bytes().getBytes(ISO_8859_1));
        }
    }
}
