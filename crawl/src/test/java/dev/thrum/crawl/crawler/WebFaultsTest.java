package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.web.CrawlCheck;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebHosts;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The crawler meets what the catalogue expects of a crawl, fault by fault, in the simulation: there, waiting takes no
 * time.
 */
class WebFaultsTest {
    /** Traps that end after thousands of pages: only in long runs. */
    private static final Set<String> LONG = Set.of("trap-calendar");

    @TempDir
    private Path folder;

    static Stream<WebFault> faults() {
        return Stream.concat(Catalogue.all().stream(), Catalogue.ofNames().stream())
                .filter(fault -> Boolean.getBoolean("thrum.soak") || !LONG.contains(fault.name()));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void crawl_ofAFault_meetsItsExpectations(WebFault fault) throws Exception {
        assertThat(fault.name().startsWith("trap-") ? problemsOfATrap(fault) : problems(fault))
                .isEmpty();
    }

    /**
     * Over real connections: nothing waits there, and the index collects the words that show that pages are the same.
     */
    private List<String> problemsOfATrap(WebFault fault) throws Exception {
        try (CrawlScene scene = CrawlScene.of(folder, WebPlan.of(1).withPages(3).with(fault))) {
            return CrawlCheck.problems(scene.web, scene.crawl(scene.options()));
        }
    }

    private List<String> problems(WebFault fault) {
        List<String> problems = new ArrayList<>();
        Scenario scenario = world -> problems.addAll(problems(world, fault));
        int _ = Trial.of(scenario).check(1);
        return problems;
    }

    private List<String> problems(Simulation world, WebFault fault) throws Exception {
        WebPlan plan = WebPlan.of(1).withPages(3).with(fault);
        if (Catalogue.ofNames().contains(fault)) {
            plan = plan.withNames();
        }
        world.names(WebHosts::lookUp);
        try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, 0)) {
            CrawlOptions options =
                    CrawlScene.options(world.engine(), web.map().seeds()).withIndex(false);
            options = options.withPace(options.pace().withAtOnce(1, 4));
            Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
            try (Crawl crawl = Crawl.create(folder, options, around, new CrawlListener() {})) {
                CrawlResult result = crawl.run();
                if (!(result.end() instanceof CrawlEnd.Finished)) {
                    return List.of("ended: " + result.end());
                }
            }
            return CrawlCheck.problems(web, WrittenCrawl.read(folder));
        }
    }
}
