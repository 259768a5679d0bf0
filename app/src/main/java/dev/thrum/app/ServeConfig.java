package dev.thrum.app;

import dev.thrum.app.cli.PortChoice;
import dev.thrum.app.cli.TimeSpan;
import dev.thrum.engine.Limits;
import dev.thrum.services.data.DataConfig;
import dev.thrum.services.web.WebConfig;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code thrum serve} was asked to do.
 *
 * @param web how the web services speak
 * @param data what they keep; empty if there is no database
 * @param log of the requests to the web services, if one is wanted
 * @param udpAnswers the most datagrams one peer is sent in a second
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
        int udpAnswers,
        TimeSpan drain) {}
