package dev.thrum.app;

/** What {@code thrum serve} offers, one port each. */
enum Service {
    CONSOLE("console", false, "lines: time, count, quit; anything else is echoed"),
    ECHO("echo", false, "lines, echoed; quit ends"),
    GREETER("greeter", false, "text without line ends, answered by a -; --quit-- ends"),
    UDP_ECHO("udp-echo", true, "datagrams, sent back"),
    UDP_TIME("udp-time", true, "any datagram is answered with the time");

    private final String label;
    private final boolean datagrams;
    private final String about;

    Service(String label, boolean datagrams, String about) {
        this.label = label;
        this.datagrams = datagrams;
        this.about = about;
    }

    /** Its name, as in its flag. */
    String label() {
        return label;
    }

    boolean usesDatagrams() {
        return datagrams;
    }

    /** What a client can do there, in a few words. */
    String about() {
        return about;
    }
}
