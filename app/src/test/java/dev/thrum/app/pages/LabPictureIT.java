package dev.thrum.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.lab.picture.Caption;
import dev.thrum.lab.picture.Listing;
import dev.thrum.lab.picture.Picture;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;

/** Pictures of schedules in a real browser. */
@Timeout(180)
final class LabPictureIT {
    /** The most events that may be drawn at once. */
    private static final int MOST = 12;

    @TempDir
    private Path folder;

    private Browser opened;
    private ChromeDriver browser;

    static final class LostUpdate implements Program {
        private int total;

        @Override
        public List<Actor> actors() {
            return List.of(() -> total++, () -> total++);
        }

        @Override
        public void invariant() {
            if (total != 2) {
                throw new IllegalStateException("expected total to be 2 but was " + total);
            }
        }
    }

    // Wrong on purpose.
    @SuppressWarnings("LockNotBeforeTry")
    static final class Opposite implements Program {
        private final ReentrantLock left = new ReentrantLock();
        private final ReentrantLock right = new ReentrantLock();

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(left, right), () -> both(right, left));
        }

        private static void both(ReentrantLock first, ReentrantLock second) {
            first.lock();
            second.lock();
            second.unlock();
            first.unlock();
        }
    }

    static final class Sums implements Program {
        private int sum;

        @Override
        public List<Actor> actors() {
            return List.of(this::add, this::add, this::add);
        }

        private void add() {
            for (int i = 0; i < 10; i++) {
                sum = sum + 1;
            }
        }

        @Override
        public void invariant() {
            if (sum != 30) {
                throw new IllegalStateException("expected sum to be 30 but was " + sum);
            }
        }
    }

    @BeforeEach
    void open() {
        opened = Browser.open(folder);
        browser = opened.driver();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private String page(Class<? extends Program> program) throws IOException {
        Caption caption = new Caption(
                program.getSimpleName(),
                "What it does.",
                "How it was found.",
                new Listing(
                        "LabPictureIT.java",
                        1,
                        Files.readAllLines(Path.of("src/test/java/dev/thrum/app/pages/LabPictureIT.java"))),
                List.of());
        Picture picture = Picture.of(Explorer.of(program).explore().findings().getFirst(), caption);
        Path file = folder.resolve(program.getSimpleName() + ".html");
        Files.writeString(file, picture.html());
        return file.toUri().toString();
    }

    private String now() {
        return browser.findElement(By.id("now")).getText();
    }

    private int last() {
        return Integer.parseInt(browser.findElement(By.id("step")).getAttribute("max"));
    }

    private List<?> columns() {
        return (List<?>) browser.executeScript("return [...document.querySelectorAll('#lanes rect.box')]");
    }

    /** What the browser has requested, and complained about, since the page was opened. */
    private void assertQuiet() {
        assertThat(opened.messages()).isEmpty();
        assertThat((List<?>) browser.executeScript("return performance.getEntriesByType('resource').map(e => e.name)"))
                .isEmpty();
    }

    @Test
    void page_isSteppedFromFirstToLast_andBack() throws IOException {
        for (var program : List.of(LostUpdate.class, Opposite.class, Sums.class)) {
            browser.get(page(program));
            int last = last();
            String end = now();
            for (int step = last; step > 0; step--) {
                assertThat(now()).startsWith("Step " + step + ": ");
                assertThat(columns()).hasSizeBetween(1, Math.min(MOST, step));
                browser.findElement(By.id("back")).click();
            }
            assertThat(now()).isEqualTo("Before the first step.");
            assertThat(columns()).isEmpty();
            for (int step = 1; step <= last; step++) {
                browser.findElement(By.tagName("body")).sendKeys(Keys.ARROW_RIGHT);
                assertThat(now()).startsWith("Step " + step + ": ");
            }
            assertThat(now()).isEqualTo(end);
            assertQuiet();
        }
        browser.executeScript("console.error('to see that messages are seen')");
        assertThat(opened.messages()).hasSize(1);
    }

    @Test
    void request_isForbiddenByThePageItself() throws IOException {
        browser.get(page(LostUpdate.class));
        browser.executeScript("new Image().src = 'http://127.0.0.1:9/'");

        assertThat(opened.messages()).singleElement().asString().contains("Content Security Policy");
    }

    @Test
    void print_fitsThePaper_andHasTheText() throws IOException {
        browser.get(page(Sums.class));
        browser.executeScript("dispatchEvent(new Event('beforeprint'))");
        assertThat((Boolean) browser.executeScript("return document.getElementById('picture').style.zoom < 1"
                        + " && document.getElementById('text').open"))
                .isTrue();
        browser.executeScript("dispatchEvent(new Event('afterprint'))");
        assertThat((Boolean) browser.executeScript("return document.getElementById('picture').style.zoom === ''"
                        + " && !document.getElementById('text').open"))
                .isTrue();
    }

    @Test
    void lastSentence_namesTheVariable_orTheLocks() throws IOException {
        browser.get(page(LostUpdate.class));
        assertThat(now()).contains("total is 1 but should be 2").contains("update is lost");
        assertThat(browser.findElement(By.id("lanes")).getText()).contains("✗ should be 2", "out of date");

        browser.get(page(Opposite.class));
        assertThat(now()).contains("A waits for right, which B holds; B waits for left, which A holds");
        assertThat(browser.findElement(By.id("ring")).isDisplayed()).isTrue();
        browser.findElement(By.id("back")).click();
        assertThat(browser.findElement(By.id("ring")).isDisplayed()).isFalse();
    }

    @Test
    void source_hasAMarkForEachThread_atItsLine() throws IOException {
        browser.get(page(Opposite.class));

        assertThat((List<?>) browser.executeScript(
                        "return [...document.querySelectorAll('.line')].filter(l => l.querySelector('.marks').textContent !== '')"
                                + ".map(l => l.textContent.trim())"))
                .singleElement()
                .asString()
                .matches("(A‖B‖|B‖A‖) *\\d+ +second.lock\\(\\);");
    }

    @Test
    void play_goesFromTheFirstStepToTheLast() throws IOException {
        browser.get(page(LostUpdate.class));
        int last = last();
        browser.findElement(By.id("play")).click();

        Browser.until(() -> now().startsWith("Step " + last + ": ")
                && browser.findElement(By.id("play")).getText().equals("Play"));
        assertQuiet();
    }

    @Test
    void page_fitsAPhoneAndADesktop_lightAndDark() throws IOException {
        opened.forEachScreen(page(Sums.class), screen -> {
            assertThat((Boolean) browser.executeScript(
                            "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                    .as(screen)
                    .isTrue();
            assertThat(browser.executeScript("return Math.min(...[...document.querySelectorAll('svg text')]"
                            + ".map(t => parseFloat(getComputedStyle(t).fontSize)))"))
                    .as("smallest text")
                    .isEqualTo(12L);
            assertThat(columns()).hasSizeBetween(5, MOST);
        });
    }
}
