package dev.thrum.app;

import dev.thrum.app.cli.CommandException;
import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.Flags;
import dev.thrum.database.Source;
import dev.thrum.services.data.Maintenance;
import dev.thrum.store.backup.Backup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code thrum backup}: copies the embedded database. */
@Command(
        name = "backup",
        description = {
            "Copies the embedded database into a new file, even while a server uses it.",
            "The copy has every write that was acknowledged before it began, and its integrity is checked.",
        },
        footer = {
            "",
            "Examples:",
            "  thrum backup                                 into thrum-data/backups, named after the time",
            "  thrum backup /mnt/disk/thrum.db",
            "  thrum backup --data /var/lib/thrum",
        })
final class BackupCommand implements FlaggedCommand {
    private final Map<String, String> environment;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "A new file (default: one in DIR/backups, such as thrum-20261120-082000.db, in UTC)")
    private @Nullable Path file;

    private final DataOptions options = new DataOptions();

    @Spec
    private @Nullable CommandSpec spec;

    BackupCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Flags> flags() {
        return List.of(options.flags);
    }

    @Override
    public Integer call() throws CommandException {
        StoredData data = new StoredData(options, environment, spec);
        Source source = data.source();
        StoredData.requireEmbedded(source);
        StoredData.requireDatabase(source);
        try {
            Backup backup = new Backup(source, InstantSource.system());
            Backup.Written written =
                    file == null ? backup.into(data.folder().resolve(Maintenance.BACKUPS)) : backup.to(file);
            data.print(written.file() + ": " + written.bytes() + " bytes");
        } catch (IOException e) {
            throw new CommandException(e);
        }
        return CommandLine.ExitCode.OK;
    }
}
