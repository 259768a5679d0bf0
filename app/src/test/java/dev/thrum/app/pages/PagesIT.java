package dev.thrum.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import dev.thrum.app.Needs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The pages of the web service and the admin port in a real browser. */
@Timeout(180)
final class PagesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Child server;
    private Browser browser;

    @BeforeEach
    void open() throws IOException {
        Needs.command("curl");
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("x".repeat(200) + ".txt"), "a name that can't be broken into lines");
        browser = Browser.open(folder);
        server = Child.serve("--files", folder.toString());
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private String url(String service, String path) {
        return "http://127.0.0.1:" + server.port(service) + path;
    }

    private int status(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void everyPage_hasNoFaults() {
        for (String path : List.of("/", "/nowhere", "/accounts/abc", "/100%", "/files/", "/files/sub/", "/files/x")) {
            browser.assertNoFaults(url("web", path));
        }
        browser.assertNoFaults(url("admin", "/"));
        browser.assertNoFaults(url("admin", "/" + "nowhere".repeat(100)));
    }

    @Test
    void everyLink_works() throws Exception {
        add("/users", "{\"name\":\"Ann\",\"email\":\"ann@example.net\"}");
        add("/accounts", "{\"owner\":\"Ann\"}");
        for (String service : List.of("web", "admin")) {
            browser.driver().get(url(service, "/"));
            List<String> links = browser.driver().findElements(By.tagName("a")).stream()
                    .map(link -> String.valueOf(link.getDomProperty("href")))
                    .toList();
            assertThat(links).hasSizeGreaterThan(5);
            for (String link : links) {
                assertThat(status(link)).as(link).isEqualTo(200);
            }
        }
    }

    private void add(String path, String json) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> added = client.send(
                    HttpRequest.newBuilder(URI.create(url("web", path)))
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(json))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(added.statusCode()).isEqualTo(201);
        }
    }

    @Test
    void everyCommandLine_works_andTheMoneyIsRight() throws Exception {
        add("/users", "{\"name\":\"Bob\",\"email\":\"bob@example.net\"}");
        add("/accounts", "{\"owner\":\"Ann\"}");
        add("/accounts", "{\"owner\":\"Bob\"}");
        for (String service : List.of("web", "admin")) {
            browser.driver().get(url(service, "/"));
            List<String> lines = browser.driver().findElements(By.className("curl")).stream()
                    .map(WebElement::getText)
                    .toList();
            assertThat(lines).hasSameSizeAs(browser.driver().findElements(By.cssSelector("tbody tr")));
            for (String line : lines) {
                assertThat(run(line)).as(line).isEmpty();
                // Deposit, withdrawal and transfer have a key, so a repetition has no further effect.
                assertThat(run(line).contains("409")).as(line).isEqualTo(line.contains("ann@example.org"));
            }
        }
        browser.driver().get(url("web", "/accounts/1"));
        assertThat(browser.driver().findElement(By.tagName("body")).getText()).contains("\n  \"balance\": 30,\n");
    }

    /** The error output of curl if the line failed, else empty. */
    private static String run(String line) throws IOException {
        try (Child shell = Child.start(Map.of(), List.of("sh", "-c", line + " --fail --silent --show-error"))) {
            return shell.awaitExit() == 0 ? "" : String.join("\n", shell.err());
        }
    }

    @Test
    void form_whenSent_echoes() {
        browser.driver().get(url("web", "/"));
        WebElement field = browser.driver().findElement(By.name("message"));
        field.clear();
        field.sendKeys("Hé & you");
        browser.driver().findElement(By.tagName("button")).click();
        Browser.until(() -> String.valueOf(browser.driver().getCurrentUrl()).contains("/echo?"));
        assertThat(browser.driver().findElement(By.tagName("body")).getText()).contains("\"echo\": \"Hé & you\"");
    }
}
