package dev.thrum.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the address of a PostgreSQL server as libpq has it
 * (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), with one host.
 */
final class PostgresUrl {
    private static final int DEFAULT_PORT = 5432;

    /** Parameters that may follow the question mark, and what the driver calls them. */
    private static final Map<String, String> PARAMETERS = Map.of(
            "sslmode", "sslmode",
            "sslrootcert", "sslrootcert",
            "sslcert", "sslcert",
            "sslkey", "sslkey",
            "application_name", "ApplicationName",
            "options", "options");

    private final Map<String, String> environment;
    private final URI uri;

    private PostgresUrl(URI uri, Map<String, String> environment) {
        this.uri = uri;
        this.environment = environment;
    }

    static PostgreSql parse(String url, Map<String, String> environment) {
        if (!url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            throw malformed("it did not begin with postgresql://");
        }
        String rest = url.substring(url.indexOf("://") + 3);
        // A URI must have a host, an address here need not.
        boolean hasHost = !rest.isEmpty() && rest.charAt(0) != '/' && rest.charAt(0) != '?';
        boolean userOnly = rest.split("[/?]", 2)[0].endsWith("@");
        try {
            String host = hasHost && !userOnly ? "" : "_";
            String whole = userOnly ? rest.replaceFirst("@", "@_") : host + rest;
            return new PostgresUrl(new URI("postgresql://" + whole).parseServerAuthority(), environment).read();
        } catch (URISyntaxException e) {
            // The reason alone: the address may hold a password.
            throw malformed(e.getReason());
        }
    }

    private static IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException(
                "expected an address such as postgresql://user@host:5432/database but " + why);
    }

    private PostgreSql read() {
        String user = user();
        Map<String, String> properties = parameters();
        String password = password();
        if (password != null) {
            properties.put("password", password);
        }
        String sslMode = environment.get("PGSSLMODE");
        if (sslMode != null) {
            properties.putIfAbsent("sslmode", sslMode);
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        String database = path.isEmpty() ? environment.getOrDefault("PGDATABASE", user) : path;
        return new PostgreSql(new PostgreSql.Server(host(), port()), database, user, properties);
    }

    private String host() {
        String host = uri.getHost();
        return host == null || host.equals("_") ? environment.getOrDefault("PGHOST", "localhost") : host;
    }

    private int port() {
        if (uri.getPort() >= 0) {
            return checked(uri.getPort(), String.valueOf(uri.getPort()));
        }
        String port = environment.get("PGPORT");
        if (port == null) {
            return DEFAULT_PORT;
        }
        return checked(port.matches("\\d{1,5}") ? Integer.parseInt(port) : -1, port);
    }

    private static int checked(int port, String given) {
        if (port < 1 || port > 65_535) {
            throw malformed("its port, or PGPORT, was " + given + ": use one from 1 to 65535");
        }
        return port;
    }

    private String user() {
        String info = uri.getRawUserInfo();
        String named = info == null ? "" : decoded(info.split(":", 2)[0]);
        String user =
                named.isEmpty() ? environment.getOrDefault("PGUSER", environment.getOrDefault("USER", "")) : named;
        if (user.isEmpty()) {
            throw malformed("it named no user: put one before an @, or set PGUSER");
        }
        return user;
    }

    private @Nullable String password() {
        String info = uri.getRawUserInfo();
        return info != null && info.contains(":") ? decoded(info.split(":", 2)[1]) : environment.get("PGPASSWORD");
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (uri.getRawQuery() == null) {
            return parameters;
        }
        for (String parameter : uri.getRawQuery().split("&", -1)) {
            String[] parts = parameter.split("=", 2);
            String name = PARAMETERS.get(parts[0]);
            if (name == null || parts.length < 2) {
                throw malformed("it had the parameter \"" + parts[0] + "\": use "
                        + PARAMETERS.keySet().stream().sorted().toList() + ", each with a value");
            }
            parameters.put(name, decoded(parts[1]));
        }
        return parameters;
    }

    private static String decoded(String text) {
        try {
            // A plus is a plus here.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed("it had a % that is not followed by two hexadecimal digits");
        }
    }
}
