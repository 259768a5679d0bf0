package dev.thrum.app.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import dev.thrum.app.Peer;
import dev.thrum.app.docs.Documentation.Block;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Projects of their own that use Thrum from a Maven repository, as README.md and docs/programs.md say.
 *
 * <p>The repository is a new folder, so that the user's is not changed. It holds what {@code ./thrum install} puts there;
 * libraries of others come from the user's, which must have them, because Thrum has been built with it. Nothing is
 * downloaded.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
final class OtherProjectIT {
    private static final int PATIENCE_MINUTES = 15;

    /** Libraries that log somewhere, or that make something else do it. Such a choice is the program's. */
    private static final Pattern LOGGING =
            Pattern.compile("logback|log4j|slf4j-(?!api)|jul-to-slf4j|jcl-over-slf4j|tinylog|jboss-log");

    @TempDir
    private static Path folder;

    private Path repository = Path.of("");
    private Path project = Path.of("");

    @BeforeEach
    void makeProject() throws IOException {
        repository = Files.createTempDirectory(folder, "repository");
        project = Files.createTempDirectory(folder, "project");
        Files.createDirectories(project.resolve("src/main/java"));
    }

    @Test
    void readmeSnippet_inAProject_runsTheFirstProgramWithoutALoggingBackend() throws Exception {
        putLibraries();
        Block snippet = xmlOf("README.md");
        write("""
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>org.example</groupId>
                  <artifactId>shout</artifactId>
                  <version>1.0</version>
                  <properties>
                    <maven.compiler.release>25</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  %s
                  <build>
                    <plugins>
                      %s
                    </plugins>
                  </build>
                </project>
                """.formatted(snippet.text(), plugin("maven-compiler-plugin")));
        int port = program("Shout");

        maven("compile");

        List<String> classPath = classPath();
        assertThat(classPath).anyMatch(jar -> jar.contains("thrum-line"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                project.resolve("target/classes") + ":" + String.join(":", classPath),
                "Shout");
        try (Child shout = Child.start(Map.of(), command)) {
            DocumentationIT.awaitListening(shout, port);
            try (Peer client = new Peer(port)) {
                client.send("hello\n");
                assertThat(client.line()).isEqualTo("HELLO");
            }
            shout.signal("TERM");
            assertThat(shout.awaitExit()).isEqualTo(143);
            assertThat(shout.out()).isEmpty();
            assertThat(shout.err()).isEmpty();
        }
    }

    @Test
    void completeProject_ofTheDocumentation_servesHttp() throws Exception {
        putLibraries();
        buildAndTalk();
    }

    /** The command itself, in a copy of this checkout, because the test that runs has locked this one. */
    @Test
    @EnabledIfSystemProperty(named = "thrum.soak", matches = "true")
    void completeProject_afterInstall_servesHttp() throws Exception {
        Path checkout = copyOfThisCheckout();
        Path home = folder.resolve("home");
        Files.writeString(Files.createDirectories(home.resolve(".m2")).resolve("settings.xml"), """
                <settings>
                  <localRepository>%s</localRepository>
                  <profiles>
                    <profile>
                      <id>first</id>
                      <repositories>%s</repositories>
                      <pluginRepositories>%s</pluginRepositories>
                    </profile>
                  </profiles>
                  <activeProfiles><activeProfile>first</activeProfile></activeProfiles>
                </settings>
                """.formatted(
                        repository, usersAs("repository"), usersAs("pluginRepository")));

        List<String> said = run(
                checkout,
                "env",
                "MAVEN_OPTS=-Duser.home=" + home,
                checkout.resolve("thrum").toString(),
                "install");

        assertThat(said).contains("Installed Thrum " + Libraries.version() + " into the local Maven repository.");
        for (String module : Libraries.modules()) {
            assertThat(folderOf(module))
                    .isDirectoryContaining(file -> file.toString().endsWith("-sources.jar"))
                    .isDirectoryContaining(file -> file.toString().endsWith("-javadoc.jar"));
        }
        assertThat(repository.resolve("dev/thrum"))
                .isDirectoryNotContaining(artifact -> Set.of("thrum-app", "thrum-bench", "thrum-examples")
                        .contains(artifact.getFileName().toString()));
        buildAndTalk();
    }

    /** Builds the project of docs/programs.md with its programs, and runs one as the text says. */
    private void buildAndTalk() throws Exception {
        Block pom = xmlOf("docs/programs.md");
        write(pom.text());
        for (String name : List.of("Shout", "Votes", "Guess", "Orders")) {
            program(name);
        }
        int port = program("Notes");
        Block block = Documentation.blocks().stream()
                .filter(each ->
                        each.document().equals(pom.document()) && each.text().startsWith("mvn "))
                .findFirst()
                .orElseThrow();
        assertThat(block.text().strip()).endsWith("=Notes");

        try (Child maven = Child.start(
                Map.of(), shell(project, command(block.text().strip().split(" "))))) {
            DocumentationIT.awaitListening(maven, port);
            try (HttpClient client = HttpClient.newHttpClient()) {
                URI notes = URI.create("http://localhost:" + port + "/notes");
                HttpRequest add = HttpRequest.newBuilder(notes)
                        .POST(HttpRequest.BodyPublishers.ofString("Buy milk"))
                        .build();
                assertThat(client.send(add, BodyHandlers.ofString()).body()).isEqualTo("note 1\n");
                HttpRequest show =
                        HttpRequest.newBuilder(URI.create(notes + "/1")).build();
                assertThat(client.send(show, BodyHandlers.ofString()).body()).isEqualTo("Buy milk\n");
            }
        }
        assertThat(classPath())
                .anyMatch(jar -> jar.contains("thrum-http-server"))
                .anyMatch(jar -> jar.contains("thrum-engine-events"));
    }

    private static Block xmlOf(String document) {
        return Documentation.blocks().stream()
                .filter(block ->
                        block.document().equals(document) && block.language().equals("xml"))
                .findFirst()
                .orElseThrow();
    }

    /** Saves a program of the documentation where Maven looks for it, with a free port; returns that. */
    private int program(String name) throws IOException {
        Block block = Documentation.blocks().stream()
                .filter(each -> each.isProgram() && each.fileName().equals(name + ".java"))
                .findFirst()
                .orElseThrow();
        int named = DocumentationIT.portOf(block.text());
        int port = DocumentationIT.freePort();
        Files.writeString(
                project.resolve("src/main/java").resolve(block.fileName()),
                block.text().replace(Integer.toString(named), Integer.toString(port)));
        return port;
    }

    /**
     * Writes the POM. Plugins that it leaves to Maven get the versions that Thrum is built with, which the user's
     * repository has.
     */
    private void write(String pom) throws IOException {
        assertThat(pom).contains("</plugins>");
        Files.writeString(
                project.resolve("pom.xml"), pom.replace("</plugins>", plugin("maven-resources-plugin") + "</plugins>"));
    }

    private static String plugin(String name) throws IOException {
        String parent = Files.readString(Documentation.ROOT.resolve("pom.xml"));
        Matcher version = Pattern.compile("<artifactId>" + name + "</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(parent);
        assertThat(version.find()).as("the version of %s", name).isTrue();
        return "<plugin><artifactId>" + name + "</artifactId><version>" + version.group(1) + "</version></plugin>";
    }

    /** The libraries that the project needs to run, as Maven finds them; none of them logs. */
    private List<String> classPath() throws Exception {
        Path file = project.resolve("class-path");
        String version = plugin("maven-dependency-plugin").replaceAll(".*<version>|</version>.*", "");
        maven(
                "org.apache.maven.plugins:maven-dependency-plugin:" + version + ":build-classpath",
                "-Dmdep.includeScope=runtime",
                "-Dmdep.outputFile=" + file);
        List<String> jars = Arrays.asList(Files.readString(file).strip().split(":", -1));
        assertThat(jars)
                .allSatisfy(jar -> assertThat(jar).endsWith(".jar"))
                .noneSatisfy(
                        jar -> assertThat(Path.of(jar).getFileName().toString()).containsPattern(LOGGING));
        return jars;
    }

    private void maven(String... arguments) throws Exception {
        List<String> mvn = new ArrayList<>(List.of("mvn"));
        mvn.addAll(List.of(arguments));
        assertThat(run(project, command(mvn.toArray(String[]::new)).toArray(String[]::new)))
                .noneMatch(line -> line.startsWith("[ERROR]"));
    }

    /** The command with the repositories of this test. */
    private List<String> command(String... mvn) throws IOException {
        Path settings = folder.resolve("settings.xml");
        Files.writeString(settings, """
                <settings>
                  <localRepository>%s</localRepository>
                  <mirrors>
                    <mirror><id>users</id><mirrorOf>*</mirrorOf><url>%s</url></mirror>
                  </mirrors>
                </settings>
                """.formatted(repository, usersRepository().toUri()));
        List<String> command = new ArrayList<>(List.of(mvn));
        command.addAll(1, List.of("--batch-mode", "-Dstyle.color=never", "--settings", settings.toString()));
        return command;
    }

    private static List<String> shell(Path where, List<String> command) {
        List<String> all = new ArrayList<>(List.of("bash", "-c", "cd \"$0\" && exec \"$@\"", where.toString()));
        all.addAll(command);
        return all;
    }

    private static List<String> run(Path where, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(where.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as("%s ends", List.of(command))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as("%s: %s", List.of(command), lines).isZero();
        return lines;
    }

    /** What {@code ./thrum install} puts into a repository, without the jars of sources and Javadoc. */
    private void putLibraries() throws IOException {
        String version = Libraries.version();
        for (String pom : List.of("parent", "bom")) {
            Path source = pom.equals("parent") ? Path.of("pom.xml") : Path.of(pom, "pom.xml");
            put(Documentation.ROOT.resolve(source), pom, ".pom");
        }
        for (String module : Libraries.modules()) {
            Path source = Documentation.ROOT.resolve(module);
            put(source.resolve("pom.xml"), module, ".pom");
            put(source.resolve("target/thrum-" + module + "-" + version + ".jar"), module, ".jar");
        }
    }

    private void put(Path file, String module, String extension) throws IOException {
        assertThat(file).as("a file that the build makes before this test").isRegularFile();
        Path target = Files.createDirectories(folderOf(module));
        Files.copy(file, target.resolve("thrum-" + module + "-" + Libraries.version() + extension));
    }

    private Path folderOf(String module) throws IOException {
        return repository.resolve("dev/thrum/thrum-" + module).resolve(Libraries.version());
    }

    /** The repository that the libraries of this test come from. */
    private static Path usersRepository() {
        try {
            Path jar = Path.of(Assertions.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            // Its folder is named by its version, and those above by its artifact and its group.
            Path users = jar.resolve("../../../../..").normalize();
            assertThat(jar).startsWith(users.resolve("org/assertj/assertj-core"));
            return users;
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static String usersAs(String element) {
        return "<%s><id>users</id><url>%s</url><snapshots><enabled>false</enabled></snapshots></%s>"
                .formatted(element, usersRepository().toUri(), element);
    }

    private static Path copyOfThisCheckout() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("checkout"));
        Set<Path> left = Set.of(Path.of("target"), Path.of(".git"));
        Files.walkFileTree(Documentation.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
                if (left.contains(from.getFileName())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(copy.resolve(Documentation.ROOT.relativize(from)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                Files.copy(from, copy.resolve(Documentation.ROOT.relativize(from)));
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }
}
