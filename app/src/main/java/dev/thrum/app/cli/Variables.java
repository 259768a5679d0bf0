package dev.thrum.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment variables that set flags: THRUM_UDP_ECHO sets --udp-echo. */
record Variables(Map<String, String> environment) {
    private static final String PREFIX = "THRUM_";

    /** Variables of the launcher. */
    private static final Set<String> OF_LAUNCHER = Set.of("THRUM_JDK_ROOT");

    /** Variables that Kubernetes sets for a service named thrum, or whose name begins with thrum-. */
    private static final Pattern OF_KUBERNETES = Pattern.compile(
            "THRUM_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern PORT_OF_KUBERNETES = Pattern.compile("THRUM_(\\w+_)?PORT");
    private static final Pattern URL_OF_KUBERNETES = Pattern.compile("(tcp|udp|sctp)://.*:\\d+");

    /**
     * The value of a flag, if its variable is set.
     *
     * @throws IllegalArgumentException if it can't be decoded, or a variable with the flag's old name is set
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
     * A warning for each variable that begins with THRUM_ but has no effect.
     *
     * @param flags the flags of all commands
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
