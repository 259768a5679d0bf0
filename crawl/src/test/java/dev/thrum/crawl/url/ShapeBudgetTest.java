package dev.thrum.crawl.url;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.url.Skip.Reason;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShapeBudgetTest {
    private static final UrlShape SHAPE = new UrlShape(7, "/{n}");
    private static final UrlShape OTHER = new UrlShape(8, "/x/{n}");

    private final ShapeBudget budget = new ShapeBudget(1_000, 100, 1);

    private void fetch(String host, UrlShape shape, int pages, long firstContent, int step) {
        for (int i = 0; i < pages; i++) {
            budget.pageDone(host, shape.hash(), firstContent + (long) i * step);
        }
    }

    @Test
    void shape_whoseFirstPagesHaveOneContent_isATrap() {
        fetch("h", SHAPE, 15, 5, 0);
        assertThat(budget.check("h", SHAPE)).isEmpty();

        fetch("h", SHAPE, 1, 5, 0);

        assertThat(budget.check("h", SHAPE))
                .contains(new Skip(Reason.TRAP, "16 pages of the shape /{n} have one content"));
        assertThat(budget.check("h", OTHER)).isEmpty();
        assertThat(budget.check("other", SHAPE)).isEmpty();
    }

    @Test
    void shape_withOnePageThatDiffers_isNone_howeverManyAreTheSame() {
        fetch("h", SHAPE, 1, 5, 0);
        fetch("h", SHAPE, 1, 6, 0);
        fetch("h", SHAPE, 50, 5, 0);

        assertThat(budget.check("h", SHAPE)).isEmpty();
    }

    @Test
    void shape_thatIsClosed_opensAgain_whenAPageOnItsWayDiffers() {
        fetch("h", SHAPE, 20, 5, 0);
        assertThat(budget.check("h", SHAPE)).isPresent();

        fetch("h", SHAPE, 1, 6, 0);

        assertThat(budget.check("h", SHAPE)).isEmpty();
    }

    @Test
    void shape_hasABudget() {
        fetch("h", SHAPE, 99, 0, 1);
        assertThat(budget.check("h", SHAPE)).isEmpty();

        fetch("h", SHAPE, 1, 1_000, 1);

        assertThat(budget.check("h", SHAPE))
                .contains(new Skip(Reason.BUDGET, "100 pages of the shape /{n}, at most 100"));
        assertThat(budget.check("h", OTHER)).isEmpty();
    }

    @Test
    void host_hasABudget_forAllItsShapes() {
        for (int i = 1; i < 1_000; i++) {
            budget.pageDone("h", i, i);
        }
        assertThat(budget.check("h", SHAPE)).isEmpty();

        budget.pageDone("h", SHAPE.hash(), 1);

        assertThat(budget.check("h", OTHER))
                .contains(new Skip(Reason.BUDGET, "1,000 pages of this host, at most 1,000"));
        assertThat(budget.check("i", SHAPE)).isEmpty();
    }

    @Test
    void content_ofZero_isOneToo() {
        fetch("h", SHAPE, 16, 0, 0);

        assertThat(budget.check("h", SHAPE)).isPresent();
    }

    @Test
    void millionShapes_changeNothing_forWhatHasHadPages() {
        fetch("calm", SHAPE, 100, 0, 1);
        fetch("same", SHAPE, 16, 9, 0);
        SplittableRandom random = new SplittableRandom(2);

        for (int i = 0; i < 1_000_000; i++) {
            budget.pageDone("mad", random.nextLong(), random.nextLong());
        }

        assertThat(budget.check("calm", SHAPE).orElseThrow().reason()).isEqualTo(Reason.BUDGET);
        assertThat(budget.check("same", SHAPE).orElseThrow().reason()).isEqualTo(Reason.TRAP);
        assertThat(budget.check("mad", SHAPE).orElseThrow().detail()).startsWith("1,000,000 pages of this host");
    }

    @Test
    void replay_inAnotherOrderOfShapes_comesToTheSame() {
        ShapeBudget replayed = new ShapeBudget(1_000, 100, 99);
        fetch("h", SHAPE, 16, 5, 0);
        fetch("h", OTHER, 100, 0, 1);
        for (int i = 0; i < 100; i++) {
            replayed.pageDone("h", OTHER.hash(), i);
            if (i < 16) {
                replayed.pageDone("h", SHAPE.hash(), 5);
            }
        }

        assertThat(replayed.check("h", SHAPE)).isPresent().isEqualTo(budget.check("h", SHAPE));
        assertThat(replayed.check("h", OTHER)).isPresent().isEqualTo(budget.check("h", OTHER));
    }
}
