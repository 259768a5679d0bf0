package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.base.Plural;
import dev.thrum.store.backup.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum restore}: creates a database from a backup. */
@Command(
        name = "restore",
        description = {
            "Creates a database from a backup, in a folder that is empty or does not exist.",
            "The backup is checked first, and is not changed.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum restore thrum-data/backups/thrum-20261120-082000.db --data restored",
            "  thrum ledger check --data restored",
            "  thrum serve --data restored",
        })
final class RestoreCommand implements FlaggedCommand {
    private final Map<String, String> environment;

    @Parameters(paramLabel = "BACKUP", description = "A file that thrum backup has written.")
    private @Nullable Path backup;

    private final DataOptions options = new DataOptions();

    @Spec
    private @Nullable CommandSpec spec;

    RestoreCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Flags> flags() {
        return List.of(options.flags);
    }

    @Override
    public Integer call() throws CommandException {
        if (backup == null) {
            throw new IllegalStateException("expected picocli to have set what it requires");
        }
        StoredData data = new StoredData(options, environment, spec);
        StoredData.requireEmbedded(data.source());
        try {
            Backup.Restored restored = Backup.restore(backup, data.folder());
            data.print(restored.file() + ": " + Plural.of(restored.users(), "user") + ", "
                    + Plural.of(restored.accounts(), "account"));
        } catch (IOException e) {
            throw new CommandException(e);
        }
        return CommandLine.ExitCode.OK;
    }
}
