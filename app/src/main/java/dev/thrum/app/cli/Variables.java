package dev.thrum.app.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The environment variables that stand in for flags: THRUM_UDP_ECHO for --udp-echo. */
record Variables(Map<String, String> environment) {
    private static final Pattern KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*:\\d+");

    /**
     * The value of a flag.
     *
     * @throws IllegalArgumentException if it can't be read, or the flag has another name now
     */
    Optional<Setting> of(String flag) {
        RenamedFlags.oldName(flag)
                .map(Variables::name)
                .filter(environment::containsKey)
                .ifPresent(old -> {
                    throw new IllegalArgumentException(old + " is now " + name(flag));
                });
        String name = name(flag);
        String value = environment.get(name);
        if (value == null || isOfKubernetes(value)) {
            return Optional.empty();
        }
        if (NameEncoding.isUnreadable(value)) {
            throw new IllegalArgumentException(name + ": " + NameEncoding.unreadable(value));
        }
        return Optional.of(new Setting(name, value));
    }

    /** Kubernetes sets variables for each service; for one that is called thrum, THRUM_PORT=tcp://10.0.0.7:8080. */
    private static boolean isOfKubernetes(String value) {
        return KUBERNETES.matcher(value).matches();
    }

    private static String name(String flag) {
        return "THRUM_" + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
