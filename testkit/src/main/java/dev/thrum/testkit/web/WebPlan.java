package dev.thrum.testkit.web;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The description of a web, from which all of it follows: the same plan has the same pages, byte by byte.
 *
 * @param seed of the generated pages
 * @param hosts with generated pages
 * @param pages generated on each of them
 * @param textBytes about the size of a page's text
 * @param named whether URLs name hosts ({@code host0.test}, which {@link WebHosts} resolves) instead of their addresses
 * @param agent the name of the crawler, which rules and directives are addressed to
 * @param faults each has its own folder of a host, or its own host
 */
public record WebPlan(
        long seed, int hosts, int pages, int textBytes, boolean named, String agent, List<WebFault> faults) {
    private static final int MOST_HOSTS = 10_000;
    private static final int MOST_PAGES = 10_000_000;
    private static final int SMALL = 600;
    private static final int TYPICAL = 16_000;

    public WebPlan {
        faults = List.copyOf(faults);
        atLeastOne("hosts", hosts, MOST_HOSTS);
        atLeastOne("pages", pages, MOST_PAGES);
        if (hosts < 2 && !faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected at least two hosts for faults, some of which lead to another, but was " + hosts);
        }
    }

    /** Two hosts of ten small pages, without faults. */
    public static WebPlan of(long seed) {
        return new WebPlan(seed, 2, 10, SMALL, false, "thrum", List.of());
    }

    public WebPlan withHosts(int value) {
        return new WebPlan(seed, value, pages, textBytes, named, agent, faults);
    }

    public WebPlan withPages(int value) {
        return new WebPlan(seed, hosts, value, textBytes, named, agent, faults);
    }

    /** With pages of about 17 KB, like those of the real web. */
    public WebPlan withTypicalPages() {
        return withTextBytes(TYPICAL);
    }

    public WebPlan withTextBytes(int value) {
        return new WebPlan(seed, hosts, pages, value, named, agent, faults);
    }

    public WebPlan withNames() {
        return new WebPlan(seed, hosts, pages, textBytes, true, agent, faults);
    }

    public WebPlan withAgent(String value) {
        return new WebPlan(seed, hosts, pages, textBytes, named, value, faults);
    }

    /** With these faults besides. */
    public WebPlan with(WebFault... more) {
        List<WebFault> all = new ArrayList<>(faults);
        all.addAll(Arrays.asList(more));
        return new WebPlan(seed, hosts, pages, textBytes, named, agent, all);
    }

    /** The web of this plan when its hosts listen on this port. */
    public WebMap at(int port) {
        return new WebMap(this, port);
    }

    private static void atLeastOne(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("expected 1 to " + most + " " + name + " but was " + value);
        }
    }
}
