package dev.thrum.testkit.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hosts of scripted webs, by their numbers: each has an address of its own in 127.0.0.0/16, from 127.0.0.2, and a name such as
 * {@code host3.test}; every name below that is a name of the same host.
 */
public final class WebHosts {
    /** The number of addresses that are used of each /24. */
    private static final int BLOCK = 250;

    private static final int FIRST = 2;
    private static final int MOST = 256 * BLOCK;
    private static final Pattern NAME = Pattern.compile("(?:[^.]+\\.)*host(\\d{1,5})\\.test");
    private static final Pattern LITERAL = Pattern.compile("127\\.0\\.(\\d{1,3})\\.(\\d{1,3})");

    private WebHosts() {}

    /** The address of a host as a text. */
    static String literal(int number) {
        return "127.0." + number / BLOCK + "." + (FIRST + number % BLOCK);
    }

    static String name(int number) {
        return "host" + number + ".test";
    }

    static InetAddress address(int number) {
        byte[] bytes = {127, 0, (byte) (number / BLOCK), (byte) (FIRST + number % BLOCK)};
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("expected four bytes to be an address", e);
        }
    }

    /** The number of the host with this name or address; empty if there is none. */
    static OptionalInt number(String host) {
        Matcher name = NAME.matcher(host);
        if (name.matches()) {
            return inRange(Integer.parseInt(name.group(1)));
        }
        Matcher literal = LITERAL.matcher(host);
        if (!literal.matches()) {
            return OptionalInt.empty();
        }
        int last = Integer.parseInt(literal.group(2)) - FIRST;
        return last < 0 || last >= BLOCK
                ? OptionalInt.empty()
                : inRange(Integer.parseInt(literal.group(1)) * BLOCK + last);
    }

    private static OptionalInt inRange(int number) {
        return number < MOST ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** The addresses of a name, for resolvers: one, or none if it is no name of a scripted web. */
    public static List<InetAddress> lookUp(String host) {
        OptionalInt number = number(host);
        return number.isEmpty() ? List.of() : List.of(address(number.getAsInt()));
    }

    /** Whether this is a name that {@link #lookUp} knows, rather than a literal address. */
    public static boolean isName(String host) {
        return NAME.matcher(host).matches();
    }
}
