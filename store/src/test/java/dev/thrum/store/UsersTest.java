package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.thrum.database.Database;
import dev.thrum.database.Held;
import dev.thrum.database.Kind;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Site;
import dev.thrum.database.Waits;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith({PostgresServer.class, LeakCheck.class})
@ParameterizedClass
@EnumSource(Kind.class)
final class UsersTest {
    private static final Instant NOW = Instant.parse("2026-11-20T08:24:00.123456789Z");

    private final Site site;
    private final Database database;
    private final Users users;

    UsersTest(Kind kind, @TempDir Path folder) {
        site = new Site(kind, folder);
        database = site.open(config -> config.withThreads(1));
        users = new Users(database, InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void createdUserIsFound_asReturnedByCreate() {
        User created = get(users.create("Zoë", "zoe@example.org")).orElseThrow();

        assertThat(created.name()).isEqualTo("Zoë");
        assertThat(created.email()).isEqualTo("zoe@example.org");
        assertThat(created.createdAt()).isEqualTo(Instant.parse("2026-11-20T08:24:00.123Z"));
        assertThat(get(users.find(created.id()))).contains(created);
        assertThat(get(users.find(created.id() + 1))).isEmpty();
        assertThat(get(users.find(-1))).isEmpty();
    }

    @Test
    void userIsNotCreated_whenTheCallIsCancelledBeforeItBegins() {
        CompletableFuture<Optional<User>> cancelled;
        try (Held _ = Held.writer(database)) {
            cancelled = users.create("Ann", "ann@example.org");
            assertThat(cancelled.cancel(false)).isTrue();
        }
        get(users.create("Bob", "bob@example.org"));

        assertThat(get(users.list(Page.first()))).extracting(User::name).containsExactly("Bob");
    }

    @Test
    void userIsNotCreated_whenTheAddressExists_caseSensitively() {
        User first = get(users.create("A", "a@example.org")).orElseThrow();

        assertThat(get(users.create("B", "a@example.org"))).isEmpty();
        User other = get(users.create("B", "A@example.org")).orElseThrow();
        assertThat(get(users.list(Page.first()))).containsExactly(other, first);
    }

    @Test
    void onlyOneUserIsCreated_whenManyUseTheSameAddressAtOnce() {
        List<CompletableFuture<Optional<User>>> creations = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            creations.add(users.create("N" + i, "same@example.org"));
        }

        assertThat(creations.stream().map(Waits::get).filter(Optional::isPresent))
                .hasSize(1);
        assertThat(get(users.list(Page.first()))).hasSize(1);
    }

    @Test
    void listIsSplitIntoPages_newestFirst() {
        List<User> created = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            created.addFirst(get(users.create("N" + i, i + "@example.org")).orElseThrow());
        }
        List<User> listed = new ArrayList<>();
        List<User> page = get(users.list(new Page(10, OptionalLong.empty())));
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            listed.addAll(page);
            page = get(users.list(new Page(10, OptionalLong.of(page.getLast().id()))));
        }

        assertThat(listed).isEqualTo(created);
        assertThatIllegalArgumentException().isThrownBy(() -> new Page(0, OptionalLong.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Page(Page.MOST + 1, OptionalLong.empty()));
    }
}
