package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.base.Plural;
import dev.thrum.database.Database;
import dev.thrum.store.Audit;
import dev.thrum.store.Ledger;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code thrum ledger}: commands for the accounts. */
@Command(
        name = "ledger",
        synopsisSubcommandLabel = "COMMAND",
        description = "Checks the accounts.",
        footer = {
            "",
            "Examples:",
            "  thrum ledger check",
            "  thrum ledger check --data /var/lib/thrum",
        })
final class LedgerCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    static CommandLine line(Map<String, String> environment) {
        return new CommandLine(new LedgerCommand()).addSubcommand(FlaggedCommand.line(new Check(environment)));
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("expected picocli to have set the command's description");
        }
        throw new CommandLine.ParameterException(spec.commandLine(), "expected check but was given nothing");
    }

    /** {@code thrum ledger check}: checks that no money was created or lost. */
    @Command(
            name = "check",
            description = {
                "Compares every balance with the account's history, in one snapshot, even while a server runs.",
                "Prints each difference on a line, at most 100, and exits with status 1 if there is any.",
            },
            footer = {
                "",
                "Examples:",
                "  thrum ledger check",
                "  thrum ledger check --db postgresql://thrum@localhost/thrum",
            })
    static final class Check implements FlaggedCommand {
        private final Map<String, String> environment;

        private final DataOptions options = new DataOptions();

        @Spec
        private @Nullable CommandSpec spec;

        Check(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public List<Flags> flags() {
            return List.of(options.flags);
        }

        @Override
        public Integer call() throws CommandException {
            StoredData data = new StoredData(options, environment, spec);
            try (Database database = data.open()) {
                Audit audit = StoredData.await(new Ledger(database, InstantSource.system()).check());
                if (audit.isSound()) {
                    data.print(Plural.of(audit.accounts(), "account") + ", "
                            + Plural.of(audit.entries(), "entry", "entries") + ", total " + audit.total()
                            + ": everything adds up");
                    return CommandLine.ExitCode.OK;
                }
                audit.differences().forEach(data::print);
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
    }
}
