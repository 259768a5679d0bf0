package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.Flag;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.database.Database;
import dev.thrum.store.Page;
import dev.thrum.store.User;
import dev.thrum.store.UserRules;
import dev.thrum.store.Users;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum users}: lists and adds users. */
@Command(
        name = "users",
        synopsisSubcommandLabel = "COMMAND",
        description = "Lists and adds users, even while a server runs.",
        footer = {
            "",
            "Examples:",
            "  thrum users list --limit 10",
            "  thrum users add Ann ann@example.org",
        })
public final class UsersCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    public static CommandLine line(Map<String, String> environment) {
        return new CommandLine(new UsersCommand())
                .addSubcommand(FlaggedCommand.line(new Listing(environment)))
                .addSubcommand(FlaggedCommand.line(new Adding(environment)));
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        throw new CommandLine.ParameterException(spec.commandLine(), "expected list or add but was given nothing");
    }

    /** {@code thrum users list}. */
    @Command(
            name = "list",
            description = "Lists users, the newest first.",
            footer = {
                "",
                "Examples:",
                "  thrum users list",
                "  thrum users list --limit 10 --data /var/lib/thrum",
            })
    static final class Listing implements FlaggedCommand {
        private final Map<String, String> environment;

        private final Flags list = new Flags("List:");
        private final Flag<Integer> limit = list.count("--limit", 100, "Maximum number of users");
        private final DataOptions options = new DataOptions();

        @Spec
        private @Nullable CommandSpec spec;

        Listing(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public List<Flags> flags() {
            return List.of(list, options.flags);
        }

        @Override
        public Integer call() throws CommandException {
            StoredData data = new StoredData(options, environment, spec);
            try (Database database = data.open()) {
                Users users = new Users(database, InstantSource.system());
                UserTable table = new UserTable(data::print);
                OptionalLong after = OptionalLong.empty();
                int left = limit.value();
                int wanted;
                List<User> page;
                do {
                    wanted = Math.min(left, Page.MOST);
                    page = StoredData.await(users.list(new Page(wanted, after)));
                    table.add(page);
                    left -= page.size();
                    after = page.isEmpty()
                            ? after
                            : OptionalLong.of(page.getLast().id());
                } while (page.size() == wanted && left > 0);
            }
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code thrum users add}. */
    @Command(
            name = "add",
            description = "Adds a user and prints it.",
            footer = {
                "",
                "Examples:",
                "  thrum users add Ann ann@example.org",
                "  thrum users add 'Ann Lee' ann@example.org --data /var/lib/thrum",
            })
    static final class Adding implements FlaggedCommand {
        private final Map<String, String> environment;

        @Parameters(index = "0", paramLabel = "NAME", description = "A name of at most 200 characters.")
        private String name = "";

        @Parameters(index = "1", paramLabel = "EMAIL", description = "An e-mail address that no other user has.")
        private String email = "";

        private final DataOptions options = new DataOptions();

        @Spec
        private @Nullable CommandSpec spec;

        Adding(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public List<Flags> flags() {
            return List.of(options.flags);
        }

        @Override
        public Integer call() throws CommandException {
            StoredData data = new StoredData(options, environment, spec);
            Optional<UserRules.Problem> problem = UserRules.problem(name, email);
            if (problem.isPresent()) {
                throw data.wrongUsage(lowered(problem.get()) + " but was \""
                        + (problem.get().field().equals("name") ? name : email) + "\"");
            }
            try (Database database = data.open()) {
                Users users = new Users(database, InstantSource.system());
                User user = StoredData.await(users.create(name, email))
                        .orElseThrow(() -> new CommandException(
                                "expected a new e-mail address but there is a user with " + email + ": use another"));
                new UserTable(data::print).add(List.of(user));
            }
            return CommandLine.ExitCode.OK;
        }

        /** The message with a small initial letter, as in all messages of commands. */
        private static String lowered(UserRules.Problem problem) {
            String message = problem.message();
            return Character.toLowerCase(message.charAt(0)) + message.substring(1);
        }
    }
}
