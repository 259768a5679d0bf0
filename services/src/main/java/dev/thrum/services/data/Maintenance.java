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
 * What goes on beside the services: the heartbeat, which also finds out whether the database works; the cleanup of what
 * is old; the monitor of the disk; and the backup of the embedded database.
 */
public final class Maintenance implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.upkeep");

    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMinutes(1);
    private static final Duration SWEEP = Duration.ofHours(1);

    /** How long the answer to a key is kept, for clients that ask again. */
    private static final Duration KEYS = Duration.ofDays(7);

    /** The entry of a program that has been silent for this long is removed; it counts no longer than some beats. */
    private static final Duration SILENCE = Duration.ofHours(1);

    /** As few as a write lets others wait for. */
    private static final int KEYS_AT_ONCE = 500;

    /** Below the folder for everything that is written. */
    public static final String BACKUPS = "backups";

    private static final Duration SETTLED = Duration.ofMinutes(1);

    private static final long LITTLE_SPACE = 256L << 20;

    private final Database database;
    private final InstantSource clock;
    private final BackgroundServices services;

    private final Heartbeat heartbeat;

    /** Whether there was little space at the last look; the monitor's own. */
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

    /** A period after the last one, of this program or of one before it; but not in the hurry of a start. */
    private Duration untilFirst(Path folder, Duration period) {
        Duration least = period.compareTo(SETTLED) < 0 ? period : SETTLED;
        try {
            Duration left = Backup.latest(folder)
                    .map(last -> Duration.between(clock.instant(), last.plus(period)))
                    .orElse(least);
            // The file's time may be one that a wrong clock has given it.
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

    /** Made by the heartbeat's own thread: asking for the name of this machine may take a while. */
    private static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine need not know itself by name, as in some containers.
            host = "localhost";
        }
        return host + "/" + ProcessHandle.current().pid();
    }

    /** Writes and reads, so that a fault of either is found out, and found to be over. */
    private String beat() throws InterruptedException {
        try {
            int _ = StoreFaults.await(heartbeat.beat());
            long others = heartbeat.others(servers());
            return "the database works; " + Plural.of(others, "other program uses it", "other programs use it");
        } catch (DatabaseException e) {
            if (e.reason() != DatabaseException.Reason.UNAVAILABLE) {
                throw e;
            }
            // Who found that out has logged it.
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

    /** Has the heartbeat beat now, and waits for it. */
    BackgroundServices.Run beatNow() {
        return services.runNow("heartbeat").join();
    }

    /**
     * Takes the program off the list of those that use the database, and waits at most this long until that is done. Where it
     * can't be done, the program counts as running for the next three beats. Doing it again changes nothing; any thread may.
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
