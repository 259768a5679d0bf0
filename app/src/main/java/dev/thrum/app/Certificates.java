package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsCertificate;
import dev.thrum.tls.TlsConfigException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of a running server: read again when their files change, and watched for their end. Only the thread of one
 * check at a time changes anything.
 */
final class Certificates implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.serve");

    /** How often the files are checked: changes take effect within 10 s. */
    private static final Duration CHECK = Duration.ofSeconds(5);

    /** How often a certificate that ends soon is reported, and how soon that is. */
    private static final Duration REPORT = Duration.ofDays(1);

    private static final Duration SOON = Duration.ofDays(14);

    /** The name of HTTP/1.1 in ALPN (RFC 7301). */
    private static final String HTTP = "http/1.1";

    private final CertificateConfig config;
    private final @Nullable Tls lines;
    private final @Nullable Tls http;
    private final Clock clock;
    private final Consumer<String> warnings;
    private final TlsMetrics metrics;

    /** The reading of the clock at the last report; owned by the thread of the check. */
    private long reported;

    // Replaced by the thread of the check, which is the only one that runs; volatile for close.
    private volatile Clock.@Nullable Timer next;
    // Set by close, never cleared.
    private volatile boolean closed;

    private Certificates(
            CertificateConfig config, @Nullable Tls lines, @Nullable Tls http, Clock clock, Consumer<String> warnings) {
        this.config = config;
        this.lines = lines;
        this.http = http;
        this.clock = clock;
        this.warnings = warnings;
        this.metrics = new TlsMetrics(all(), clock);
    }

    /** What is to be encrypted: services with lines or bytes, and those with HTTP, which differ in ALPN (RFC 7301). */
    record Kinds(boolean lines, boolean http) {}

    /**
     * Reads or makes the certificates, tries them, and reports those that are not valid for long.
     *
     * @param bound the addresses that the server listens on
     * @throws CommandException if a file can't be used
     */
    static Certificates open(CertificateConfig config, List<InetAddress> bound, Kinds kinds, Clock clock)
            throws CommandException {
        return open(config, bound, kinds, clock, warning -> LOG.log(Level.WARNING, warning));
    }

    static Certificates open(
            CertificateConfig config, List<InetAddress> bound, Kinds kinds, Clock clock, Consumer<String> warnings)
            throws CommandException {
        Tls.Builder builder = config.builder(bound);
        try {
            Tls tls = builder.build();
            Tls lines = kinds.lines() ? tls : null;
            Tls http = kinds.http() ? tls.withApplicationProtocols(HTTP) : null;
            Certificates opened = new Certificates(config, lines, http, clock, warnings);
            opened.report();
            return opened;
        } catch (TlsConfigException e) {
            throw new CommandException(e);
        }
    }

    /** For services with lines or bytes. */
    Tls lines() {
        return Objects.requireNonNull(lines, "expected services with lines to have been announced");
    }

    /** For services with HTTP. */
    Tls http() {
        return Objects.requireNonNull(http, "expected services with HTTP to have been announced");
    }

    TlsMetrics metrics() {
        return metrics;
    }

    private List<Tls> all() {
        List<Tls> all = new ArrayList<>();
        if (lines != null) {
            all.add(lines);
        }
        if (http != null) {
            all.add(http);
        }
        return all;
    }

    /** A line about each certificate, for users. */
    List<String> descriptions() {
        return certificates().stream()
                .map(certificate -> String.join(", ", certificate.names())
                        + (config.isSelfSigned() ? "; self-signed" : "")
                        + "; until " + date(certificate.expires()) + "; SHA-256 " + certificate.fingerprint())
                .toList();
    }

    private List<TlsCertificate> certificates() {
        return all().getFirst().certificates();
    }

    /** Checks from now on, on this engine, until it is closed. */
    void watch(Engine engine) {
        if (!closed) {
            next = engine.schedule(CHECK, () -> checkAndGoOn(engine));
        }
    }

    private void checkAndGoOn(Engine engine) {
        if (closed) {
            return;
        }
        try {
            check();
        } finally {
            watch(engine);
        }
    }

    /** Reads files that have changed, and reports certificates that end soon, once a day. */
    void check() {
        boolean changed = all().getFirst().reload();
        if (changed) {
            metrics.refresh();
        }
        if (changed || clock.nanoTime() - reported >= REPORT.toNanos()) {
            report();
        }
    }

    private void report() {
        reported = clock.nanoTime();
        Instant now = clock.instant();
        List<TlsCertificate> certificates = certificates();
        for (int i = 0; i < certificates.size(); i++) {
            String warning = warning(certificates.get(i), now);
            if (!warning.isEmpty()) {
                warnings.accept("the certificate " + title(i, certificates.get(i)) + " " + warning);
            }
        }
    }

    /** What is wrong with its time; empty if nothing is. */
    private String warning(TlsCertificate certificate, Instant now) {
        Instant end = certificate.expires();
        if (now.isBefore(certificate.validFrom())) {
            return "is not valid before " + date(certificate.validFrom()) + ", so clients refuse it; check the clock";
        }
        if (now.isAfter(end)) {
            return "has expired on " + date(end) + ", so clients refuse it; " + remedy();
        }
        Duration left = Duration.between(now, end);
        return left.compareTo(SOON) < 0
                ? "expires on " + date(end) + ", in " + left.toDays() + " days; " + remedy()
                : "";
    }

    private String remedy() {
        return config.isSelfSigned() ? "a restart makes a new one" : "renew it, which takes effect without a restart";
    }

    private String title(int index, TlsCertificate certificate) {
        return config.isSelfSigned()
                ? "for " + String.join(", ", certificate.names())
                : "in " + config.pairs().get(index).chain();
    }

    private static String date(Instant instant) {
        return instant.atZone(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Ends the checks. */
    @Override
    public void close() {
        closed = true;
        Clock.Timer pending = next;
        if (pending != null) {
            pending.cancel();
        }
    }
}
