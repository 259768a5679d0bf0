package dev.thrum.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** Folder listings in a real browser. */
@Timeout(180)
final class FilesBrowserIT {
    private static final String AWKWARD = "A \"b\" & <i>c #1?%41.txt";

    @TempDir
    private Path folder;

    @TempDir
    private Path downloads;

    private Child server;
    private Browser opened;
    private ChromeDriver browser;

    @BeforeEach
    void open() throws IOException {
        put("b.txt", 2_000, 3);
        put("a.txt", 30, 1);
        put("c.bin", 3_000_000, 2);
        put(AWKWARD, 1, 4);
        put("sub/deep/end.txt", 5, 5);
        server = Child.thrum(Map.of("THRUM_PORT", "0"), "files", folder.toString())
                .awaitServing();
        opened = Browser.open(downloads);
        browser = opened.driver();
        browser.get("http://127.0.0.1:" + server.port("files") + "/");
    }

    @AfterEach
    void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private void put(String name, int size, int day) throws IOException {
        Files.createDirectories(folder.resolve(name).resolveSibling("."));
        Path file = Files.write(folder.resolve(name), new byte[size]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-0" + day + "T08:00:00Z")));
    }

    private List<String> names() {
        return browser.findElements(By.cssSelector("tbody a")).stream()
                .map(WebElement::getText)
                .toList();
    }

    private void click(String text) {
        String before = browser.getCurrentUrl();
        browser.findElement(By.partialLinkText(text)).click();
        Browser.until(() -> !String.valueOf(browser.getCurrentUrl()).equals(before));
    }

    @Test
    void list_whenAHeadingIsClicked_isSortedByIt() {
        assertThat(names()).containsExactly("sub/", AWKWARD, "a.txt", "b.txt", "c.bin");
        click("Name");
        assertThat(names()).containsExactly("sub/", "c.bin", "b.txt", "a.txt", AWKWARD);
        click("Size");
        assertThat(names()).containsExactly("sub/", AWKWARD, "a.txt", "b.txt", "c.bin");
        click("Size");
        assertThat(names()).containsExactly("sub/", "c.bin", "b.txt", "a.txt", AWKWARD);
        click("Modified");
        assertThat(names()).containsExactly("sub/", "a.txt", "c.bin", "b.txt", AWKWARD);
        assertThat(browser.findElement(By.cssSelector("th[aria-sort]")).getText())
                .startsWith("Modified");
    }

    @Test
    void folders_whenClicked_areOpened_andBreadcrumbsLeadBack() {
        click("sub/");
        click("deep/");
        assertThat(names()).containsExactly("../", "end.txt");
        assertThat(browser.findElement(By.tagName("h1")).getText()).isEqualTo("Files / sub / deep /");
        click("Files");
        assertThat(names()).contains("a.txt");
    }

    @Test
    void name_thatLooksLikeMarkup_isText() {
        assertThat(browser.findElements(By.tagName("i"))).isEmpty();
        WebElement link = browser.findElement(By.partialLinkText("#1"));
        assertThat(link.getDomProperty("href")).endsWith("/A%20%22b%22%20%26%20%3Ci%3Ec%20%231%3F%2541.txt");
    }

    @Test
    void file_whenClicked_isDownloaded() {
        browser.findElement(By.linkText("c.bin")).click();
        Path file = downloads.resolve("c.bin");
        Browser.until(() -> Files.exists(file));
        assertThat(file).hasSameBinaryContentAs(folder.resolve("c.bin"));
    }

    @Test
    void everyPage_hasNoFaults() throws IOException {
        put("deep".repeat(50) + "/" + "x".repeat(200) + ".tar.gz", 123_456, 6);
        Files.createDirectories(folder.resolve("empty"));
        String root = "http://127.0.0.1:" + server.port("files") + "/";
        for (String path : List.of("", "sub/", "deep".repeat(50) + "/", "empty/", "nowhere", "100%")) {
            opened.assertNoFaults(root + path);
        }
        browser.get(root + "favicon.ico");
        assertThat(browser.executeScript("return document.contentType")).isEqualTo("image/svg+xml");
    }
}
