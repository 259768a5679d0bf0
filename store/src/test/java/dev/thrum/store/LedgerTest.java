package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.groups.Tuple.tuple;

import dev.thrum.database.Kind;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Site;
import dev.thrum.database.Waits;
import dev.thrum.store.Decision.Refusal;
import dev.thrum.testkit.LeakCheck;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class LedgerTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-20T08:24:00Z"));
    private final Site site;
    private final Ledger ledger;
    private final Account ann;
    private final Account bob;

    LedgerTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
        ledger = new Ledger(site.open(), now::get);
        ann = get(ledger.open("Ann"));
        bob = get(ledger.open("Bob"));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Decision decide(Operation operation, String key) {
        return get(ledger.carryOut(operation, key));
    }

    private long balance(Account account) {
        return get(ledger.account(account.id())).orElseThrow().balance();
    }

    private static Decision done(Account account, long balance) {
        return new Decision.Done(new Account(account.id(), account.owner(), balance, account.createdAt()));
    }

    @Test
    void newAccountIsEmpty_andCanBeFound() {
        assertThat(ann).isEqualTo(new Account(ann.id(), "Ann", 0, now.get()));
        assertThat(get(ledger.account(ann.id()))).contains(ann);
        assertThat(get(ledger.account(99))).isEmpty();
        assertThat(get(ledger.history(99, Page.first()))).isEmpty();
        assertThat(get(ledger.history(ann.id(), Page.first())).orElseThrow()).isEmpty();
    }

    @Test
    void balancesChange_whenMoneyMoves_andTheHistoryShowsHow() {
        assertThat(decide(Operation.deposit(ann.id(), 100), "1")).isEqualTo(done(ann, 100));
        assertThat(decide(Operation.withdrawal(ann.id(), 30), "2")).isEqualTo(done(ann, 70));
        Decision moved = decide(Operation.transfer(ann.id(), bob.id(), 25), "3");
        Decision back = decide(Operation.transfer(bob.id(), ann.id(), 5), "4");

        assertThat(moved)
                .isInstanceOfSatisfying(
                        Decision.Moved.class,
                        done -> assertThat(done.transfer())
                                .isEqualTo(new Transfer(done.transfer().id(), ann.id(), bob.id(), 25, now.get())));
        assertThat(back).isInstanceOf(Decision.Moved.class);
        assertThat(List.of(balance(ann), balance(bob))).containsExactly(50L, 20L);
        assertThat(get(ledger.history(ann.id(), Page.first())).orElseThrow())
                .extracting(Entry::kind, Entry::amount, Entry::balance, Entry::counterpart, Entry::createdAt)
                .containsExactly(
                        entry(Operation.Kind.TRANSFER, 5, 50, OptionalLong.of(bob.id())),
                        entry(Operation.Kind.TRANSFER, -25, 45, OptionalLong.of(bob.id())),
                        entry(Operation.Kind.WITHDRAWAL, -30, 70, OptionalLong.empty()),
                        entry(Operation.Kind.DEPOSIT, 100, 100, OptionalLong.empty()));
        Audit audit = get(ledger.check());
        assertThat(audit).isEqualTo(new Audit(2, 6, BigInteger.valueOf(70), List.of()));
    }

    private Tuple entry(Operation.Kind kind, long amount, long balance, OptionalLong counterpart) {
        return tuple(kind, amount, balance, counterpart, now.get());
    }

    @Test
    void nothingChanges_whenAnOperationIsRefused_andTheReasonIsReturned() {
        decide(Operation.deposit(ann.id(), 10), "1");

        assertThat(decide(Operation.withdrawal(ann.id(), 11), "2")).isEqualTo(refused(Refusal.INSUFFICIENT));
        assertThat(decide(Operation.transfer(ann.id(), bob.id(), 11), "3")).isEqualTo(refused(Refusal.INSUFFICIENT));
        assertThat(decide(Operation.deposit(99, 1), "4")).isEqualTo(refused(Refusal.UNKNOWN_TARGET));
        assertThat(decide(Operation.transfer(ann.id(), 99, 1), "5")).isEqualTo(refused(Refusal.UNKNOWN_TARGET));
        assertThat(decide(Operation.transfer(ann.id(), 99, 1_000), "6")).isEqualTo(refused(Refusal.UNKNOWN_TARGET));
        assertThat(decide(Operation.withdrawal(99, 1), "7")).isEqualTo(refused(Refusal.UNKNOWN_SOURCE));
        assertThat(decide(Operation.transfer(99, ann.id(), 1), "8")).isEqualTo(refused(Refusal.UNKNOWN_SOURCE));
        assertThat(List.of(balance(ann), balance(bob))).containsExactly(10L, 0L);
        assertThat(get(ledger.check()).isSound()).isTrue();
    }

    private static Decision refused(Refusal why) {
        return new Decision.Refused(why);
    }

    @Test
    void depositIsRefused_whenTheBalanceWouldExceedItsLimit_evenByOne() {
        assertThat(decide(Operation.deposit(ann.id(), Ledger.MOST), "1")).isEqualTo(done(ann, Ledger.MOST));
        decide(Operation.deposit(bob.id(), 1), "2");

        assertThat(decide(Operation.deposit(ann.id(), 1), "3")).isEqualTo(refused(Refusal.TOO_MUCH));
        assertThat(decide(Operation.transfer(bob.id(), ann.id(), 1), "4")).isEqualTo(refused(Refusal.TOO_MUCH));
        assertThat(decide(Operation.transfer(ann.id(), bob.id(), Ledger.MOST - 1), "5"))
                .isInstanceOf(Decision.Moved.class);
        assertThat(List.of(balance(ann), balance(bob))).containsExactly(1L, Ledger.MOST);
        assertThat(get(ledger.check()).total())
                .isEqualTo(BigInteger.valueOf(Ledger.MOST).add(BigInteger.ONE));
    }

    @Test
    void decisionIsTheSame_whenAKeyIsUsedAgain_evenIfTheBalanceHasChanged() {
        Operation deposit = Operation.deposit(ann.id(), 100);
        Operation transfer = Operation.transfer(ann.id(), bob.id(), 60);
        Operation tooMuch = Operation.withdrawal(ann.id(), 1_000);
        List<Decision> first = List.of(decide(deposit, "d"), decide(transfer, "t"), decide(tooMuch, "w"));
        decide(Operation.deposit(ann.id(), 5_000), "later");
        now.set(now.get().plusSeconds(60));

        assertThat(List.of(decide(deposit, "d"), decide(transfer, "t"), decide(tooMuch, "w")))
                .isEqualTo(first);
        assertThat(first.getLast()).isEqualTo(refused(Refusal.INSUFFICIENT));
        assertThat(balance(ann)).isEqualTo(5_040);
    }

    @Test
    void operationIsRefused_whenItsKeyBelongsToADifferentOne() {
        decide(Operation.deposit(ann.id(), 100), "k");

        assertThat(List.of(
                        decide(Operation.deposit(ann.id(), 101), "k"),
                        decide(Operation.deposit(bob.id(), 100), "k"),
                        decide(Operation.withdrawal(ann.id(), 100), "k"),
                        decide(Operation.transfer(ann.id(), bob.id(), 100), "k")))
                .allMatch(new Decision.KeyTaken()::equals);
        assertThat(List.of(balance(ann), balance(bob))).containsExactly(100L, 0L);
    }

    @Test
    void operationIsDoneOnce_whenItsKeyIsUsedManyTimesAtOnce() {
        List<CompletableFuture<Decision>> requests = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            requests.add(ledger.carryOut(Operation.deposit(ann.id(), 7), "same"));
        }

        assertThat(new HashSet<>(requests.stream().map(Waits::get).toList())).containsExactly(done(ann, 7));
        assertThat(balance(ann)).isEqualTo(7);
    }

    @Test
    void keyCanBeUsedAgain_whenItHasExpired_andTheMoneyStays() {
        decide(Operation.deposit(ann.id(), 100), "old");
        decide(Operation.withdrawal(ann.id(), 1_000), "refused");
        now.set(now.get().plus(Duration.ofHours(25)));
        decide(Operation.deposit(ann.id(), 1), "new");

        assertThat(get(ledger.forgetKeys(Duration.ofHours(24), 1))).isEqualTo(1);
        assertThat(get(ledger.forgetKeys(Duration.ofHours(24), 100))).isEqualTo(1);
        assertThat(get(ledger.forgetKeys(Duration.ofHours(24), 100))).isZero();
        assertThat(decide(Operation.deposit(ann.id(), 100), "old")).isEqualTo(done(ann, 201));
        assertThat(decide(Operation.deposit(ann.id(), 1), "new")).isEqualTo(done(ann, 101));
        assertThat(get(ledger.history(ann.id(), Page.first())).orElseThrow()).hasSize(3);
        assertThat(get(ledger.check()).isSound()).isTrue();
        assertThat(site.number("SELECT COUNT(*) FROM operations")).isEqualTo(3);
    }

    @Test
    void historyIsSplitIntoPages_newestFirst() {
        for (int i = 1; i <= 25; i++) {
            decide(Operation.deposit(ann.id(), i), "k" + i);
        }
        List<Long> amounts = new ArrayList<>();
        List<Entry> page = get(ledger.history(ann.id(), new Page(10, OptionalLong.empty())))
                .orElseThrow();
        while (!page.isEmpty()) {
            page.forEach(entry -> amounts.add(entry.amount()));
            page = get(ledger.history(
                            ann.id(),
                            new Page(10, OptionalLong.of(page.getLast().id()))))
                    .orElseThrow();
        }

        assertThat(amounts).hasSize(25).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE accounts SET balance = balance + 1 WHERE owner = 'Ann'              | but its history adds up to
            UPDATE entries SET balance = balance + 1 WHERE id = 1                      | has the balance
            UPDATE entries SET amount = amount + 1 WHERE id = 1                        | which does not match operation
            DELETE FROM entries WHERE id = 1                                           | entries that add up to
            DELETE FROM entries WHERE id = 4                                           | has 1 entries
            UPDATE operations SET amount = 9 WHERE kind = 'withdrawal'                 | which does not match operation
            UPDATE operations SET outcome = 'insufficient' WHERE kind = 'deposit'      | has 1 entries
            UPDATE operations SET outcome = 'done' WHERE outcome = 'insufficient'      | has 0 entries
            UPDATE operations SET kind = 'deposit' WHERE kind = 'withdrawal'           | entries that add up to
            UPDATE operations SET target = 99 WHERE kind = 'deposit'                   | which does not match operation
            UPDATE operations SET source = target, target = source WHERE kind = 'transfer' | which does not match
            UPDATE entries SET account_id = 2 WHERE id = 1                             | but its history adds up to
            """)
    void checkReportsTheDifference_whenTheTablesWereTamperedWith(String tampering, String report) {
        decide(Operation.deposit(ann.id(), 100), "1");
        decide(Operation.withdrawal(ann.id(), 10), "2");
        decide(Operation.transfer(ann.id(), bob.id(), 20), "3");
        decide(Operation.withdrawal(bob.id(), 21), "4");
        assertThat(get(ledger.check()).differences()).isEmpty();
        site.execute(tampering);

        Audit audit = get(ledger.check());
        assertThat(audit.isSound()).isFalse();
        assertThat(audit.differences()).anyMatch(line -> line.contains(report));
    }

    @Test
    void reportedDifferencesAreLimited_whenEverythingIsWrong() {
        for (int i = 0; i < 150; i++) {
            decide(Operation.deposit(ann.id(), 1), "k" + i);
        }
        site.execute("UPDATE entries SET balance = balance + 1000");

        assertThat(get(ledger.check()).differences()).hasSize(100);
    }

    @Test
    void operationCannotBeConstructed_whenItMakesNoSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> Operation.deposit(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Operation.deposit(1, Ledger.MOST + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Operation.transfer(1, 1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Operation(Operation.Kind.DEPOSIT, OptionalLong.of(1), OptionalLong.of(2), 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Operation(Operation.Kind.TRANSFER, OptionalLong.of(1), OptionalLong.empty(), 1));
    }
}
