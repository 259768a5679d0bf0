package dev.thrum.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables that stand in for flags: THRUM_UDP_ECHO for --udp-echo. */
record Variables(Map<String, String> environment) {
    private static final String PREFIX = "THRUM_";

    /** The launcher's own. */
    private static final Set<String> OF_LAUNCHER = Set.of("THRUM_JDK_ROOT");

    /** Kubernetes sets these for each service, here for one that is called thrum, or whose name begins with thrum-. */
    private static final Pattern OF_KUBERNETES = Pattern.compile(
            "THRUM_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern PORT_OF_KUBERNETES = Pattern.compile("THRUM_(\\w+_)?PORT");
    private static final Pattern URL_OF_KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*:\\d+");

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
        if (value == null || isOfKubernetes(name, value)) {
            return Optional.empty();
        }
        if (NameEncoding.isUnreadable(value)) {
            throw new IllegalArgumentException(name + ": " + NameEncoding.unreadable(value));
        }
        return Optional.of(new Setting(name, value));
    }

    /**
     * What is wrong with variables that look as if they were for Thrum, and are for nothing: a line each.
     *
     * @param flags of all commands
     */
    List<String> warnings(Set<String> flags) {
        Set<String> known = flags.stream().map(Variables::name).collect(Collectors.toSet());
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX)
                        && !known.contains(variable.getKey())
                        && !OF_LAUNCHER.contains(variable.getKey())
                        && !isOfKubernetes(variable.getKey(), variable.getValue()))
                .map(Map.Entry::getKey)
                .filter(name -> RenamedFlags.newName(flag(name)).isEmpty())
                .sorted()
                .map(name -> "warning: unknown variable " + name + " has no effect; "
                        + Suggestion.closest(flag(name), flags)
                                .map(flag -> "did you mean " + name(flag) + "?")
                                .orElse("unset it, or name it after a flag (see thrum help)"))
                .toList();
    }

    private static boolean isOfKubernetes(String name, String value) {
        boolean isUrl = PORT_OF_KUBERNETES.matcher(name).matches()
                && URL_OF_KUBERNETES.matcher(value).matches();
        return isUrl || OF_KUBERNETES.matcher(name).matches();
    }

    private static String flag(String name) {
        return "--" + name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String name(String flag) {
        return PREFIX + flag.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
