package dev.thrum.lab.picture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import dev.thrum.simulation.explore.Program;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pictures say, on a page and in a terminal. */
final class PictureTest {
    /** The goal for a page; 150,000 is the limit. */
    private static final int PAGE_BYTES = 60_000;

    private static final Caption CAPTION =
            new Caption("Title", "What.", "Facts.", new Listing("A.java", 10, List.of("a();", "b();")), List.of());

    static Stream<Class<? extends Program>> programs() {
        return Programs.WRONG.stream();
    }

    @Test
    void lostUpdate_isToldWithItsValues() {
        assertThat(Programs.summary(Programs.Increments.class))
                .isEqualTo(
                        "count is 1 but should be 2. A writes 1 to count over B's 1, because its copy, 0, was out of date:"
                                + " B's update is lost.");
    }

    @Test
    void deadlock_isToldAsARing() {
        assertThat(Programs.summary(Programs.OppositeOrder.class))
                .isEqualTo("Deadlock: A waits for right, which B holds; B waits for left, which A holds.");
        assertThat(Programs.picture(Programs.OppositeOrder.class).html())
                .contains(
                        "aria-label=\"The ring of the deadlock: A waits for right, held by B; B waits for left, held by A\"");
    }

    @Test
    void ringOfThree_hasThreeThreadsAndThreeLocks() {
        assertThat(Programs.summary(Programs.Philosophers.class))
                .startsWith("Deadlock: ")
                .contains("A waits for forks[1], which B holds")
                .contains("B waits for forks[2], which C holds")
                .contains("C waits for forks[0], which A holds");
    }

    @Test
    void signalBeforeTheWait_isToldAsLost() {
        assertThat(Programs.summary(Programs.EarlySignal.class))
                .isEqualTo("A wait that never ends: A waits for a signal, which never comes.");
        assertThat(Programs.picture(Programs.EarlySignal.class).columns(100)).contains("signals nobody");
    }

    @Test
    void livelock_saysWhoGoesOn() {
        assertThat(Programs.summary(Programs.Polite.class)).isEqualTo("Livelock: A goes on for ever and gets nowhere.");
    }

    @Test
    void exception_saysWhoThrowsWhat() {
        assertThat(Programs.summary(Programs.Hostile.class))
                .isEqualTo("B throws IllegalStateException: </title><script>alert(1)</script>.");
    }

    @Test
    void scheduleWithoutAFinding_showsWhoWaits() {
        List<Finding.Step> steps =
                Explorer.of(Programs.Synchronized.class).sample().trace();
        Caption caption = Programs.caption(Programs.Synchronized.class);

        assertThat(Plotter.plot(steps, caption).verdict().sentence()).isEqualTo("Nothing goes wrong in this schedule.");
        assertThat(Picture.ofSteps(steps, caption).columns(100)).contains("waits for Synchronized");
    }

    @Test
    void actorsAndThreads_haveTheNamesOfTheCaption() {
        Caption named = new Caption("", "", "", CAPTION.source(), List.of("Ann"));

        assertThat(Plotter.plot(Programs.finding(Programs.OppositeOrder.class), named)
                        .verdict()
                        .sentence())
                .contains("Ann waits for right, which B holds");
    }

    @Test
    void stuckThreads_areARing_orAWaitThatNobodyEnds() {
        List<Stuck> ring = List.of(new Stuck("one", 10, "left", "two"), new Stuck("two", 11, "right", "one"));
        assertThat(StuckThreads.plot(ring, CAPTION).verdict().sentence())
                .isEqualTo("Deadlock: one waits for left, which two holds; two waits for right, which one holds.");
        assertThat(Picture.ofStuck(ring, CAPTION).html()).contains("id=\"ring\"");

        List<Stuck> signal = List.of(new Stuck("one", 0, "a signal of full", ""));
        assertThat(StuckThreads.plot(signal, CAPTION).verdict().sentence())
                .isEqualTo("A wait that never ends: one waits for a signal of full, which never comes.");
        assertThat(Picture.ofStuck(signal, CAPTION).html()).doesNotContain("id=\"ring\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Picture.ofStuck(List.of(), CAPTION));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void page_hasNoOtherFile_andIsSmall(Class<? extends Program> program) {
        String page = Programs.picture(program).html();

        assertThat(page.getBytes(UTF_8)).hasSizeLessThan(PAGE_BYTES);
        assertThat(page)
                .doesNotContainPattern("(?i)(src|href)\\s*=\\s*\"?(?!\"?data:)")
                .doesNotContain("@import");
        assertThat(page.replace("http://www.w3.org/2000/svg", "")).doesNotContainPattern("https?://");
        assertThat(page).doesNotContainPattern("(?i)\\son[a-z]+\\s*=\\s*\"");
    }

    @Test
    void page_escapesWhatComesFromPrograms() {
        Caption hostile = new Caption(
                "</title><script>alert(1)</script>",
                "<img src=x onerror=alert(2)>",
                "a & b",
                new Listing("<i>.java", 1, List.of("</pre><script>alert(3)</script>")),
                List.of("<b>A</b>"));
        String page =
                Picture.of(Programs.finding(Programs.Hostile.class), hostile).html();

        assertThat(page.split("<script", -1)).hasSize(3);
        assertThat(page.split("</script", -1)).hasSize(3);
        assertThat(page).doesNotContain("<img", "<b>", "<i>", "<b ").contains("a &amp; b");
    }

    @ParameterizedTest
    @MethodSource("programs")
    void columns_fitTheTerminal_andSayTheSame(Class<? extends Program> program) {
        Picture picture = Programs.picture(program);
        for (int width = 20; width <= 140; width++) {
            String text = picture.columns(width);

            assertThat(text.lines())
                    .as("%d columns", width)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
            int most = width;
            assertThat(text.lines())
                    .as("%d columns", width)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(most));
            assertThat(text.chars()).allMatch(c -> c == '\n' || (c >= ' ' && c != 0x7f));
        }
    }

    @Test
    void terminalThatIsTooNarrow_getsOneLine_andAList() {
        String text = Programs.picture(Programs.Increments.class).columns(40);

        assertThat(text.replace('\n', ' '))
                .startsWith(
                        "(expected a terminal at least 48 columns wide for 2 threads but it has 40: here are the steps as a"
                                + " list)")
                .contains("A writes 1 to count over B's 1");
    }

    @Test
    void manySteps_areFolded_andTheDecisiveOnesRemain() {
        String text = Programs.picture(Programs.Loops.class).columns(100);

        assertThat(text.lines().filter(line -> line.matches(" +\\d+ .*"))).hasSizeLessThanOrEqualTo(Folds.MOST);
        assertThat(text).containsPattern("\\d+ more of [AB]").contains("! writes sum = ");
    }

    @Test
    void listing_findsTheInnermostLineThatItHas() {
        Listing listing = CAPTION.source();

        assertThat(listing.line("A.java:11")).isEqualTo(11);
        assertThat(List.of("A.java:9", "A.java:12", "B.java:11", "", "A.java"))
                .allSatisfy(place -> assertThat(listing.line(place)).isZero());
        assertThat(listing.nearest(List.of("B.java:1", "A.java:11", "A.java:10")))
                .isEqualTo("A.java:11");
        assertThat(listing.nearest(List.of("B.java:1"))).isEqualTo("B.java:1");
        assertThat(listing.nearest(List.of())).isEmpty();
    }
}
