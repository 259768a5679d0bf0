package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.app.cli.FlaggedCommand;
import dev.thrum.app.docs.Documentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong usage is reported in one line that names the remedy, with status 2; a failure has status 1. */
final class UsageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serv | thrum: unknown command \"serv\"; did you mean serve?",
                "nonsense | thrum: unknown command \"nonsense\"; see thrum --help",
                "help nonsense | thrum: unknown command \"nonsense\"; see thrum --help",
                "help users lsit | thrum users: unknown command \"lsit\"; did you mean list?",
                "--versoin | thrum: unknown flag \"--versoin\"; did you mean --version?",
                "serve --consol 1 | thrum serve: unknown flag \"--consol\"; did you mean --console?",
                "serve --max-conn=5 | thrum serve: unknown flag \"--max-conn\"; did you mean --max-connections?",
                "serve --nonsense | thrum serve: unknown flag \"--nonsense\"; see thrum serve --help",
                "serve -x | thrum serve: unknown flag \"-x\"; see thrum serve --help",
                "version 1 | thrum version: expected nothing more but was given \"1\"; see thrum version --help",
                "serve --console 65536 | thrum serve: --console: expected a port from 0 (any that is free) to 65535, or"
                        + " off, but was \"65536\"",
                "serve --console 1 --console 2 | thrum serve: expected --console once but it was given again",
                "serve --console 9000 | thrum serve: expected different ports but --console and --echo both ask for"
                        + " 9000",
                "serve --console off --echo off --greeter off --web off --udp-echo off --udp-time off | thrum serve:"
                        + " expected at least one service but all are off",
                "serve --admin 8080 | thrum serve: expected different ports but --web and --admin both ask for 8080",
                "serve --trust-proxy 10.0.0.0/33 | thrum serve: --trust-proxy: expected a network such as 10.0.0.0/8 or an"
                        + " address but was \"10.0.0.0/33\"",
                "serve --host a/b | thrum serve: expected --host to name hosts without ports but was \"a/b\"",
                "serve --keep-alive 0s | thrum serve: --keep-alive: expected a duration of at least 1ms but was \"0s\"",
                "serve --engine fast | thrum serve: --engine: expected threads, virtual or events but was \"fast\"",
                "serve --transport tcp | thrum serve: --transport: expected epoll, io_uring or nio but was \"tcp\"",
                "serve --loops 5000 | thrum serve: expected 1 to 1024 loops but was 5000",
                "serve --stall 0s | thrum serve: --stall: expected a duration of at least 1ms but was \"0s\"",
                "serve --log-level loud | thrum serve: --log-level: expected debug, info or warn but was \"loud\"",
                "serve --verbose --log-level warn | thrum serve: expected --log-level debug with --verbose but it was warn;"
                        + " leave one of them out",
                "files --log-level DEBUG | thrum files: --log-level: expected debug, info or warn but was \"DEBUG\"",
                "serve --max-connections 0 | thrum serve: --max-connections: expected a whole number from 1 to"
                        + " 999999999 but was \"0\"",
                "serve --idle 5 | thrum serve: --idle: expected a duration such as 500ms, 10s, 5m or 1h but was \"5\"",
                "serve --idle 0s | thrum serve: --idle: expected a duration of at least 1ms but was \"0s\"",
                "serve --drain 9999h | thrum serve: --drain: expected a duration of at most 8760h but was \"9999h\"",
                "serve --access-log= | thrum serve: expected --access-log to name a file, or db, but was \"\"",
                "serve --access-log-format xml | thrum serve: --access-log-format: expected common or json but was \"xml\"",
                "serve --access-log-when-full panic | thrum serve: --access-log-when-full: expected wait or drop but was \"panic\"",
                "serve --access-log-rotate 100 | thrum serve: --access-log-rotate: expected a size such as 100MB, daily, both as in"
                        + " 100MB,daily, or off but was \"100\"",
                "serve --access-log a --access-log-queue 99999999 | thrum serve: expected --access-log-queue to be at most 1048576 but was"
                        + " 99999999",
                "serve --udp-answers 9 | thrum serve: --udp-answers is now --udp-replies; see thrum serve --help",
                "serve --log requests.log | thrum serve: --log is now --access-log; see thrum serve --help",
                "serve --log=db | thrum serve: --log is now --access-log; see thrum serve --help",
                "serve --log-format json | thrum serve: --log-format is now --access-log-format; see thrum serve --help",
                "serve --idle-when-crowded 1s | thrum serve: --idle-when-crowded is now --idle-under-load; see thrum"
                        + " serve --help",
                "files --log requests.log | thrum files: unknown flag \"--log\"; did you mean --log-level?",
                "serve --idle | thrum serve: expected TIME after --idle but was given nothing",
                "talk | thrum talk: expected HOST:PORT but was given none",
                "talk localhost | thrum talk: expected HOST:PORT, such as localhost:8888 or [::1]:8888, but was"
                        + " \"localhost\"",
                "talk ::1:80 | thrum talk: expected HOST:PORT, such as localhost:8888 or [::1]:8888, but was \"::1:80\"",
                "talk localhost:0 | thrum talk: expected HOST:PORT, such as localhost:8888 or [::1]:8888, but was"
                        + " \"localhost:0\"",
                "talk localhost:80 --clients 0 | thrum talk: --clients: expected a whole number from 1 to 999999999 but"
                        + " was \"0\"",
                "files a b | thrum files: expected nothing more but was given \"b\"; see thrum files --help",
                "files --port 65536 | thrum files: --port: expected a port from 0 (any that is free) to 65535 but was"
                        + " \"65536\"",
                "files --port off | thrum files: --port: expected a port from 0 (any that is free) to 65535 but was"
                        + " \"off\"",
                "files --bind= | thrum files: expected --bind to name a host but it was empty; use an address such as"
                        + " 127.0.0.1 or 0.0.0.0",
                "files --udp-replies 1 | thrum files: unknown flag \"--udp-replies\"; see thrum files --help",
                "serve --web off --files . | thrum serve: expected --web for --files but it is off; thrum files serves"
                        + " files only",
                "serve --db none --access-log db | thrum serve: expected a database for --access-log db but --db is none: leave out"
                        + " --db, or name a file with --access-log",
                "serve --files= | thrum serve: expected --files to name a folder but it was empty",
                "fetch | thrum fetch: expected a URL, or -i with a file of URLs, but was given none",
                "fetch -i none.txt | thrum fetch: expected to read URLs from none.txt but could not: there is no none.txt",
                "fetch -i /dev/null | thrum fetch: expected a URL on each line of /dev/null but there is none in it",
                "fetch -i . | thrum fetch: expected to read URLs from . but could not: Is a directory",
                "fetch http://a.example/ --sum md5:00 | thrum fetch: --sum: expected a digest as sha256:HEX or sha512:HEX but was"
                        + " \"md5:00\"",
                "fetch http://a.example/ --out= | thrum fetch: expected --out to name a folder but it was empty",
                "fetch http://a.example/ --head 0 | thrum fetch: --head: expected a number of bytes from 1 to 1048576 but was"
                        + " \"0\"",
                "fetch http://a.example/ --parallel 0 | thrum fetch: --parallel: expected a whole number from 1 to 10000 but was"
                        + " \"0\"",
                "fetch http://a.example/ --max-size big | thrum fetch: --max-size: expected a size such as 1000, 64KB, 100MB or"
                        + " 2GB but was \"big\"",
                "fetch http://a.example/ --max-wait 5 | thrum fetch: --max-wait: expected a duration such as 500ms, 10s, 5m or"
                        + " 1h but was \"5\"",
                "fetch http://a.example/ --ca= | thrum fetch: expected --ca to name a file but it was empty",
                "mine http://a.example/ | thrum mine: expected --select with what to print, such as --select title, but was given"
                        + " none",
                "mine --select title | thrum mine: expected a URL, or -i with a file of URLs, but was given none",
                "mine -i /dev/null --select h1 | thrum mine: expected a URL on each line of /dev/null but there is none in it",
                "mine http://a.example/ --select a,,b | thrum mine: --select: expected a CSS selector such as h1 or a.more but was"
                        + " \"a,,b\": Could not parse query 'a,,b': unexpected token at ',b'",
                "mine http://a.example/ --select @href | thrum mine: --select: expected a CSS selector, such as h1 or a@href, but"
                        + " was \"@href\"; * selects every element",
                "mine http://a.example/ --select h1 --retries -1 | thrum mine: --retries: expected a whole number from 0 to 1000"
                        + " but was \"-1\"",
                "crawl --out x | thrum crawl: expected a SEED to begin with, such as https://example.org/, but was given none",
                "crawl http://a.example/ | thrum crawl: expected --out with a folder for what is fetched, such as --out crawl, but was"
                        + " given none",
                "crawl --resume none | thrum crawl: expected --resume with the folder of a crawl but none has none: name the folder"
                        + " that was its --out",
                "crawl --refresh none | thrum crawl: expected --refresh with the folder of a crawl but none has none: name the"
                        + " folder that was its --out",
                "crawl --refresh a --resume b | thrum crawl: expected --refresh with DIR only but was given --resume: continue a"
                        + " crawl first, and refresh it when it has ended",
                "crawl --refresh a --out b | thrum crawl: expected --refresh with DIR only but was given --out: it writes into"
                        + " the folder of the crawl",
                "crawl --refresh a http://b.example/ | thrum crawl: expected --refresh with DIR only but was given the SEED"
                        + " http://b.example/: it begins where the crawl has begun",
                "crawl status | thrum crawl status: expected --queue with the crawl, such as --queue kafka://broker:9092/example, but"
                        + " was given none",
                "crawl merge --out x | thrum crawl merge: expected DIR but was given none",
                "crawl merge a | thrum crawl merge: expected --out with a new folder, such as --out all, but was given none",
                "crawl merge a --out b | thrum crawl merge: expected the folder of a crawl but there is no folder a",
                "crawl merge src --out b | thrum crawl merge: expected the folder of a crawl but src has none: name the folder"
                        + " that was its --out",
                "crawl --refresh= | thrum crawl: expected --refresh to name a folder but it was empty",
                "crawl http://a.example/ --queue kafka://b:1/c --out d --resume d | thrum crawl: expected --queue without --resume"
                        + " but was given both: use the same command again, with --out, to go on",
                "crawl --queue kafka://b:1/c --refresh d | thrum crawl: expected --queue without --refresh but was given both: a"
                        + " crawl of several processes can't be refreshed; merge its folders, and refresh that",
                "crawl http://a.example/ --queue kafka://b:1/c | thrum crawl: expected --out with a folder for what is fetched,"
                        + " such as --out crawl, but was given none",
                "crawl http://a.example/ --out d --kafka-properties e | thrum crawl: expected --queue with --kafka-properties but"
                        + " was given none",
                "search --index . | thrum search: expected WORDS but was given none",
                "search fox | thrum search: expected --index with the folder of a crawl but was given none",
                "search fox --index= | thrum search: expected --index to name a folder but it was empty",
                "search fox --index none | thrum search: expected an index in none/index but there is none; name the folder that"
                        + " a crawl has written, and that has an index",
                "search fox --index . --page 0 | thrum search: --page: expected a whole number from 1 to 1000 but was \"0\"",
                "search fox --index . --jsn | thrum search: unknown flag \"--jsn\"; did you mean --json?",
                "serve --index none | thrum serve: --index: expected an index in none/index but there is none; name the folder"
                        + " that a crawl has written, and that has an index",
                "serve --web off --index . | thrum serve: expected --web for --index but it is off; thrum search searches"
                        + " without a server",
                "count | thrum count: expected FILE but was given none",
                "count --jsn a | thrum count: unknown flag \"--jsn\"; did you mean --json?",
                "doctor localhost:9090 | thrum doctor: expected the URL of an --admin port, such as http://localhost:9090, but was"
                        + " \"localhost:9090\"",
                "doctor http:// | thrum doctor: expected the URL of an --admin port, such as http://localhost:9090, but was"
                        + " \"http://\"",
                "doctor http://localhost:9090 b | thrum doctor: expected nothing more but was given \"b\"; see thrum doctor --help",
                "doctor --jsn | thrum doctor: unknown flag \"--jsn\"; see thrum doctor --help",
                "load http://localhost/ | thrum load: expected --rate with the requests per second, or --closed, but was given"
                        + " neither",
                "load http://localhost/ --rate 1 --closed | thrum load: expected --rate or --closed but was given both: leave"
                        + " one of them out",
                "load http://localhost/ --rate 0 | thrum load: --rate: expected requests per second, more than 0 and at most"
                        + " 1000000000 (one per nanosecond), but was \"0\"",
                "load http://localhost/ --rate 2000000000 | thrum load: --rate: expected requests per second, more than 0 and"
                        + " at most 1000000000 (one per nanosecond), but was \"2000000000\"",
                "load http://localhost/ --rate 0.01 | thrum load: expected at least one request in the duration of 30 s at this"
                        + " rate but was 0.01 a second",
                "load http://localhost/ --rate 1 --duration 5s --warmup 6s | thrum load: expected a duration of at least the"
                        + " warm-up, which is 6 s, but was 5 s",
                "load http://localhost/ --rate 1 --connections 60001 | thrum load: --connections: expected a whole number from 1"
                        + " to 60000 but was \"60001\"",
                "load http://192.0.2.1/ --rate 1 | thrum load: expected a server on this machine but 192.0.2.1 is another: if its"
                        + " owner agrees, add --yes-i-may-load 192.0.2.1",
                "load http://192.0.2.1/ --rate 1 --yes-i-may-load 192.0.2.2 | thrum load: expected a server on this machine but"
                        + " 192.0.2.1 is another: if its owner agrees, add --yes-i-may-load 192.0.2.1",
                "load http://localhost/ --rate 1 --insecure | thrum load: expected --ca and --insecure only with https:// but"
                        + " the target is http://localhost/",
                "load http://localhost/ --rate 1 --threads 0 | thrum load: --threads: expected a whole number from 1 to 256 but"
                        + " was \"0\"",
                "load http://localhost/ --rate 100 --threads 2 --connections 1 | thrum load: expected at least one connection"
                        + " for each of 2 threads but was 1",
                "load localhost:80 --rate 1 | thrum load: expected a URL such as http://localhost:8080/, or tcp://HOST:PORT, but"
                        + " was \"localhost:80\"",
                "load tcp://localhost --rate 1 --send a | thrum load: expected tcp://HOST:PORT but was \"tcp://localhost\"",
                "load tcp://localhost:1 --rate 1 | thrum load: expected --send with the lines to send but was given none",
                "load http://localhost/ --rate 1 --send a | thrum load: expected --send only with tcp://HOST:PORT but the target"
                        + " is a URL",
                "load tcp://localhost:1 --rate 1 --send a --data b | thrum load: expected --method, --header and --data only with a"
                        + " URL but the target is tcp://localhost:1",
                "load http://localhost/ --rate 1 --header x | thrum load: expected --header as 'NAME: VALUE' but was \"x\"",
                "load http://localhost/ --rate 1 --method G@T | thrum load: expected a method such as GET, of letters, digits and"
                        + " some signs, but was \"G@T\"",
                "load http://localhost/ --rate 1 --hgrm none/x | thrum load: expected to write none/x but could not: there is no"
                        + " none/x",
                "compare | thrum compare: expected a workload (echo, io, cpu, mixed, db, files, slow-clients, blocking-handler) or"
                        + " --handler but was given neither",
                "compare ecko | thrum compare: expected a workload (echo, io, cpu, mixed, db, files, slow-clients,"
                        + " blocking-handler) but was \"ecko\"",
                "compare echo --engines virtual,actors | thrum compare: expected engines out of threads, virtual, events,"
                        + " events-epoll, events-io_uring, events-nio but was \"actors\"",
                "compare echo --engines virtual,virtual | thrum compare: expected each engine once in --engines but virtual is"
                        + " there twice: a second copy takes part in any case",
                "compare echo --handler x.Y | thrum compare: expected a workload or --handler but was given both: leave one of"
                        + " them out",
                "compare echo --quick --full | thrum compare: expected --quick or --full but was given both: leave one of them"
                        + " out",
                "compare echo --path /x | thrum compare: expected --jar, --path and --send only with --handler",
                "compare echo --slo 50ms | thrum compare: --slo: expected p50, p90, p99 or p99.9 with a time, such as p99=50ms,"
                        + " but was \"50ms\"",
                "compare echo --slo p99=0 | thrum compare: --slo: expected a duration of at least 1ms but was \"0\"",
                "compare classic --scale 0 | thrum compare: --scale: expected a number from 0.001 to 10 but was \"0\"",
                "compare --handler x.Y | thrum compare: expected --handler to name a class of Thrum, as there is no --jar, but x.Y"
                        + " isn't there: give its full name, and its file with --jar",
                "compare --handler x.Y --jar none.jar | thrum compare: expected --jar to name a file that can be read but none.jar"
                        + " isn't there",
                "compare --handler java.lang.String | thrum compare: expected --handler to name an HttpHandler, a LineHandler, a"
                        + " LineConversation or a ConnectionHandler but java.lang.String is none of them",
                "compare --handler java.lang.Math | thrum compare: expected --handler to name a public class with a public"
                        + " constructor without parameters but java.lang.Math isn't one",
                "compare --handler dev.thrum.services.Echo | thrum compare: expected --send with the lines to send, and no"
                        + " --path, as dev.thrum.services.Echo is no HTTP handler",
                "compare echo --baseline none.json | thrum compare: expected the JSON of a comparison but there is no file"
                        + " none.json",
                "compare echo --save none/x | thrum compare: expected to write none/x but could not: there is no none/x",
                "lab shw | thrum lab: unknown command \"shw\"; did you mean show?",
                "lab show | thrum lab show: expected NAME but was given none",
                "lab show conter | thrum lab show: expected the name of a scenario but was \"conter\"; did you mean counter?",
                "lab show nonsense | thrum lab show: expected the name of a scenario but was \"nonsense\"; thrum lab lists them",
                "lab run downloads --scale 0 | thrum lab run: --scale: expected a number from 0.001 to 100 but was \"0\"",
                "lab run counter --scale 0.1 | thrum lab run: expected --scale only for async, downloads, requests but was given"
                        + " for counter",
                "lab run cores --html a.html | thrum lab run: expected a scenario with schedules to draw but cores only measures",
                "lab run downloads --fixed | thrum lab run: expected neither --broken nor --fixed for downloads, which has no"
                        + " hazard",
                "lab run counter --html= | thrum lab run: expected --html to name a file but it was empty",
                "lab explore cores | thrum lab explore: expected a scenario with a hazard but cores only measures: use thrum lab"
                        + " run, or one of hello, join, daemon, counter, pan, bank, deadlock, livelock, chef, signal, log,"
                        + " pool, async",
                "lab cluster --folder . | thrum lab cluster: expected --folder with a new or empty folder but . has something in it",
                "lab replay counter | thrum lab replay: expected --schedule with a schedule of thrum lab explore counter but was"
                        + " given none",
                "lab replay counter --schedule 0x3 | thrum lab replay: expected a schedule such as s1-1a2b3c4d-0x3.1 but was"
                        + " \"0x3\": copy it from a finding",
                "lab replay counter --broken --fixed --schedule 0x3 | thrum lab replay: expected --broken or --fixed but was given"
                        + " both",
                "bakup | thrum: unknown command \"bakup\"; did you mean backup?",
                "backup a.db b.db | thrum backup: expected nothing more but was given \"b.db\"; see thrum backup"
                        + " --help",
                "backup --db mysql://x | thrum backup: --db: expected an address such as"
                        + " postgresql://user@host:5432/database but it did not begin with postgresql://",
                "backup --data= | thrum backup: expected --data to name a folder but it was empty",
                "restore | thrum restore: expected BACKUP but was given none",
                "users | thrum users: expected list or add but was given nothing",
                "users lst | thrum users: unknown command \"lst\"; did you mean list?",
                "users list --limit 0 | thrum users list: --limit: expected a whole number from 1 to 999999999 but was"
                        + " \"0\"",
                "users add | thrum users add: expected NAME but was given none",
                "users add Ann | thrum users add: expected EMAIL but was given none",
                "users add Ann ann | thrum users add: expected \"email\" to be an e-mail address but was \"ann\"",
                "users add \u00a0 a@b | thrum users add: expected \"name\" not to be blank but was \"\u00a0\"",
                "ledger | thrum ledger: expected check but was given nothing",
                "ledger check now | thrum ledger check: expected nothing more but was given \"now\"; see thrum ledger"
                        + " check --help",
            })
    void wrongUsage_isReportedInOneLine_withStatusTwo(String arguments, String line) {
        Ran ran = Ran.of(Map.of(), arguments.split(" "));
        String command = line.substring(0, line.indexOf(": "));
        String whole = line.endsWith(" --help") ? line : line + " (see " + command + " --help)";
        assertThat(ran).isEqualTo(new Ran(2, "", whole + System.lineSeparator()));
    }

    @Test
    void argumentThatCannotBeDecoded_isWrongUsage() {
        Ran ran = Ran.of(Map.of(), "users", "list", "--data=M\uFFFD\uFFFDller");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("thrum: expected arguments and variables in UTF-8 but \"--data=M")
                .hasLineCount(1);
    }

    @Test
    void variableThatCannotBeDecoded_isWrongUsage() {
        Ran ran = Ran.of(Map.of("THRUM_DATA", "M\uFFFD\uFFFDller"), "users", "list");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("thrum users list: THRUM_DATA: expected arguments and variables in UTF-8 but \"M")
                .hasLineCount(1);
    }

    @Test
    void variableThatKubernetesSets_isNotAFlag() {
        Map<String, String> variables =
                Map.of("THRUM_PORT", "tcp://10.96.0.17:8000", "THRUM_SERVICE_HOST", "10.96.0.17");
        Ran ran = Ran.of(variables, "files", "none");
        assertThat(ran.err()).startsWith("thrum: cannot serve the files of none");
        assertThat(Ran.of(Map.of("THRUM_PORT", "x"), "files", "none").err()).startsWith("thrum files: THRUM_PORT: ");
    }

    @Test
    void wrongVariable_isNamed() {
        Ran ran = Ran.of(Map.of("THRUM_MAX_PER_PEER", "many"), "serve");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("thrum serve: THRUM_MAX_PER_PEER: expected a whole number from 1 ");
    }

    @Test
    void wrongVariable_ofANestedCommand_isNamed() {
        Ran ran = Ran.of(Map.of("THRUM_LIMIT", "many"), "users", "list");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("thrum users list: THRUM_LIMIT: expected a whole number from 1 ");
    }

    @Test
    void wrongVariable_whenItsFlagIsGiven_doesNotMatter() {
        Ran ran = Ran.of(Map.of("THRUM_IDLE", "never"), "serve", "--idle=1m", "--drain=never");
        assertThat(ran.err()).startsWith("thrum serve: --drain: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "THRUM_HIDDEN | yes | THRUM_HIDDEN: expected true or false but was \"yes\"",
                "THRUM_IDLE | 0s | THRUM_IDLE: expected a duration of at least 1ms but was \"0s\"",
                "THRUM_DRAIN | ${java.home} | THRUM_DRAIN: expected a duration such as 500ms, 10s, 5m or 1h but was"
                        + " \"${java.home}\"",
                "THRUM_ENGINE | --port | THRUM_ENGINE: expected a value but \"--port\" is a flag",
                "THRUM_HOST | a,b/c | expected --host to name hosts without ports but was \"b/c\"",
                "THRUM_IDLE_WHEN_CROWDED | 5s | THRUM_IDLE_WHEN_CROWDED is now THRUM_IDLE_UNDER_LOAD",
            })
    void variable_withWrongValue_isNamed(String variable, String value, String message) {
        Ran ran = Ran.of(Map.of(variable, value), "files", "none");
        assertThat(ran).isEqualTo(new Ran(2, "", "thrum files: " + message + " (see thrum files --help)\n"));
    }

    @Test
    void configurationFile_ofTheDocumentation_isReadByEveryCommand(@TempDir Path folder) throws IOException {
        List<String> files = Documentation.blocks().stream()
                .filter(block -> block.language().equals("properties"))
                .map(Documentation.Block::text)
                .toList();
        assertThat(files).isNotEmpty();
        for (String text : files) {
            String file = Files.writeString(folder.resolve("thrum.conf"), text).toString();
            Ran list = Ran.of("users", "list", "--config", file, "--data", folder.toString());
            assertThat(list.err()).startsWith("thrum: expected a database ");
            Ran serve = Ran.of("serve", "--config", file, "--bind", "192.0.2.1", "--data", folder.toString());
            assertThat(serve.err()).startsWith("thrum: cannot listen on 192.0.2.1:");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serve --bind host.invalid | thrum: expected --bind to name a host of this machine but",
                "serve --bind 192.0.2.1 | thrum: cannot listen on 192.0.2.1:8888 (console): this machine does not have"
                        + " the address; choose one that it has with --bind HOST",
                "files none | thrum: cannot serve the files of none: there is no such folder",
                "files pom.xml | thrum: cannot serve the files of pom.xml: it is no folder; name the one it is in",
                "files --bind 192.0.2.1 | thrum: cannot listen on 192.0.2.1:8000: this machine does not have the"
                        + " address; choose one that it has with --bind HOST",
                "talk host.invalid:80 | thrum: cannot connect to host.invalid:80: the host",
            })
    void unusableHostOrFolder_isReportedInOneLine_withStatusOne(String arguments, String start) {
        Ran ran = Ran.of(Map.of(), arguments.split(" "));
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith(start).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "serve --help",
                "files --help",
                "talk -h",
                "users -h",
                "users add --help",
                "help",
                "help serve",
                "help users add",
                "help help",
                "help -h",
                "version --help",
                "--version",
                "-V",
                "version",
                "serve -V",
                "users add --version",
            })
    void helpAndVersion_endWithStatusZero(String arguments) {
        Ran ran = Ran.of(Map.of(), arguments.split(" "));
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).containsIgnoringCase("thrum");
        assertThat(ran.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"help, --help", "help serve, serve --help", "help users add, users add -h", "version, --version"})
    void helpAndVersionCommands_showTheSameAsTheFlags(String command, String flag) {
        Ran ran = Ran.of(command.split(" "));
        assertThat(ran).isEqualTo(Ran.of(flag.split(" ")));
        assertThat(ran.out()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-V", "serve --version", "users list -V"})
    void version_isTheSame_forEveryCommand(String arguments) {
        assertThat(Ran.of(Map.of("THRUM_CONSOLE", "x", "THRUM_LIMIT", "x"), arguments.split(" ")))
                .isEqualTo(Ran.of("--version"));
    }

    @Test
    void fullHelp_ofServe_showsEveryFlagBelowItsHeading() {
        String help = Ran.of(Map.of(), "serve", "--help-all").out();
        assertThat(help)
                .containsSubsequence(
                        "Address:",
                        "--bind",
                        "Services:",
                        "--udp-time",
                        "Engine:",
                        "--engine",
                        "Limits:",
                        "--max-connections",
                        "(default: 10000)",
                        "Deadlines",
                        "--idle",
                        "--drain",
                        "THRUM_MAX_CONNECTIONS",
                        "Examples:");
        assertThat(help).doesNotContain("rehearse", "${");
        assertThat(FlaggedCommand.line(new Serve(Map.of())).getCommandSpec().options())
                .hasSizeGreaterThan(40)
                .allSatisfy(option -> assertThat(help).contains(" " + option.longestName()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "files"})
    void help_ofACommandWithManyFlags_isShort_andNamesTheFullHelp(String command) {
        Ran help = Ran.of(command, "--help");
        assertThat(help.status()).isZero();
        assertThat(help.out().lines())
                .hasSizeLessThanOrEqualTo(35)
                .contains("thrum " + command + " --help-all shows all flags: limits, deadlines and more.");
        assertThat(help).isEqualTo(Ran.of("help", command)).isEqualTo(Ran.of(command, "-h"));
        Ran full = Ran.of(command, "--help-all");
        assertThat(full.out()).hasSizeGreaterThan(help.out().length()).contains("--write-deadline");
        assertThat(full.status()).isZero();
    }

    @Test
    void shortHelp_showsOnlyFlagsOfItsCommand() {
        for (FlaggedCommand command : List.of(new Serve(Map.of()), new FilesCommand())) {
            String help = Ran.of(FlaggedCommand.line(command).getCommandName(), "--help")
                    .out();
            assertThat(command.shortHelp().flags())
                    .isNotEmpty()
                    .allSatisfy(flag -> assertThat(help).contains(" " + flag));
        }
    }

    @Test
    void noArguments_showTheCommands() {
        Ran ran = Ran.of(Map.of());
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err())
                .contains(
                        "serve",
                        "talk",
                        "files",
                        "fetch",
                        "mine",
                        "crawl",
                        "search",
                        "count",
                        "backup",
                        "restore",
                        "users",
                        "ledger check")
                .doesNotContain("rehearse");
    }
}
