package dev.thrum.services.data;

import dev.thrum.base.DurationText;
import dev.thrum.database.Database;
import dev.thrum.database.DatabaseStats;
import dev.thrum.services.ChatLog;
import dev.thrum.services.web.LedgerRoutes;
import dev.thrum.services.web.Routes;
import dev.thrum.services.web.UserRoutes;
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
import org.jspecify.annotations.Nullable;

/** The database of the services, and their background jobs. */
public final class Data implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.thrum.data");

    /** Maximum time for a program that ends at once to remove itself from the list of programs. */
    private static final Duration PARTING = Duration.ofMillis(500);

    private final DataConfig config;
    private final Database database;
    private final InstantSource clock;

    private final Maintenance upkeep;

    /** Set by {@link #chat}, before the services are used; null without a chat. */
    private @Nullable SharedChat chat;

    private Data(DataConfig config, Database database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        this.upkeep = new Maintenance(database, clock);
    }

    /**
     * Opens the database.
     *
     * @throws dev.thrum.database.DatabaseException if it can't be used; the message names the remedy
     */
    public static Data open(DataConfig config, InstantSource clock) {
        return new Data(config, StoreSchema.open(config.database()), clock);
    }

    /**
     * Adds this program to the list of those that use the database, and starts the background jobs. To be called after
     * all services have started, so that a failed start does not count as another program.
     */
    public void start() {
        upkeep.start(config);
    }

    public List<Routes> routes() {
        return List.of(new UserRoutes(new Users(database, clock)), new LedgerRoutes(new Ledger(database, clock)));
    }

    /**
     * The chat that all servers of this database share; to be called at most once. Empty if the database is embedded: then
     * no other server uses it.
     */
    public Optional<ChatLog> chat() {
        if (database.source().file().isPresent()) {
            return Optional.empty();
        }
        SharedChat opened = new SharedChat(database, SharedChat.Timing.defaults());
        chat = opened;
        return Optional.of(opened);
    }

    private void leaveChat(Duration patience) {
        if (chat != null) {
            chat.close(patience);
        }
    }

    /** Checks now whether the database works, with a call. */
    void beat() {
        BackgroundServices.Run _ = upkeep.beatNow();
    }

    /** The access log in the database. */
    public RequestEntries requests() {
        return new RequestEntries(database, clock);
    }

    /** The reason why the database can't work now; empty if it works. */
    public Optional<String> fault() {
        return database.fault();
    }

    public DatabaseStats stats() {
        return database.stats();
    }

    /** The background jobs. */
    public List<BackgroundServices.Report> background() {
        return upkeep.report();
    }

    /** The programs that use the database. */
    public List<Heartbeat.Seen> servers() throws InterruptedException {
        return upkeep.servers();
    }

    /**
     * Removes this program from the list of programs that use the database, and its clients from the chat, when it ends
     * without a drain. Any thread may call it.
     */
    public void leave() {
        if (chat != null) {
            chat.leave(PARTING);
        }
        upkeep.leave(PARTING);
    }

    /** Lets calls of the database that were accepted finish. */
    public void drain(Duration patience) {
        leaveChat(patience);
        upkeep.close();
        upkeep.leave(patience);
        try {
            if (!database.shutdown(patience)) {
                LOG.log(
                        Level.WARNING,
                        "the database had calls that had not finished after " + DurationText.of(patience));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        leaveChat(PARTING);
        upkeep.close();
        upkeep.leave(PARTING);
        database.close();
    }
}
