package dev.thrum.testkit.web.faults;

import dev.thrum.testkit.web.WebFault;
import java.util.List;
import java.util.stream.Stream;

/**
 * All faults by their names, for tests that go through them: each is put into a plan by itself or with others, and its expectations
 * must hold after the crawl.
 *
 * <p>They expect the defaults of a crawl (robots.txt obeyed, sitemaps on, 8 MiB a page, URLs of at most 2,048 characters), and that
 * it may connect to 127.0.0.0/8.
 */
public final class Catalogue {
    private Catalogue() {}

    /** The faults that work in every plan, group by group. */
    public static List<WebFault> all() {
        return Stream.of(
                        HrefFaults.all(),
                        RedirectFaults.all(),
                        CharsetFaults.all(),
                        CodingFaults.all(),
                        FramingFaults.all(),
                        SlownessFaults.all(),
                        ConnectionFaults.all(),
                        ThrottlingFaults.all(),
                        StatusFaults.all(),
                        RobotsFaults.all(),
                        SitemapFaults.all(),
                        TrapFaults.all(),
                        TypeFaults.all(),
                        DirectiveFaults.all(),
                        HtmlFaults.all(),
                        GuardFaults.all())
                .flatMap(List::stream)
                .toList();
    }

    /** The faults of seeds, for plans with names. */
    public static List<WebFault> ofNames() {
        return SeedFaults.all();
    }

    /**
     * The fault of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static WebFault named(String name) {
        return Stream.concat(all().stream(), ofNames().stream())
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected the name of a fault but was " + name + ": see Catalogue.all"));
    }
}
