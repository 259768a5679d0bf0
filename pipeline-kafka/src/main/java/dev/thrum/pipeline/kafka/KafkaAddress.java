package dev.thrum.pipeline.kafka;

import dev.thrum.base.DurationText;
import dev.thrum.base.IoWords;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Where the queues are, and how to reach them: {@code kafka://HOST:PORT/NAME}, or several brokers of one cluster as
 * {@code kafka://HOST:PORT,HOST:PORT/NAME}.
 *
 * @param servers the brokers that are asked first, {@code HOST:PORT}, separated by commas
 * @param name the name of the queues: the topics are called {@code NAME.STAGE}
 * @param properties settings of Kafka's clients, for encryption and authentication
 */
public record KafkaAddress(String servers, String name, Map<String, String> properties) {
    private static final String SCHEME = "kafka://";
    private static final Pattern SERVER = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([0-9]{1,5})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");
    private static final int MOST_PORT = 65_535;

    /** What Thrum sets itself: with another value, items would be lost, or doubled without need. */
    private static final Set<String> OWN = Set.of(
            "bootstrap.servers",
            "group.id",
            "group.protocol",
            "group.instance.id",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "partitioner.class",
            "delivery.timeout.ms",
            "max.block.ms",
            "auto.offset.reset",
            "enable.auto.commit",
            "isolation.level",
            "max.poll.records",
            "max.poll.interval.ms",
            "max.request.size",
            "share.acknowledgement.mode",
            "share.acquire.mode");

    public KafkaAddress {
        properties = Map.copyOf(properties);
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it isn't one; the message says what was expected
     */
    public static KafkaAddress parse(String text) {
        int slash = text.lastIndexOf('/');
        if (!text.startsWith(SCHEME) || slash < SCHEME.length()) {
            throw wrong(text, "it begins with kafka://, and the name comes after a /");
        }
        String servers = text.substring(SCHEME.length(), slash);
        String name = text.substring(slash + 1);
        for (String server : servers.split(",", -1)) {
            var parts = SERVER.matcher(server);
            if (!parts.matches()
                    || Integer.parseInt(parts.group(2)) > MOST_PORT
                    || parts.group(2).equals("0")) {
                throw wrong(text, "'" + server + "' is no HOST:PORT");
            }
        }
        if (!NAME.matcher(name).matches()) {
            throw wrong(
                    text, "the name has 1 to 100 letters, digits, '-', '_' and '.', and begins with a letter or digit");
        }
        return new KafkaAddress(servers, name, Map.of());
    }

    private static IllegalArgumentException wrong(String text, String rule) {
        return new IllegalArgumentException(
                "expected queues such as kafka://HOST:PORT/NAME but was '" + text + "': " + rule);
    }

    /**
     * The same address with the settings of a properties file of Kafka's clients, in UTF-8: encryption and
     * authentication ({@code security.protocol}, {@code ssl.*}, {@code sasl.*}), time-outs, compression.
     *
     * @throws IOException if it can't be read; the message names the file
     * @throws IllegalArgumentException if it has a setting that Thrum must choose itself
     */
    public KafkaAddress with(Path file) throws IOException {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            read.load(reader);
        } catch (IOException e) {
            throw new IOException("expected settings of Kafka's clients in " + file + " but " + IoWords.of(e), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected settings of Kafka's clients in " + file + " but a line has a wrong escape: "
                            + e.getMessage(),
                    e);
        }
        Set<String> own = new TreeSet<>(read.stringPropertyNames());
        own.retainAll(OWN);
        if (!own.isEmpty()) {
            throw new IllegalArgumentException("expected only settings in " + file
                    + " that Thrum doesn't make itself but it has " + String.join(", ", own) + ": remove them");
        }
        Map<String, String> all = new HashMap<>(properties);
        read.stringPropertyNames().forEach(key -> all.put(key, read.getProperty(key)));
        return new KafkaAddress(servers, name, all);
    }

    /** The settings of every client: the properties, and where the brokers are. */
    public Map<String, Object> settings() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("bootstrap.servers", servers);
        all.putIfAbsent("reconnect.backoff.max.ms", "1000");
        return all;
    }

    /**
     * Checks that a broker responds.
     *
     * @throws IOException if none does within this time, or if it refuses this program; one line, with the address
     */
    public void requireBroker(Duration patience) throws IOException {
        Map<String, Object> settings = settings();
        settings.put("default.api.timeout.ms", (int) patience.toMillis());
        settings.put("request.timeout.ms", (int) patience.toMillis());
        try (Admin admin = Admin.create(settings)) {
            String _ = admin.describeCluster().clusterId().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new IOException(noBroker(cause, patience), e);
        } catch (TimeoutException e) {
            throw new IOException(noBroker(e, patience), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it waited for the broker at " + servers, e);
        }
    }

    private String noBroker(Throwable cause, Duration patience) {
        if (cause instanceof AuthenticationException) {
            return "expected the broker at " + servers + " to accept this program but it refuses it: "
                    + cause.getMessage();
        }
        boolean isLate =
                cause instanceof TimeoutException || cause instanceof org.apache.kafka.common.errors.TimeoutException;
        String what = isLate ? "none has responded within " + DurationText.of(patience) : reason(cause);
        return "expected a Kafka broker at " + servers + " but " + what + ": start it, or correct the address";
    }

    private static String reason(Throwable failure) {
        List<String> words = new ArrayList<>();
        for (Throwable cause = failure; cause != null && words.size() < 3; cause = cause.getCause()) {
            if (cause.getMessage() != null && !words.contains(cause.getMessage())) {
                words.add(cause.getMessage());
            }
        }
        return String.join(": ", words);
    }

    @Override
    public String toString() {
        return SCHEME + servers + "/" + name;
    }
}
