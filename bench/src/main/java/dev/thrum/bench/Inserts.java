package dev.thrum.bench;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.DatabaseStats;
import dev.thrum.database.Source;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.StoreSchema;
import dev.thrum.store.Users;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A way to write durable rows into a database of its own. */
interface Inserts extends AutoCloseable {
    /** Writes until this instant of {@link System#nanoTime}; writes that have begun are finished. */
    Count until(long instant) throws Exception;

    @Override
    void close() throws IOException, SQLException;

    /** The number of rows that were written, and of commits. */
    record Count(long inserts, long commits) {}

    /** The way with this label: {@code disk}, {@code jdbc-N}, {@code users-N} or {@code deposits-N}. */
    static Inserts of(String label, Path folder) throws IOException, SQLException {
        if (label.equals("disk")) {
            return new Disk(
                    FileChannel.open(folder.resolve("disk"), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        }
        int many = Integer.parseInt(label.substring(label.indexOf('-') + 1));
        Path data = folder.resolve(label);
        Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(data)));
        if (label.startsWith("jdbc-")) {
            // It was only needed to make the tables.
            database.close();
            return ByHand.open(data.resolve("thrum.db"), many);
        }
        return label.startsWith("users-") ? Callers.users(database, many) : Callers.deposits(database, many);
    }

    /** The limit of the disk: a page is appended and forced, over and over. */
    record Disk(FileChannel file) implements Inserts {
        private static final int PAGE = 4_096;

        @Override
        public Count until(long instant) throws IOException {
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
            long count = 0;
            while (System.nanoTime() - instant < 0) {
                int _ = file.write(page.clear());
                file.force(false);
                count++;
            }
            return new Count(count, count);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** One thread with a prepared statement of the driver, which commits after every {@code batch} inserts. */
    final class ByHand implements Inserts {
        private final Connection connection;
        private final PreparedStatement insert;
        private final int batch;
        private long number;

        private ByHand(Connection connection, int batch) throws SQLException {
            this.connection = connection;
            this.batch = batch;
            connection.setAutoCommit(batch == 1);
            insert = connection.prepareStatement("INSERT INTO users (name, email, created_at) VALUES (?, ?, ?)");
        }

        static ByHand open(Path file, int batch) throws SQLException {
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            SQLiteDataSource source = new SQLiteDataSource(config);
            source.setUrl("jdbc:sqlite:" + file);
            return new ByHand(source.getConnection(), batch);
        }

        @Override
        public Count until(long instant) throws SQLException {
            long commits = 0;
            while (System.nanoTime() - instant < 0) {
                if (batch == 1) {
                    bind();
                    int _ = insert.executeUpdate();
                } else {
                    for (int i = 0; i < batch; i++) {
                        bind();
                        insert.addBatch();
                    }
                    int[] _ = insert.executeBatch();
                    connection.commit();
                }
                commits++;
            }
            return new Count(commits * batch, commits);
        }

        private void bind() throws SQLException {
            number++;
            insert.setString(1, Callers.NAME);
            insert.setString(2, Callers.email(number));
            insert.setString(3, Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** Virtual threads, each of which waits for an acknowledgement before its next insert. */
    final class Callers implements Inserts {
        static final String NAME = "Ada Lovelace";

        /** So that all numbers have the same number of digits. */
        private static final long FIRST = 1_000_000_000_000L;

        private final Database database;
        private final int callers;
        private final Call call;
        private final AtomicLong number = new AtomicLong();

        private interface Call {
            void run(int caller, long number) throws Exception;
        }

        private Callers(Database database, int callers, Call call) {
            this.database = database;
            this.callers = callers;
            this.call = call;
        }

        static String email(long number) {
            return "u" + (FIRST + number) + "@example.org";
        }

        static Callers users(Database database, int callers) {
            Users users = new Users(database, Clock.systemUTC());
            return new Callers(database, callers, (_, number) -> {
                if (users.create(NAME, email(number)).get().isEmpty()) {
                    throw new IOException("expected user " + number + " to be new");
                }
            });
        }

        /** Each caller has an account of its own. */
        static Callers deposits(Database database, int callers) {
            Ledger ledger = new Ledger(database, Clock.systemUTC());
            long[] accounts = new long[callers];
            for (int i = 0; i < callers; i++) {
                accounts[i] = ledger.open(NAME).join().id();
            }
            return new Callers(
                    database,
                    callers,
                    (caller, number) -> ledger.carryOut(
                                    Operation.deposit(accounts[caller], 1), Long.toString(FIRST + number))
                            .get());
        }

        @Override
        public Count until(long instant) throws ExecutionException, InterruptedException {
            DatabaseStats before = database.stats();
            long count = 0;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Long>> counts = new ArrayList<>();
                for (int i = 0; i < callers; i++) {
                    int caller = i;
                    counts.add(threads.submit(() -> callUntil(instant, caller)));
                }
                for (Future<Long> one : counts) {
                    count += one.get();
                }
            }
            return new Count(count, database.stats().commits() - before.commits());
        }

        private long callUntil(long instant, int caller) throws Exception {
            long count = 0;
            while (System.nanoTime() - instant < 0) {
                call.run(caller, number.incrementAndGet());
                count++;
            }
            return count;
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
