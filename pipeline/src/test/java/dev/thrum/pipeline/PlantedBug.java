package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Scenario;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Bugs that are planted in a copy of a class of this module, which is compiled and loaded in its place. */
enum PlantedBug {
    A_CHILD_IS_REGISTERED_AFTER_ITS_PARENT_IS_DONE(
            "StageWorker",
            "        account.register();\n",
            "        late++;\n",
            "        account.settle();\n    }\n\n    private static",
            "        account.settle();\n        account.close();\n        for (; late > 0; late--) account.register();\n"
                    + "    }\n\n    private int late;\n\n    private static"),
    A_RETRY_THAT_IS_DUE_WAKES_NOBODY(
            "Intake",
            "                keys.arriveAgain(item);\n            }\n            callIfReady();\n",
            "                keys.arriveAgain(item);\n            }\n            publish();\n",
            "ready.addLast(item);\n            } else",
            "ready.addLast(item);\n                publish();\n            } else"),
    A_KEY_IS_NEVER_RELEASED("KeyLines", "        line.running--;\n", ""),
    NOBODY_IS_TOLD_OF_THE_END_OF_A_PAUSE(
            "Intake",
            "            paused = false;\n            announceChange();",
            "            paused = false;\n            publish();"),
    A_RETRY_BEGINS_IN_A_PAUSE("Intake", "        if (paused) {\n", "        if (paused && ready.isEmpty()) {\n"),
    A_STOP_FORGETS_WHAT_WAS_SENT_MEANWHILE("Pipeline", "            left.addAll(late);\n", "");

    private static final Path SOURCES = Path.of("src/main/java/dev/thrum/pipeline");
    private static final String PACKAGE = "dev.thrum.pipeline.";

    private final String className;

    @SuppressWarnings("ImmutableEnumChecker") // It is.
    private final List<String> edits;

    /** The class, and pairs of texts: one that occurs once in its source, and its replacement. */
    PlantedBug(String className, String... edits) {
        this.className = className;
        this.edits = List.of(edits);
    }

    /** Loads a scenario whose pipelines have this bug; class files are written into this folder. */
    Class<? extends Scenario> in(String scenario, Path folder) throws IOException {
        Path source = Files.writeString(folder.resolve(className + ".java"), plant());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-implicit:none",
                    "-nowarn",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-d",
                    folder.toString());
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                            .call())
                    .as("the copy of %s compiles", className)
                    .isTrue();
        }
        try {
            return new Copies(folder).loadClass(scenario).asSubclass(Scenario.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private String plant() throws IOException {
        String text = Files.readString(SOURCES.resolve(className + ".java"));
        for (int i = 0; i < edits.size(); i += 2) {
            assertThat(text.split(java.util.regex.Pattern.quote(edits.get(i)), -1))
                    .as("the source of %s has '%s' once", className, edits.get(i))
                    .hasSize(2);
            text = text.replace(edits.get(i), edits.get(i + 1));
        }
        return text;
    }

    /** Loads the classes of this module again: from the folder if they are there. */
    private static final class Copies extends ClassLoader {
        private final Map<String, byte[]> copies = new HashMap<>();

        Copies(Path folder) throws IOException {
            super(PlantedBug.class.getClassLoader());
            Path classes = folder.resolve(PACKAGE.replace('.', '/'));
            try (Stream<Path> files = Files.list(classes)) {
                for (Path file : files.toList()) {
                    copies.put(PACKAGE.replace('.', '/') + file.getFileName(), Files.readAllBytes(file));
                }
            }
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (stream == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = stream.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            byte[] copy = copies.get(name);
            return copy == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(copy);
        }
    }
}
