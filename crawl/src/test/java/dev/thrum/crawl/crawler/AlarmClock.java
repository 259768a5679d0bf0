package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import dev.thrum.testkit.scripted.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A clock that advances only when a test says so, and then runs the tasks that are due. Used by one thread. */
final class AlarmClock implements Clock {
    private final HandClock hand = new HandClock(Instant.parse("2026-11-30T12:00:00Z"));
    private final List<Alarm> alarms = new ArrayList<>();

    private record Alarm(long due, Runnable task) {}

    void pass(Duration time) {
        hand.pass(time);
        List<Alarm> due = alarms.stream()
                .filter(alarm -> alarm.due() - hand.nanoTime() <= 0)
                .toList();
        alarms.removeAll(due);
        due.forEach(alarm -> alarm.task().run());
    }

    /** The tasks that have neither begun nor been cancelled. */
    int pending() {
        return alarms.size();
    }

    @Override
    public long nanoTime() {
        return hand.nanoTime();
    }

    @Override
    public Instant instant() {
        return hand.instant();
    }

    @Override
    public void sleep(Duration duration) {
        hand.sleep(duration);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Alarm alarm = new Alarm(hand.nanoTime() + delay.toNanos(), task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }
}
