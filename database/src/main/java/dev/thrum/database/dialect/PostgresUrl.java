package dev.thrum.database.dialect;

import dev.thrum.base.PercentEncoding;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parser for addresses of PostgreSQL servers in libpq's syntax
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), with one host.
 *
 * <p>No message repeats a part of the address, because any part of a malformed address may belong to the password.
 */
public final class PostgresUrl {
    private static final int DEFAULT_PORT = 5432;
    private static final String ESCAPE =
            ": write : / ? # [ ] @ and blanks within a user or a password as % and two hexadecimal digits";

    /** Parameters that are allowed after the question mark, and their names in the driver. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "sslmode", "sslmode",
            "sslrootcert", "sslrootcert",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "application_name", "ApplicationName",
            "options", "options");

    private final Map<String, String> environment;

    // The parts of the address, each empty if it is missing; the password may be missing or empty.
    private final String user;
    private final @Nullable String password;
    private final String host;
    private final String port;
    private final String database;
    private final String query;

    private PostgresUrl(String rest, Map<String, String> environment) {
        this.environment = environment;
        String[] beforeQuery = rest.split("\\?", 2);
        String[] beforePath = beforeQuery[0].split("/", 2);
        this.query = beforeQuery.length > 1 ? beforeQuery[1] : "";
        this.database = beforePath.length > 1 ? decoded(beforePath[1]) : "";
        String authority = beforePath[0];
        int at = authority.indexOf('@');
        if (rest.indexOf('@', at + 1) >= 0) {
            throw malformed("it had an @ in the wrong place" + ESCAPE);
        }
        String[] who = authority.substring(0, Math.max(at, 0)).split(":", 2);
        this.user = decoded(who[0]);
        this.password = who.length > 1 ? decoded(who[1]) : null;
        String where = authority.substring(at + 1);
        int colon = where.indexOf(':', where.startsWith("[") ? where.indexOf(']') + 1 : 0);
        this.host = checkedHost(decoded(colon < 0 ? where : where.substring(0, colon)), "its host");
        this.port = colon < 0 ? "" : where.substring(colon + 1);
    }

    /**
     * Parses an address.
     *
     * @param environment supplies what the address leaves out: {@code PGUSER}, {@code PGPASSWORD} and the like
     * @throws IllegalArgumentException if the address is malformed
     */
    public static PostgreSql parse(String url, Map<String, String> environment) {
        if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw malformed("it did not begin with postgresql://");
        }
        if (url.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw malformed("it had a blank" + ESCAPE);
        }
        return new PostgresUrl(url.substring(url.indexOf("://") + 3), environment).read();
    }

    private static IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException(
                "expected an address such as postgresql://user@host:5432/database but " + why);
    }

    private PostgreSql read() {
        String who = user.isEmpty() ? variable("PGUSER", variable("USER", "")) : user;
        if (who.isEmpty()) {
            throw malformed("it named no user: put one before an @, or set PGUSER");
        }
        Map<String, String> properties = parameters();
        String secret = password == null ? environment.get("PGPASSWORD") : password;
        if (secret != null) {
            properties.put("password", secret);
        }
        String sslMode = environment.get("PGSSLMODE");
        if (sslMode != null) {
            properties.putIfAbsent("sslmode", sslMode);
        }
        String where = host.isEmpty() ? hostOfEnvironment() : host;
        String what = database.isEmpty() ? variable("PGDATABASE", who) : database;
        return new PostgreSql(new PostgreSql.Server(where, port()), what, who, properties);
    }

    /** The value of a variable. As in libpq, an empty one counts as not set. */
    private String variable(String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    private String hostOfEnvironment() {
        String given = variable("PGHOST", "localhost");
        boolean bareIpv6 = given.contains(":") && !given.startsWith("[");
        return checkedHost(bareIpv6 ? "[" + given + "]" : given, "PGHOST");
    }

    private static String checkedHost(String host, String what) {
        if (!host.matches("[\\p{IsAlphabetic}\\p{IsDigit}._-]*|\\[[0-9a-fA-F:.]+(%[\\w.-]+)?]")) {
            throw malformed(what + " was malformed: use one name, an IPv4 address, or an IPv6 address in brackets");
        }
        return host;
    }

    private int port() {
        String given = port.isEmpty() ? variable("PGPORT", String.valueOf(DEFAULT_PORT)) : port;
        int number = given.matches("[0-9]{1,5}") ? Integer.parseInt(given) : -1;
        if (number < 1 || number > 65_535) {
            throw malformed("its port, or PGPORT, was malformed: use one from 1 to 65535");
        }
        return number;
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query.isEmpty()) {
            return parameters;
        }
        for (String parameter : query.split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            String name = PARAMETERS.get(parts[0]);
            if (name == null || parts.length < 2) {
                throw malformed("it had an unknown parameter, or one without a value: use "
                        + PARAMETERS.keySet().stream().sorted().toList());
            }
            parameters.put(name, decoded(parts[1]));
        }
        return parameters;
    }

    private static String decoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (!PercentEncoding.isWellFormed(bytes, 0, bytes.length)) {
            throw malformed("it had a % that is not followed by two hexadecimal digits");
        }
        String decoded;
        try {
            decoded = PercentEncoding.decode(text);
        } catch (CharacterCodingException _) {
            throw malformed("it had percent-encoded bytes that are not UTF-8");
        }
        if (decoded.indexOf('\0') >= 0) {
            throw malformed("it had the character %00");
        }
        return decoded;
    }
}
