package dev.thrum.services;

import dev.thrum.base.Clock;
import dev.thrum.engine.DatagramHandler;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Optional;

/** The UDP services. */
public final class Datagrams {
    private Datagrams() {}

    /** Sends every datagram back. */
    public static DatagramHandler echo() {
        return (peer, payload) -> Optional.of(payload);
    }

    /** Replies to every datagram with the time: 24 characters and a line feed. */
    public static DatagramHandler time(Clock clock, ZoneId zone) {
        CTime time = new CTime(zone);
        return (peer, payload) ->
                Optional.of((time.format(clock.instant()) + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
