package dev.thrum.app.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.Needs;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** A real browser, and the requirements that every page must meet in it. */
final class Browser implements AutoCloseable {
    /** The width of a phone's screen. */
    static final int PHONE = 390;

    private static final List<Integer> WIDTHS = List.of(PHONE, 1280);
    private static final List<String> SCHEMES = List.of("light", "dark");
    private static final int HEIGHT = 800;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Lists all faults of the current page, one a line. */
    private static final String FAULTS = """
            const faults = [];
            const need = (good, fault) => { if (!good) faults.push(fault); };
            const all = selector => [...document.querySelectorAll(selector)];
            const root = document.documentElement;
            need(root.scrollWidth <= root.clientWidth, `it scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
            for (const e of all('main *')) {
              const scrolls = ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth;
              need(!scrolls, `<${e.localName}> scrolls sideways`);
            }
            need(root.lang === 'en', 'no language');
            need(document.title !== '', 'no title');
            need(all('main').length === 1, `${all('main').length} landmarks main`);
            need([...document.body.children].every(e => e.localName === 'main'), 'content outside of main');
            need(all('link[rel=icon]').length === 1, 'no icon');
            const levels = all('h1,h2,h3,h4,h5,h6').map(h => +h.localName[1]);
            need(levels.filter(level => level === 1).length === 1 && levels[0] === 1, `headings ${levels}`);
            levels.forEach((level, i) => need(i === 0 || level <= levels[i - 1] + 1, `headings ${levels}`));
            for (const th of all('th')) need(['col', 'row'].includes(th.scope), `<th> without scope: ${th.innerText}`);
            for (const table of all('table')) need(table.querySelector('th[scope=col]'), 'a table without headings');
            for (const input of all('input')) need(input.labels.length === 1, `<input> without a label: ${input.name}`);
            for (const e of all('[aria-labelledby]'))
              need(document.getElementById(e.getAttribute('aria-labelledby')), 'aria-labelledby names no element');
            const ids = all('[id]').map(e => e.id);
            need(new Set(ids).size === ids.length, `duplicate ids: ${ids}`);
            // WCAG 2, 1.4.3.
            const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
            const rgb = colour => {
              canvas.clearRect(0, 0, 1, 1);
              canvas.fillStyle = colour;
              canvas.fillRect(0, 0, 1, 1);
              return [...canvas.getImageData(0, 0, 1, 1).data];
            };
            const luminance = colour => rgb(colour).slice(0, 3).map(c => c / 255)
              .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
              .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const background = e => {
              while (e && rgb(getComputedStyle(e).backgroundColor)[3] === 0) e = e.parentElement;
              return e ? getComputedStyle(e).backgroundColor : 'Canvas';
            };
            for (const e of all('main *')) {
              if ([...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim() !== '')) {
                const [dark, light] = [getComputedStyle(e).color, background(e)].map(luminance).sort((a, b) => a - b);
                const contrast = (light + 0.05) / (dark + 0.05);
                need(contrast >= 4.5, `contrast ${contrast.toFixed(2)} of <${e.localName}>: ${e.innerText}`);
              }
            }
            return faults.join('\\n');
            """;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Opens a browser that saves downloads in this folder. */
    static Browser open(Path downloads) {
        Needs.command("chromium");
        Needs.command("chromedriver");
        ChromeOptions options = new ChromeOptions()
                .setBinary("/usr/bin/chromium")
                .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")
                .setExperimentalOption(
                        "prefs",
                        Map.of(
                                "download.default_directory",
                                downloads.toString(),
                                "download.prompt_for_download",
                                false));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Gives the screen a size, in pixels; a narrow one is that of a phone. */
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < height));
    }

    /** Opens a page at the widths of a phone and of a desktop, light and dark, and runs a check each time, which gets words for the screen. */
    void forEachScreen(String url, Consumer<String> check) {
        for (int width : WIDTHS) {
            resize(width, HEIGHT);
            for (String scheme : SCHEMES) {
                driver.executeCdpCommand(
                        "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
                driver.get(url);
                check.accept(width + " pixels wide, " + scheme);
            }
        }
    }

    /** Asserts that a page has no fault at the width of a phone or a desktop, light or dark. */
    void assertNoFaults(String url) {
        forEachScreen(
                url,
                screen -> assertThat(driver.executeScript(FAULTS))
                        .as("faults of %s, %s", url, screen)
                        .isEqualTo(""));
    }

    /** The messages of pages since the last call. */
    List<String> messages() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Waits for a condition, because a browser works asynchronously. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end)
                    .as("nanoseconds after the deadline")
                    .isNegative();
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
