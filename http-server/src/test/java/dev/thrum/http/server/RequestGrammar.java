package dev.thrum.http.server;

import java.util.SplittableRandom;

/**
 * Generates sequences of requests, valid ones and some that two parsers might read differently. Owned by one thread.
 */
final class RequestGrammar {
    private static final String[] METHODS = {
        "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "get", "M-SEARCH", "TRACE"
    };
    private static final String[] TARGETS = {
        "/",
        "/a?b",
        "/%41/..;x",
        "//a",
        "http://b/c",
        "*",
        "a:80",
        "/a b",
        "/[x]|y",
        "/#f",
        "/a?b=c&d=%zz",
        "http://[::1]:8/?"
    };
    private static final String[] VERSIONS = {
        "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "http/1.1", "HTTP/1.1 "
    };
    private static final String[] ENDS = {
        "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\r\n"
    };
    private static final String[] FIELDS = {
        "Accept: */*", "X:y", "X:\t y z \t", "X:", "x-a: b, c", "Connection: close", "Connection: keep-alive",
                "X: \u00e9\u00ff",
        "X : y", " X: y", "\tfolded", "X\u000b: y", "Cookie: a=\"b\"; c", "TE: chunked", "Expect: 100-continue",
                "Host: b",
        "Content_Length: 3", "Transfer-Encodin: chunked", "X: y\u0000", "Trailer: Z", "Content-Type: text/plain"
    };
    private static final String[] LENGTHS = {
        "Content-Length: %d",
        "content-length:%d",
        "Content-Length: 0%d",
        "Content-Length: +%d",
        "Content-Length: %d, %<d",
        "Content-Length : %d",
        "Content-Length: %d ",
        "Content-Length:\u000b%d"
    };
    private static final String[] CODINGS = {
        "Transfer-Encoding: chunked",
        "transfer-encoding:CHUNKED",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: \tchunked\t"
    };
    private static final String[] SIZES = {"%x", "%X", "0%x", "%x;a=b", "%x ;a", "%x ", "0x%x", "+%x", "%x;\"", " %x"};

    private final SplittableRandom random;

    RequestGrammar(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** One to four requests. */
    String next() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            request(text);
        }
        return text.toString();
    }

    private void request(StringBuilder text) {
        if (random.nextInt(12) == 0) {
            text.append("\r\n");
        }
        text.append(rarely(METHODS))
                .append(' ')
                .append(rarely(TARGETS))
                .append(' ')
                .append(rarely(VERSIONS))
                .append(end());
        if (random.nextInt(20) > 0) {
            text.append("Host: a").append(end());
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(random.nextInt(3) == 0 ? any(FIELDS) : FIELDS[random.nextInt(8)])
                    .append(end());
        }
        int framing = random.nextInt(10);
        String body = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n".substring(0, random.nextInt(34));
        if (framing < 3) {
            text.append(rarely(LENGTHS).formatted(body.length())).append(end());
        }
        if (framing == 2 || framing == 3 || framing == 4 || framing == 5) {
            text.append(rarely(CODINGS)).append(end());
        }
        text.append(end());
        if (framing < 2) {
            text.append(body);
        } else if (framing < 6) {
            chunks(text, body);
        }
    }

    private void chunks(StringBuilder text, String body) {
        for (int at = 0; at < body.length(); ) {
            int size = Math.min(body.length() - at, 1 + random.nextInt(20));
            text.append(rarely(SIZES).formatted(size)).append(end());
            text.append(body, at, at + size).append(end());
            at += size;
        }
        text.append('0').append(end());
        if (random.nextInt(4) == 0) {
            text.append(any(FIELDS)).append(end());
        }
        text.append(end());
    }

    /** Line ends; few of them are malformed. */
    private String end() {
        return random.nextInt(60) == 0 ? any(ENDS) : "\r\n";
    }

    /** Mostly the first element. */
    private String rarely(String[] all) {
        return random.nextInt(3) > 0 ? all[0] : any(all);
    }

    private String any(String[] all) {
        return all[random.nextInt(all.length)];
    }
}
