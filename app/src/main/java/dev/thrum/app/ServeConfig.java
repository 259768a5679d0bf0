package dev.thrum.app;

import dev.thrum.engine.Limits;
import java.net.InetAddress;
import java.util.Map;

/**
 * What {@code thrum serve} was asked to do.
 *
 * @param web how the web services speak
 * @param data what they keep
 * @param udpAnswers the most datagrams one peer is sent in a second
 * @param drain how long running conversations may take to finish after the first signal
 */
record ServeConfig(
        InetAddress host,
        Map<Service, PortChoice> ports,
        EngineConfig engine,
        Limits limits,
        WebConfig web,
        DataConfig data,
        int udpAnswers,
        Span drain) {}
