package dev.thrum.app;

/** A service of {@code thrum serve}, on a port of its own. */
enum Service {
    CONSOLE("console", Kind.STREAM, "lines: time, count, quit; anything else is echoed"),
    ECHO("echo", Kind.STREAM, "lines, echoed; quit ends"),
    GREETER("greeter", Kind.STREAM, "text without line ends; the reply is -; --quit-- ends"),
    CHAT("chat", Kind.STREAM, "lines: nick, join, leave, who, rooms, msg, quit; the rest goes to the room"),
    WEB("web", Kind.HTTP, "HTTP: the JSON API and its page"),
    UDP_ECHO("udp-echo", Kind.DATAGRAM, "datagrams, sent back"),
    UDP_TIME("udp-time", Kind.DATAGRAM, "replies to any datagram with the time"),
    ADMIN("admin", Kind.ADMIN, "HTTP: health, metrics, connections; for this machine only");

    private enum Kind {
        STREAM,
        HTTP,
        DATAGRAM,
        ADMIN
    }

    private final String label;
    private final Kind kind;
    private final String about;

    Service(String label, Kind kind, String about) {
        this.label = label;
        this.kind = kind;
        this.about = about;
    }

    /** Its name, as in its flag. */
    String label() {
        return label;
    }

    boolean usesDatagrams() {
        return kind == Kind.DATAGRAM;
    }

    /** Whether clients speak HTTP to it. */
    boolean speaksHttp() {
        return kind == Kind.HTTP || kind == Kind.ADMIN;
    }

    /** Whether it is for the operator, on this machine only, and not for clients. */
    boolean isForOperator() {
        return kind == Kind.ADMIN;
    }

    /** A short description for users. */
    String about() {
        return about;
    }
}
