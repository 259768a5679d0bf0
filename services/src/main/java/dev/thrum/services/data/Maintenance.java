package dev.thrum.services.data;

import dev.thrum.base.IoWords;
import dev.thrum.base.Plural;
import dev.thrum.database.Database;
import dev.thrum.database.DatabaseException;
import dev.thrum.services.web.StoreFaults;
import dev.thrum.store.Heartbeat;
import dev.thrum.store.Ledger;
import dev.thrum.store.RequestEntries;
import dev.thrum.store.backup.Backup;
import dev.thrum.work.BackgroundServices;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The background jobs of the services: the heartbeat, which also checks whether the database works; the cleanup of old
 * entries; the monitor of disk space; and the backup of the embedded database.
 */
public final class Maintenance implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.upkeep");

    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration SWEEP = Duration.ofHours(1);

    /** How long the response for an idempotency key is kept, for clients that repeat a request. */
    private static final Duration KEYS = Duration.ofDays(7);

    /**
     * The entry of a program that has been silent for this long is removed; after a few missed beats it counts no
     * longer.
     */
    private static final Duration SILENCE = Duration.ofHours(1);

    /** Few, so that other writes don't wait long. */
    private static final int KEYS_AT_ONCE = 500;

    /** The folder of backups, in the data folder. */
    public static final String BACKUPS = "backups";

    private static final Duration SETTLED = Duration.ofMinutes(1);

    private static final long LITTLE_SPACE = 256L << 20;

    private final Database database;
    private final InstantSource clock;
    private final BackgroundServices services;

    private final Heartbeat heartbeat;

    /** Whether there was little space at the last check; owned by the monitor. */
    private boolean warned;

    Maintenance(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.services = new BackgroundServices(clock);
        this.heartbeat = new Heartbeat(database, clock, Maintenance::name, BEAT);
    }

    void start(DataConfig config) {
        services.start("heartbeat", Duration.ZERO, BEAT, this::beat);
        services.start("cleanup", SWEEP, () -> sweep(config.requests()));
        services.start("monitor", Duration.ZERO, LOOK, () -> look(config.folder()));
        config.backups().ifPresent(schedule -> {
            Backup backup = new Backup(database.source(), clock);
            Path folder = config.folder().resolve(BACKUPS);
            services.start("backup", untilFirst(folder, schedule.period()), schedule.period(), () -> {
                Backup.Written written = backup.into(folder, schedule.kept());
                return written.file() + ", " + written.bytes() + " bytes";
            });
        });
    }

    /** The time until a period after the last backup, of this program or an earlier one; never during the start. */
    private Duration untilFirst(Path folder, Duration period) {
        Duration least = period.compareTo(SETTLED) < 0 ? period : SETTLED;
        try {
            Duration left = Backup.latest(folder)
                    .map(last -> Duration.between(clock.instant(), last.plus(period)))
                    .orElse(least);
            // A wrong clock may have set the time of the file.
            Duration bounded = left.compareTo(period) > 0 ? period : left;
            return bounded.compareTo(least) < 0 ? least : bounded;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot see when the last backup was made: " + IoWords.of(e));
            return least;
        }
    }

    List<BackgroundServices.Report> report() {
        return services.report();
    }

    /** Created by the thread of the heartbeat, because it may take a while to look up the name of this machine. */
    private static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine may have no entry for its own name, as in some containers.
            host = "localhost";
        }
        return host + "/" + ProcessHandle.current().pid();
    }

    /** Writes and reads, so that a fault of either is detected, and its end, too. */
    private String beat() throws InterruptedException {
        try {
            int _ = StoreFaults.await(heartbeat.beat());
            long others = heartbeat.others(servers());
            return "the database works; " + Plural.of(others, "other program uses it", "other programs use it");
        } catch (DatabaseException e) {
            if (e.reason() != DatabaseException.Reason.UNAVAILABLE) {
                throw e;
            }
            // The database has logged the fault.
            return String.valueOf(e.getMessage());
        }
    }

    /** The programs that use the database now. */
    List<Heartbeat.Seen> servers() throws InterruptedException {
        return StoreFaults.await(heartbeat.servers());
    }

    private String sweep(Optional<Duration> requests) throws InterruptedException {
        Ledger ledger = new Ledger(database, clock);
        int keys = 0;
        int some;
        do {
            some = StoreFaults.await(ledger.forgetKeys(KEYS, KEYS_AT_ONCE));
            keys += some;
        } while (some == KEYS_AT_ONCE);
        int gone = StoreFaults.await(heartbeat.forgetSilent(SILENCE));
        String logged = requests.isPresent() ? ", " + forget(requests.get()) + " logged requests" : "";
        return "forgot " + keys + " idempotency keys older than " + KEYS.toDays() + " days" + logged + " and "
                + Plural.of(gone, "program that is", "programs that are") + " gone";
    }

    private int forget(Duration age) throws InterruptedException {
        RequestEntries entries = new RequestEntries(database, clock);
        int all = 0;
        int some;
        do {
            some = StoreFaults.await(entries.forget(age, KEYS_AT_ONCE));
            all += some;
        } while (some == KEYS_AT_ONCE);
        return all;
    }

    private String look(Path folder) throws IOException {
        Path there = Files.isDirectory(folder) ? folder : Path.of("");
        long free = Files.getFileStore(there.toAbsolutePath()).getUsableSpace();
        String space = (free >> 20) + " MiB are free for " + folder;
        boolean little = free < LITTLE_SPACE;
        if (little && !warned) {
            LOG.log(Level.WARNING, "the disk is nearly full: " + space);
        }
        warned = little;
        return space + "; " + checkpoint();
    }

    private String checkpoint() {
        try {
            return database.checkpoint();
        } catch (DatabaseException e) {
            if (e.reason() != DatabaseException.Reason.UNAVAILABLE) {
                throw e;
            }
            // The database has logged it.
            return String.valueOf(e.getMessage());
        }
    }

    /** Runs the heartbeat now, and waits for it. */
    BackgroundServices.Run beatNow() {
        return services.runNow("heartbeat").join();
    }

    /**
     * Removes the program from the list of those that use the database, and waits for this at most this long. If it
     * fails, the program counts as running for three more beats. Calling it again has no effect; any thread may call
     * it.
     */
    void leave(Duration patience) {
        try {
            int _ = heartbeat.end().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.DEBUG, "this program could not be removed from the list of those that use the database", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        services.close();
    }
}
