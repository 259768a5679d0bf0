package dev.thrum.app;

import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.engine.Limits;
import dev.thrum.services.data.DataConfig;
import dev.thrum.services.web.WebConfig;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of {@code thrum serve}.
 *
 * @param web how the web services use HTTP
 * @param data the database and its maintenance; empty if there is no database
 * @param log the access log of the web services, if any
 * @param encryption which services speak TLS
 * @param udpReplies maximum number of replies to one client address per second
 * @param drain how long running conversations may take to finish after the first signal
 */
record ServeConfig(
        InetAddress host,
        Map<Service, PortChoice> ports,
        EngineConfig engine,
        Limits limits,
        WebConfig web,
        Optional<DataConfig> data,
        Optional<LogConfig> log,
        Encryption encryption,
        int udpReplies,
        TimeSpan drain) {
    /**
     * Which services speak TLS, and with what certificates.
     *
     * @param services none of them uses datagrams
     */
    record Encryption(Set<Service> services, CertificateConfig certificates) {
        Encryption {
            services = Set.copyOf(services);
        }
    }
}
