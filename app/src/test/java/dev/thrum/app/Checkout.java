package dev.thrum.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A checkout whose JDK and Maven are small scripts, so that only the launcher is tested. */
public final class Checkout {
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "cp",
            "dirname",
            "find",
            "flock",
            "ls",
            "mkdir",
            "mv",
            "perl",
            "printf",
            "readlink",
            "rm",
            "sleep",
            "tail",
            "touch");

    private final Path root;
    private final Path tools;

    private Checkout(Path root, Path tools) {
        this.root = root;
        this.tools = tools;
    }

    /** Makes a checkout in a new folder with a space in its name. */
    public static Checkout in(Path folder) throws IOException {
        Path root = Files.createDirectories(folder.resolve("the checkout"));
        Files.copy(Path.of(System.getProperty("thrum.root"), "thrum"), root.resolve("thrum"));
        executable(root.resolve("thrum"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.createDirectories(root.resolve(".mvn"));
        Files.createDirectories(root.resolve("app/src/main"));
        Files.writeString(root.resolve("app/pom.xml"), "");
        Files.writeString(root.resolve("LICENSE"), "");
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            for (Path bin : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(bin.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
                    forward(tools.resolve(tool), bin.resolve(tool));
                }
            }
        }
        return new Checkout(root, tools);
    }

    public Path root() {
        return root;
    }

    /** Adds a Maven that writes a line to {@code builds.log} for each build, and makes a distribution. */
    Checkout withMaven() throws IOException {
        script(tools.resolve("mvn"), """
                printf '%s\\n' "$JAVA_HOME $*" >>"$ROOT/builds.log"
                printf '\\033[0m[INFO] Scanning for projects...\\n'
                printf '[INFO] --- some-plugin:1.2:check (default) @ thrum-base ---\\n'
                printf '[INFO] Building Thrum base 0.1.0-SNAPSHOT                         [2/16]\\n'
                printf 'a word of Maven\\n\\033[0m'
                printf '\\033[0m' >&2
                [[ ! -f $ROOT/broken ]] || exit 1
                dist=$ROOT/app/target/dist
                mkdir -p "$dist/lib/app" "$dist/share/man/man1"
                cp "$ROOT/thrum" "$ROOT/LICENSE" "$dist/"
                printf 'jar' >"$dist/lib/app/thrum.jar"
                printf '' >"$dist/jvm.options"
                printf '' >"$dist/share/man/man1/thrum.1"
                """);
        return this;
    }

    /** Makes a JDK that prints its folder and its arguments. */
    static Path jdk(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), """
                printf 'java %s\\n' "${0%%/bin/java}"
                for argument in "$@"; do printf '[%s]\\n' "$argument"; done
                """.replace("%%", "%"));
        script(home.resolve("bin/javac"), "exit 1\n");
        return home;
    }

    List<String> builds() throws IOException {
        Path log = root.resolve("builds.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    Path onPath(String name, Path target) throws IOException {
        return Files.createSymbolicLink(tools.resolve(name), target);
    }

    Child run(Map<String, String> environment, String... arguments) throws IOException {
        return run(root.resolve("thrum"), environment, arguments);
    }

    Child run(Path launcher, Map<String, String> environment, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 2];
        command[0] = tools.resolve("bash").toString();
        command[1] = launcher.toString();
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return Child.start(variables(environment), List.of(command));
    }

    /** The environment of a run: these variables and those of the checkout. */
    Map<String, String> variables(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>();
        variables.put("PATH", tools.toString());
        variables.put("ROOT", root.toString());
        variables.put("JAVA_HOME", "");
        variables.put("HOME", root.resolve("home").toString());
        variables.put("THRUM_JDK_ROOT", root.resolve("system").toString());
        variables.putAll(more);
        return variables;
    }

    static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\nset -euo pipefail\n" + text);
        executable(file);
    }

    /** Not a link, because JUnit warns about each link that leads out of the folder that it cleans up. */
    private static void forward(Path file, Path tool) throws IOException {
        Files.writeString(file, "#!/bin/sh\nexec " + tool + " \"$@\"\n");
        executable(file);
    }

    private static void executable(Path file) {
        if (!file.toFile().setExecutable(true)) {
            throw new IllegalStateException("expected to be allowed to make " + file + " executable");
        }
    }
}
