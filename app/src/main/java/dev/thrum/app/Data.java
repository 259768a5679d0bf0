package dev.thrum.app;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.DatabaseStats;
import dev.thrum.store.Heartbeat;
import dev.thrum.store.Ledger;
import dev.thrum.store.RequestEntries;
import dev.thrum.store.StoreSchema;
import dev.thrum.store.Users;
import dev.thrum.work.BackgroundServices;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The database of the services, and what goes on beside it. */
final class Data implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.data");

    /** How long a program that ends at once may take to say that it is gone. */
    private static final Duration PARTING = Duration.ofMillis(500);

    private final DataConfig config;
    private final Database database;
    private final InstantSource clock;

    private final Upkeep upkeep;

    private Data(DataConfig config, Database database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        this.upkeep = new Upkeep(database, clock);
    }

    /** Opens the database; the message of the exception names the remedy. */
    static Data open(DataConfig config, InstantSource clock) throws CommandException {
        if (config.database().source().file().isPresent()) {
            NativeFolder.requireForDatabase();
        }
        try {
            return new Data(config, StoreSchema.open(config.database()), clock);
        } catch (DatabaseException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Enters this program in the list of those that use the database, and begins what goes on beside the services. To be
     * called once all of them have started: a start that fails is nobody's other program.
     */
    void start() {
        upkeep.start(config);
    }

    List<Routes> routes() {
        return List.of(new UserRoutes(new Users(database, clock)), new LedgerRoutes(new Ledger(database, clock)));
    }

    /** Asks the database now whether it works. */
    void beat() {
        BackgroundServices.Run _ = upkeep.beatNow();
    }

    /** The requests that are logged there. */
    RequestEntries requests() {
        return new RequestEntries(database, clock);
    }

    /** Why the database can't work now. */
    Optional<String> fault() {
        return database.fault();
    }

    DatabaseStats stats() {
        return database.stats();
    }

    /** What goes on beside the services. */
    List<BackgroundServices.Report> background() {
        return upkeep.report();
    }

    /** Who uses the database. */
    List<Heartbeat.Seen> servers() throws InterruptedException {
        return upkeep.servers();
    }

    /** Takes this program off the list of those that use the database; for an end without a drain. Any thread may. */
    void leave() {
        upkeep.leave(PARTING);
    }

    /** Lets what was asked of the database finish. */
    void drain(Duration patience) {
        upkeep.close();
        upkeep.leave(patience);
        try {
            if (!database.shutdown(patience)) {
                LOG.log(Level.WARNING, "the database had calls that were not over after " + patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        upkeep.close();
        leave();
        database.close();
    }
}
