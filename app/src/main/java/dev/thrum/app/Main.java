package dev.thrum.app;

import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.cli.HelpCommand;
import dev.thrum.app.cli.Program;
import dev.thrum.app.cli.StandardOutput;
import dev.thrum.app.cli.VersionCommand;
import dev.thrum.app.compare.CompareCommand;
import dev.thrum.app.count.CountCommand;
import dev.thrum.app.crawl.CrawlCommand;
import dev.thrum.app.crawl.FetchCommand;
import dev.thrum.app.crawl.MineCommand;
import dev.thrum.app.doctor.DoctorCommand;
import dev.thrum.app.lab.LabCommand;
import dev.thrum.app.load.LoadCommand;
import dev.thrum.app.manual.WriteManuals;
import dev.thrum.app.search.SearchCommand;
import dev.thrum.app.talk.Talk;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code thrum}. */
@Command(
        name = "thrum",
        description = "Multi-user network programs: one handler, any engine.",
        synopsisHeading = "Usage: ",
        footer = {
            "",
            "Examples:",
            "  thrum serve                                          all services, for this machine",
            "  thrum talk localhost:8888                            type lines to the console",
            "  thrum talk localhost:8888 --send time,count,quit     the same from a script",
            "  thrum files DIR                                      the files of a folder, over HTTP",
            "  thrum fetch URL...                                   download files, resume what was interrupted",
            "  thrum mine URL --select title                        the title of a page, or what else is on it",
            "  thrum crawl SEED... --out DIR                        all pages of whole hosts, politely, with --resume",
            "  thrum search WORDS --index DIR                       pages of a crawl, also while it is going on",
            "  thrum count FILES                                    lines, words and characters of files",
            "  thrum load URL --rate 100                            requests on a schedule, and their latency",
            "  thrum compare echo                                   threads or events? A verdict, or none",
            "  thrum lab explore counter                            what can go wrong when threads share something",
            "  thrum doctor                                         what is wrong with a server that runs",
            "  thrum backup                                         copy the database, even while it is in use",
            "  thrum restore FILE --data DIR                        create a database from such a copy",
            "  thrum users list                                     list the users; users add adds one",
            "  thrum ledger check                                   check every balance against its history",
            "",
            "thrum help COMMAND, or thrum COMMAND --help, shows its flags. In a checkout there are",
            "also ./thrum test, ./thrum package, ./thrum install and ./thrum bench.",
        })
public final class Main {
    static void main(String[] arguments) {
        Logging.takeCharge();
        // Programs read our output too, so the format of numbers does not depend on the locale.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        int status = CommandLine.ExitCode.SOFTWARE;
        try {
            StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
            PrintWriter out = printer(output);
            PrintWriter err = printer(new FileOutputStream(FileDescriptor.err));
            status = run(arguments, System.getenv(), out, err);
            out.flush();
            status = output.status(status, err);
        } finally {
            Logging.flush();
        }
        System.exit(status);
    }

    /** Runs one command; returns its exit status: 0, 1 for a failure, 2 for wrong usage. */
    static int run(String[] arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        CommandLine program = new CommandLine(new Main())
                .addSubcommand(FlaggedCommand.line(new Serve(environment)))
                .addSubcommand(FlaggedCommand.line(new Talk(environment)))
                .addSubcommand(FlaggedCommand.line(new FilesCommand()))
                .addSubcommand(FlaggedCommand.line(new FetchCommand()))
                .addSubcommand(FlaggedCommand.line(new MineCommand()))
                .addSubcommand(CrawlCommand.withSubcommands())
                .addSubcommand(FlaggedCommand.line(new SearchCommand()))
                .addSubcommand(FlaggedCommand.line(new CountCommand()))
                .addSubcommand(FlaggedCommand.line(new LoadCommand()))
                .addSubcommand(FlaggedCommand.line(new CompareCommand()))
                .addSubcommand(LabCommand.line(environment))
                .addSubcommand(FlaggedCommand.line(new DoctorCommand()))
                .addSubcommand(FlaggedCommand.line(new BackupCommand(environment)))
                .addSubcommand(FlaggedCommand.line(new RestoreCommand(environment)))
                .addSubcommand(UsersCommand.line(environment))
                .addSubcommand(LedgerCommand.line(environment))
                .addSubcommand(new HelpCommand())
                .addSubcommand(new VersionCommand())
                .addSubcommand(new TrainAotCache(Main::run))
                .addSubcommand(new WriteManuals());
        return new Program(program, environment).run(adapted(arguments), out, err);
    }

    /** The arguments as picocli can read them. */
    private static String[] adapted(String[] arguments) {
        return CrawlCommand.withValueOfAllowPrivate(SearchCommand.withoutShortFlags(arguments));
    }

    private static PrintWriter printer(OutputStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
