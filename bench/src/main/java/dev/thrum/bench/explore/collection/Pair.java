package dev.thrum.bench.explore.collection;

import dev.thrum.simulation.explore.Finding.Kind;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Timeouts;
import java.util.List;

/**
 * A kind of fault: a program that has it, the same program without it, and what is to be found.
 *
 * @param kind what it is about, in a few words; unique
 * @param timeouts when its waits with a time limit may end
 */
public record Pair(
        String kind,
        Class<? extends Program> broken,
        Class<? extends Program> fixed,
        Kind expected,
        Timeouts timeouts) {
    /** All kinds. */
    public static final List<Pair> ALL = List.of(
            pair("data race: count", DataRaces.UnlockedCounter.class, DataRaces.LockedCounter.class, Kind.INVARIANT),
            pair(
                    "data race: one side locks",
                    DataRaces.OneSideLocks.class,
                    DataRaces.BothSidesLock.class,
                    Kind.INVARIANT),
            pair("data race: lazy creation", DataRaces.LazyUnlocked.class, DataRaces.LazyLocked.class, Kind.INVARIANT),
            pair(
                    "data race: test, then set",
                    DataRaces.ClaimInTwoSteps.class,
                    DataRaces.ClaimInOneStep.class,
                    Kind.INVARIANT),
            pair(
                    "data race: look, then put",
                    DataRaces.LooksThenPuts.class,
                    DataRaces.PutsIfAbsent.class,
                    Kind.INVARIANT),
            pair("data race: array", DataRaces.PlainHistogram.class, DataRaces.AtomicHistogram.class, Kind.INVARIANT),
            pair(
                    "data race: iteration",
                    DataRaces.IteratesArrayList.class,
                    DataRaces.IteratesCopy.class,
                    Kind.EXCEPTION),
            pair(
                    "atomicity: reader without lock",
                    Atomicity.SumUnlocked.class,
                    Atomicity.SumLocked.class,
                    Kind.EXCEPTION),
            pair(
                    "atomicity: a lock for each variable",
                    Atomicity.TwoLocksForARange.class,
                    Atomicity.OneLockForARange.class,
                    Kind.INVARIANT),
            pair(
                    "atomicity: two atomic calls",
                    Atomicity.TwoCalls.class,
                    Atomicity.TwoCallsUnderTheListsMonitor.class,
                    Kind.EXCEPTION),
            pair(
                    "atomicity: two atomic variables",
                    Atomicity.TwoAtomics.class,
                    Atomicity.OneReference.class,
                    Kind.EXCEPTION),
            pair(
                    "atomicity: lock given up in between",
                    Atomicity.LooksUnderOneLockAndTakesUnderTheNext.class,
                    Atomicity.LooksAndTakesUnderOneLock.class,
                    Kind.INVARIANT),
            pair("atomicity: ABA", Atomicity.PlainStack.class, Atomicity.StampedStack.class, Kind.INVARIANT),
            pair(
                    "publication: empty object",
                    Publication.PublishesThenFills.class,
                    Publication.FillsThenPublishes.class,
                    Kind.EXCEPTION),
            pair(
                    "publication: flag before data",
                    Publication.FlagFirst.class,
                    Publication.DataFirst.class,
                    Kind.EXCEPTION),
            pair(
                    "publication: this escapes",
                    Publication.RegistersInItsConstructor.class,
                    Publication.RegistersWhenMade.class,
                    Kind.EXCEPTION),
            pair(
                    "publication: double-checked locking",
                    Publication.AssignsThenFills.class,
                    Publication.FillsThenAssigns.class,
                    Kind.EXCEPTION),
            pair(
                    "publication: list that grows",
                    Publication.GrowsInPublic.class,
                    Publication.GrowsInPrivate.class,
                    Kind.EXCEPTION),
            pair("signal: none", Signals.DoesNotSignal.class, Signals.DoesSignal.class, Kind.MISSED_WAKE_UP),
            pair(
                    "signal: before the change",
                    Signals.SignalsThenChanges.class,
                    Signals.ChangesThenSignals.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "signal: wait without a look",
                    Signals.WaitsWithoutLooking.class,
                    Signals.DoesSignal.class,
                    Kind.MISSED_WAKE_UP),
            pair("signal: if for while", Signals.IfForWhile.class, Signals.While.class, Kind.EXCEPTION),
            pair(
                    "signal: wakes one that waits for something else",
                    Signals.NotifiesOne.class,
                    Signals.NotifiesAll.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "signal: wrong condition",
                    Signals.WrongCondition.class,
                    Signals.RightCondition.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "signal: park without announcement",
                    Signals.LooksThenAnnounces.class,
                    Signals.AnnouncesThenLooks.class,
                    Kind.MISSED_WAKE_UP),
            pair("signal: one for two", Signals.SignalsOneOfTwo.class, Signals.SignalsBoth.class, Kind.MISSED_WAKE_UP),
            pair("lock order: two locks", LockOrder.LocksByRole.class, LockOrder.LocksByNumber.class, Kind.DEADLOCK),
            pair(
                    "lock order: three in a circle",
                    LockOrder.LeftForkFirst.class,
                    LockOrder.LowerForkFirst.class,
                    Kind.DEADLOCK),
            pair(
                    "lock order: kept after an exception",
                    LockOrder.KeepsLockAfterException.class,
                    LockOrder.ReleasesLockAfterException.class,
                    Kind.DEADLOCK),
            pair(
                    "lock order: callback",
                    LockOrder.CallsUnderItsLock.class,
                    LockOrder.CallsAfterItsLock.class,
                    Kind.DEADLOCK),
            pair(
                    "lock order: upgrade",
                    LockOrder.WritesUnderTheReadLock.class,
                    LockOrder.LooksAgainUnderTheWriteLock.class,
                    Kind.DEADLOCK),
            pair(
                    "lock order: nested wait",
                    LockOrder.WaitsUnderTheOuterLock.class,
                    LockOrder.WaitsOutsideTheOuterLock.class,
                    Kind.DEADLOCK),
            pair(
                    "lock order: join",
                    LockOrder.JoinsUnderTheLock.class,
                    LockOrder.JoinsWithoutTheLock.class,
                    Kind.DEADLOCK),
            pair(
                    "permits: kept on failure",
                    Permits.KeepsPermitOnFailure.class,
                    Permits.ReleasesPermitOnFailure.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "permits: released without",
                    Permits.ReleasesWhatItHasNot.class,
                    Permits.ReleasesWhatItHas.class,
                    Kind.INVARIANT),
            pair("permits: one by one", Permits.OneByOne.class, Permits.BothAtOnce.class, Kind.DEADLOCK),
            pair(
                    "permits: interrupted acquisition",
                    Permits.AcquiresWithinTry.class,
                    Permits.AcquiresBeforeTry.class,
                    Kind.INVARIANT),
            pair(
                    "latch: counted down too early",
                    Latches.CountsDownThenWorks.class,
                    Latches.WorksThenCountsDown.class,
                    Kind.EXCEPTION),
            pair(
                    "latch: not counted down",
                    Latches.ReturnsWithoutCounting.class,
                    Latches.CountsWhateverHappens.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "latch: start before ready",
                    Latches.StartsAtOnce.class,
                    Latches.StartsWhenReady.class,
                    Kind.EXCEPTION),
            pair(
                    "barrier: for too many",
                    Latches.BarrierForThree.class,
                    Latches.BarrierForTwo.class,
                    Kind.MISSED_WAKE_UP),
            pair("barrier: for too few", Latches.BarrierForOne.class, Latches.BarrierForTwo.class, Kind.EXCEPTION),
            pair("barrier: used again", Latches.CountsArrivals.class, Latches.CountsRounds.class, Kind.MISSED_WAKE_UP),
            pair(
                    "interrupt: swallowed",
                    Interrupts.SwallowsTheInterrupt.class,
                    Interrupts.EndsAtTheInterrupt.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "interrupt: cleared",
                    Interrupts.ClearsTheInterrupt.class,
                    Interrupts.KeepsTheInterrupt.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "interrupt: of the next task",
                    Interrupts.InterruptsTheNextTask.class,
                    Interrupts.InterruptsUnderTheLock.class,
                    Kind.EXCEPTION),
            pair(
                    "interrupt: before the announcement",
                    Interrupts.LooksThenAnnouncesItself.class,
                    Interrupts.AnnouncesItselfThenLooks.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "time limit: ignored",
                    TimeLimits.IgnoresTheTimeout.class,
                    TimeLimits.HeedsTheTimeout.class,
                    Kind.EXCEPTION),
            pair(
                    "time limit: unlock without lock",
                    TimeLimits.UnlocksWhatItHasNot.class,
                    TimeLimits.UnlocksWhatItHas.class,
                    Kind.EXCEPTION),
            pair(
                    "time limit: starts again",
                    TimeLimits.StartsAgain.class,
                    TimeLimits.WaitsTheRest.class,
                    Kind.INVARIANT),
            pair(
                    "time limit: late response",
                    TimeLimits.TakesAnyResponse.class,
                    TimeLimits.TakesItsOwnResponse.class,
                    Kind.EXCEPTION),
            pair(
                    "time limit: given up and taken",
                    TimeLimits.LooksAtTheClock.class,
                    TimeLimits.LooksAtTheItem.class,
                    Kind.INVARIANT),
            new Pair(
                    "time limit: sleep for order",
                    TimeLimits.SleepsUntilItIsDone.class,
                    TimeLimits.AwaitsThatItIsDone.class,
                    Kind.EXCEPTION,
                    Timeouts.ANY),
            pair(
                    "future: two completions",
                    Futures.LooksWhetherDone.class,
                    Futures.AsksWhoCompleted.class,
                    Kind.INVARIANT),
            pair(
                    "future: forgotten",
                    Futures.ForgetsTheFuture.class,
                    Futures.FailsTheFuture.class,
                    Kind.MISSED_WAKE_UP),
            pair(
                    "future: withdrawn and run",
                    Futures.ClaimsByTheFuture.class,
                    Futures.ClaimsByCompareAndSet.class,
                    Kind.INVARIANT),
            pair("pool: waits for itself", Futures.PoolOfOne.class, Futures.PoolOfTwo.class, Kind.MISSED_WAKE_UP),
            pair(
                    "pool: submit against shutdown",
                    Futures.LooksWhetherShutDown.class,
                    Futures.RunsWhatIsRejected.class,
                    Kind.EXCEPTION),
            pair("pool: tasks that share", Futures.PlainSum.class, Futures.AtomicSum.class, Kind.INVARIANT),
            pair("close: use after", Closing.LooksThenUses.class, Closing.CountsUsers.class, Kind.EXCEPTION),
            pair("close: twice", Closing.ClosesTwice.class, Closing.ClosesOnce.class, Kind.INVARIANT),
            pair("close: registration after", Closing.LooksThenAdds.class, Closing.AddsThenLooks.class, Kind.INVARIANT),
            pair("close: wakes one", Closing.CloseWakesOne.class, Closing.CloseWakesAll.class, Kind.MISSED_WAKE_UP),
            pair("close: last user", Closing.CountsThenLooks.class, Closing.LooksAtItsOwnCount.class, Kind.INVARIANT),
            pair(
                    "spinning: flag lowered again",
                    Spinning.FlagIsLoweredAgain.class,
                    Spinning.CountOnlyGrows.class,
                    Kind.LIVELOCK),
            pair("spinning: test, then set", Spinning.TestsThenSets.class, Spinning.TestsAndSets.class, Kind.EXCEPTION),
            pair(
                    "spinning: Peterson",
                    Spinning.GivesWayThenWants.class,
                    Spinning.WantsThenGivesWay.class,
                    Kind.EXCEPTION),
            pair("spinning: tickets", Spinning.SameTicketTwice.class, Spinning.EachTicketOnce.class, Kind.EXCEPTION),
            pair("spinning: sequence lock", Spinning.DoesNotLookAgain.class, Spinning.LooksAgain.class, Kind.EXCEPTION),
            pair("spinning: for each other", Spinning.WaitsForEachOther.class, Spinning.OneBegins.class, Kind.LIVELOCK),
            pair(
                    "spinning: with the lock",
                    Spinning.SpinsUnderTheLock.class,
                    Spinning.SpinsOutsideTheLock.class,
                    Kind.LIVELOCK));

    private static Pair pair(
            String kind, Class<? extends Program> broken, Class<? extends Program> fixed, Kind expected) {
        return new Pair(kind, broken, fixed, expected, Timeouts.BY_CLOCK);
    }

    @Override
    public String toString() {
        return kind;
    }
}
