package dev.thrum.app.docs;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.thrum.app.Ran;
import dev.thrum.app.docs.Documentation.Block;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Checks README.md and docs/ against the code: every Java block compiles; every flag, variable and link exists.
 *
 * <p>A block with a {@code main} or with imports is a file and compiles as it is. Any other block is a fragment, for
 * which this test supplies imports and names such as {@code engine}. {@link DocumentationIT} runs commands and programs.
 */
class DocumentationTest {
    private static final int README_WORDS = 900;

    /** The languages of blocks, and which test checks each. */
    private static final Map<String, String> LANGUAGES = Map.ofEntries(
            entry("java", "this test"),
            entry("sh", "DocumentationIT"),
            entry("text", "what a command or the program prints; compared after a command of DocumentationIT"),
            entry("json", "what the program writes"),
            entry("ini", "OperationIT"),
            entry("properties", "this test; UsageTest; OperationIT"),
            entry("nginx", "OperationIT"),
            entry("dockerfile", "OperationIT"),
            entry("caddy", "no test: it needs a program that Debian does not have"),
            entry("haproxy", "no test: it needs a program that few machines have"),
            entry("xml", "OtherProjectIT"));

    /** The variables that fragments use without declaring them. */
    private static final String AMBIENT = """
            Engine engine; InetSocketAddress address; OutputStream sink; HttpHandler handler; Path data;
            """;

    /** Flags of the JVM and of other programs, and one that is misspelt on purpose. */
    private static final Set<String> FOREIGN_FLAGS = Set.of("""
            --add-opens --cacert --consle --data --dbname --directory --enable-native-access --encoding --env --fail --file --format
            --from --header --home-dir --illegal-native-access --interval --json --memory --mode --name --no-install-recommends --now --owner
            --publish --read-only --shell --start-period --stop-timeout --sun-misc-unsafe-memory-access --system --tag
            --template --timeout --tmpfs --uid --ulimit --volume --detach --yes
            """.strip().split("\\s+"));

    private static final List<List<String>> COMMANDS = List.of(
            List.of(),
            List.of("serve"),
            List.of("talk"),
            List.of("files"),
            List.of("fetch"),
            List.of("mine"),
            List.of("crawl"),
            List.of("crawl", "merge"),
            List.of("crawl", "status"),
            List.of("search"),
            List.of("count"),
            List.of("load"),
            List.of("compare"),
            List.of("lab", "show"),
            List.of("lab", "run"),
            List.of("lab", "explore"),
            List.of("lab", "replay"),
            List.of("lab", "cluster"),
            List.of("doctor"),
            List.of("backup"),
            List.of("restore"),
            List.of("users"),
            List.of("users", "add"),
            List.of("users", "list"),
            List.of("ledger", "check"));

    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*[a-z](?![\\w-])");
    private static final Pattern PACKAGE =
            Pattern.compile("([\\w-]+)/src/main/java/(dev/thrum/[\\w/]+)/package-info\\.java");
    private static final Pattern VARIABLE = Pattern.compile("THRUM_([A-Z_]+)");
    private static final Pattern TYPE = Pattern.compile("`(?:\\w+\\()?([A-Z]\\w*[a-z]\\w*)(?:[.(][^`]*)?`");
    /** The join of a string literal that continues on the next line. */
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern SOURCE = Pattern.compile("[\\w-]+/src/(main|test)/java/.*\\.java");
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|record|enum|interface) ([A-Z]\\w*)");
    private static final List<String> JDK = List.of(
            "java.lang.",
            "java.io.",
            "java.net.",
            "java.net.spi.",
            "java.util.",
            "java.time.",
            "java.nio.file.",
            "java.util.concurrent.",
            "java.util.concurrent.atomic.",
            "java.util.concurrent.locks.");

    /** Names that look like types: types of other libraries, header fields, SQLite operations, JVM flags, files. */
    private static final Set<String> FOREIGN_TYPES = Set.of("""
            Accept Allow AutoCommit CapabilityBoundingSet Containerfile Disallow FileChannel Forwarded Guess HttpServerCodec IoHandle
            Lincheck LineBasedFrameDecoder Location ManualIoEventLoop MaxRAM Notes ObjectMapper Orders Savepoint Shared
            Shout Topics TrimNativeHeapInterval Via Votes
            """.strip().split("\\s+"));

    /** An annotation that makes a method a test. */
    private static final Pattern TEST = Pattern.compile("@\\w*Test\\b");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    @TempDir
    private static Path folder;

    @TestFactory
    Stream<DynamicTest> javaBlock_always_compiles() {
        return Documentation.blocks().stream()
                .filter(block -> block.language().equals("java"))
                .map(block -> DynamicTest.dynamicTest(block.place(), () -> compile(block)));
    }

    @TestFactory
    Stream<DynamicTest> testClass_inADocument_passes() {
        return Documentation.blocks().stream()
                .filter(block -> block.language().equals("java")
                        && TEST.matcher(block.text()).find())
                .map(block -> DynamicTest.dynamicTest(block.place(), () -> runTests(block)));
    }

    @Test
    void block_always_hasALanguageThatATestChecks() {
        assertThat(Documentation.blocks())
                .allSatisfy(block -> assertThat(LANGUAGES).as(block.place()).containsKey(block.language()));
    }

    @Test
    void readme_always_isShort() {
        String readme = Documentation.text(Documentation.documents().getFirst());
        assertThat(readme.strip().split("\\s+")).hasSizeLessThanOrEqualTo(README_WORDS);
    }

    @Test
    void firstProgram_always_hasAtMostTenLinesWithoutImports() {
        Block first = Documentation.blocks().stream()
                .filter(Block::isProgram)
                .findFirst()
                .orElseThrow();
        assertThat(first.document()).isEqualTo("README.md");
        assertThat(first.text().lines().filter(line -> !line.isBlank() && !line.startsWith("import")))
                .hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void flag_always_belongsToACommand() throws IOException {
        Set<String> flags = flags();
        assertThat(Documentation.documents())
                .flatMap(document -> found(FLAG, Documentation.text(document)).stream()
                        .filter(flag -> !flags.contains(flag))
                        .map(flag -> flag + " in " + Documentation.name(document))
                        .toList())
                .isEmpty();
    }

    @Test
    void foreignFlag_always_occursInADocument() {
        assertThat(Documentation.documents())
                .flatMap(document -> found(FLAG, Documentation.text(document)))
                .containsAll(FOREIGN_FLAGS);
    }

    @Test
    void variable_always_belongsToAFlag() throws IOException {
        Set<String> flags = flags();
        for (Path document : Documentation.documents()) {
            Matcher variable = VARIABLE.matcher(Documentation.text(document));
            while (variable.find()) {
                assertThat(flags)
                        .as("%s in %s", variable.group(), document)
                        .contains("--"
                                + variable.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
            }
        }
    }

    @Test
    void configurationFile_always_usesFlagsOfTheProgram() throws IOException {
        Set<String> flags = flags();
        assertThat(Documentation.blocks())
                .filteredOn(block -> block.language().equals("properties"))
                .isNotEmpty()
                .flatMap(block -> block.text().lines().toList())
                .filteredOn(line -> !line.startsWith("#"))
                .allSatisfy(line -> assertThat(flags).contains("--" + line.split(" = ", 2)[0]));
    }

    @Test
    void link_toAFile_leadsToIt() {
        for (Path document : Documentation.documents()) {
            Matcher link = LINK.matcher(Documentation.text(document));
            while (link.find()) {
                if (link.group(1).contains("://")) {
                    continue;
                }
                Path target = link.group(1).isEmpty()
                        ? document
                        : document.resolveSibling(link.group(1)).normalize();
                assertThat(target).as("%s in %s", link.group(), document).exists();
                if (link.group(2) != null) {
                    assertThat(anchors(Documentation.text(target)))
                            .as("%s in %s", link.group(), document)
                            .contains(link.group(2));
                }
            }
        }
    }

    /** Fails if a type is renamed but not in the documents. */
    @Test
    void type_inADocument_exists() throws IOException {
        Set<String> types = types();
        assertThat(Stream.concat(
                        Documentation.documents().stream(),
                        Stream.of("ARCHITECTURE.md", "CONTRIBUTING.md").map(Documentation.ROOT::resolve)))
                .flatMap(document -> TYPE.matcher(withoutBlocks(Documentation.text(document)))
                        .results()
                        .map(found -> found.group(1))
                        .filter(name -> !types.contains(name) && !isInTheJdk(name) && !FOREIGN_TYPES.contains(name))
                        .map(name -> name + " in " + Documentation.name(document))
                        .distinct()
                        .toList())
                .isEmpty();
    }

    /** Fails if a message is reworded but not in the tables of faults. */
    @Test
    void message_inATableOfFaults_isInTheSources() throws IOException {
        String sources = sources().entrySet().stream()
                .filter(source -> source.getKey().toString().contains("/src/main/"))
                .map(source -> JOINED.matcher(source.getValue()).replaceAll(""))
                .collect(Collectors.joining());
        assertThat(Stream.of("docs/faults.md", "docs/data.md").map(Documentation.ROOT::resolve))
                .flatMap(document -> CODE.matcher(withoutBlocks(Documentation.text(document)))
                        .results()
                        .map(found -> found.group(1))
                        .toList())
                .hasSizeGreaterThan(30)
                .filteredOn(message -> constantParts(message).findAny().isPresent())
                .allSatisfy(message -> assertThat(constantParts(message)).allMatch(sources::contains));
    }

    /** The constant parts of a message, of at least three words each, without the one that the system writes. */
    private static Stream<String> constantParts(String message) {
        return Arrays.stream(message.split("…| but |\\S*[\\d_]\\S*|\\b[NDIR]+\\b|[();:\"{}?]", -1))
                .map(part -> part.replaceAll("^[\\s,.]+|[\\s,.]+$", ""))
                .filter(part -> !part.equals("No space left on device"))
                .filter(part -> part.matches("[\\w']+(,? [\\w']+){2,}"));
    }

    private static String withoutBlocks(String text) {
        return text.replaceAll("(?ms)^```.*?^```$", "");
    }

    private static boolean isInTheJdk(String name) {
        return JDK.stream().anyMatch(packageName -> {
            try {
                Class.forName(packageName + name, false, null);
                return true;
            } catch (ClassNotFoundException e) {
                return false;
            }
        });
    }

    /** The simple names of all types that our sources declare. */
    private static Set<String> types() throws IOException {
        return sources().values().stream()
                .flatMap(text -> DECLARED.matcher(text).results())
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static Map<Path, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Documentation.ROOT, 12)) {
            return files.filter(file -> SOURCE.matcher(
                                    Documentation.ROOT.relativize(file).toString())
                            .matches())
                    .collect(Collectors.toMap(file -> file, Documentation::text));
        }
    }

    /** The anchors that GitHub derives from headings. */
    private static Set<String> anchors(String text) {
        return found(Pattern.compile("(?m)^#+ .*$"), text).stream()
                .map(heading -> heading.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** All flags that the help of the commands, the launcher and the benchmarks mention. */
    private static Set<String> flags() throws IOException {
        Set<String> flags = new HashSet<>(FOREIGN_FLAGS);
        for (List<String> command : COMMANDS) {
            for (String help : List.of("--help", "--help-all")) {
                List<String> arguments = new ArrayList<>(command);
                arguments.add(help);
                Ran ran = Ran.of(arguments.toArray(String[]::new));
                flags.addAll(found(FLAG, ran.out() + ran.err()));
            }
        }
        flags.addAll(found(FLAG, Files.readString(Documentation.ROOT.resolve("thrum"))));
        try (Stream<Path> sources = Files.walk(Documentation.ROOT.resolve("bench/src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                flags.addAll(found(FLAG, Files.readString(source)));
            }
        }
        return flags;
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static Path compile(Block block) throws IOException {
        Path target = Files.createTempDirectory(folder, "block");
        Path source = target.resolve(sourceName(block));
        Files.writeString(source, unit(block));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            List<String> options =
                    List.of("-proc:none", "-classpath", System.getProperty("java.class.path"), "-d", target.toString());
            boolean compiled = compiler.getTask(
                            new PrintWriter(messages), files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as("%s%n%s", block.place(), messages).isTrue();
        }
        return target;
    }

    private static String sourceName(Block block) {
        if (block.isProgram()) {
            return block.fileName();
        }
        Matcher type = Pattern.compile("(?m)^class (\\w+)").matcher(block.text());
        return isFile(block) && type.find() ? type.group(1) + ".java" : "Fragment.java";
    }

    private static boolean isFile(Block block) {
        return block.isProgram() || block.text().startsWith("import ");
    }

    private static String unit(Block block) throws IOException {
        if (isFile(block)) {
            return block.text();
        }
        boolean declares = block.text().matches("(?s)(final )?(class|record|interface|enum) .*");
        return imports()
                + "class Fragment {\n" + AMBIENT + (declares ? "" : "void fragment() throws Exception {\n")
                + block.text() + (declares ? "}\n" : "}}\n");
    }

    /** Imports of all packages of Thrum and of module java.base. */
    private static String imports() throws IOException {
        try (Stream<Path> files = Files.walk(Documentation.ROOT, 12)) {
            return "import module java.base;\n"
                    + files.map(file -> Documentation.ROOT.relativize(file).toString())
                            .map(PACKAGE::matcher)
                            .filter(Matcher::matches)
                            .filter(found -> !found.group(1).equals("bench"))
                            .map(found -> "import " + found.group(2).replace('/', '.') + ".*;\n")
                            .distinct()
                            .collect(Collectors.joining());
        }
    }

    private static void runTests(Block block) throws Exception {
        Path classes = compile(block);
        String name = sourceName(block).replace(".java", "");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, DocumentationTest.class.getClassLoader())) {
            SummaryGeneratingListener results = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(loader.loadClass(name)))
                                    .build(),
                            results);
            assertThat(results.getSummary().getFailures())
                    .extracting(TestExecutionSummary.Failure::getException)
                    .isEmpty();
            assertThat(results.getSummary().getTestsSucceededCount()).isPositive();
        }
    }
}
