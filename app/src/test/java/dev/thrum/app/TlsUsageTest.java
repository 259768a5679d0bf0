package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings of TLS are reported in one line that names the remedy: flags with status 2, files with status 1. */
final class TlsUsageTest {
    private static final String SERVICES = "console, echo, greeter, web, chat, admin";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void make() throws IOException {
        TestCertificates keys = new TestCertificates(folder).server("server").server("other");
        for (String name : new String[] {"server", "other", "ca"}) {
            Path _ = keys.chain(name);
            Path _ = keys.key(name);
        }
        Files.createFile(folder.resolve("empty"));
        Files.writeString(folder.resolve("password"), "secret\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "serve --tls wbe | serve | expected --tls to name services out of " + SERVICES + " but was \"wbe\"",
                "serve --tls web,,echo | serve | expected --tls to name services out of " + SERVICES + " but was \"\"",
                "serve --tls= | serve | expected --tls to name services out of " + SERVICES + " but was \"\"",
                "serve --tls true | serve | expected --tls to name services out of " + SERVICES + " but was \"true\"",
                "serve --tls WEB | serve | expected --tls to name services out of " + SERVICES + " but was \"WEB\"",
                "serve --tls udp-echo | serve | expected --tls to name services out of " + SERVICES
                        + " but was \"udp-echo\": TLS does not encrypt datagrams",
                "serve --tls web,chat | serve | expected --tls to name services that are on, out of console, echo,"
                        + " greeter, web, admin, but chat is off; give it a port with --chat, or leave it out",
                "serve --tls web --tls echo | serve | expected --tls once but it was given again",
                "serve --tls-cert a.pem --tls-key a.key | serve | expected --tls with --tls-cert but no service is"
                        + " encrypted; name some, such as --tls web",
                "serve --tls-key a.key | serve | expected --tls with --tls-key but no service is encrypted; name some,"
                        + " such as --tls web",
                "serve --tls-client-ca a.pem | serve | expected --tls with --tls-client-ca but no service is encrypted;"
                        + " name some, such as --tls web",
                "serve --tls web --tls-cert a.pem | serve | expected --tls-key for each --tls-cert but a.pem has none;"
                        + " give its key, in the same order, or the same file if it holds both",
                "serve --tls web --tls-cert a.pem,b.pem --tls-key a.key | serve | expected --tls-key for each --tls-cert"
                        + " but b.pem has none; give its key, in the same order, or the same file if it holds both",
                "serve --tls web --tls-cert a.pem --tls-key a.key --tls-key b.key | serve | expected --tls-cert for each"
                        + " --tls-key but b.key has none; give its certificate, in the same order",
                "serve --tls web --tls-cert= --tls-key a.key | serve | expected --tls-cert to name a file but it was"
                        + " empty",
                "serve --tls web --tls-key-password a --tls-key-password-file b | serve | expected"
                        + " --tls-key-password-file or --tls-key-password but both are set; leave one of them out",
                "serve --tls web --tls-provider java | serve | --tls-provider: expected jdk or openssl but was \"java\"",
                "files --tls=web | files | --tls: expected true or false but was \"web\"",
                "files --tls-client-ca a.pem | files | expected --tls with --tls-client-ca but nothing is encrypted; give"
                        + " --tls too, or leave it out",
                "files --tls-key a.key | files | expected --tls-cert for each --tls-key but a.key has none; give its"
                        + " certificate, in the same order",
                "talk localhost:1 --key a | talk | expected --cert with --key but there is none; give the certificate"
                        + " too",
                "talk localhost:1 --tls --ca= | talk | expected --ca to name a file but it was empty",
            })
    void wrongFlags_areReportedInOneLine_withStatusTwo(String arguments, String command, String message) {
        Ran ran = Ran.of(Map.of(), arguments.split(" "));
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("thrum " + command + ": " + message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing.pem | server.key | missing.pem",
                "server.pem | missing.key | missing.key",
                "empty | server.key | empty",
                "server.pem | empty | empty",
                ". | server.key | expected",
                "server.pem | other.key | other.key",
                "server.key | server.key | server.key",
                "server.pem | server.pem | server.pem",
            })
    void filesThatCannotBeUsed_areReportedInOneLine_withStatusOne(String chain, String key, String named) {
        for (String[] command : new String[][] {{"serve", "--tls", "web"}, {"files", "--tls", "--port=0"}}) {
            Ran ran = Ran.of(
                    Map.of("THRUM_DATA", folder.resolve("data").toString()),
                    command[0],
                    command[1],
                    command[2],
                    "--tls-cert",
                    folder.resolve(chain).toString(),
                    "--tls-key",
                    folder.resolve(key).toString());
            assertThat(ran.status()).as(ran.err()).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).startsWith("thrum: ").contains(named).hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tls-client-ca | missing | missing",
                "--tls-client-ca | empty | empty",
                "--tls-client-ca | server.key | server.key",
                "--tls-key-password-file | missing | cannot read the password of the keys from",
                "--tls-key-password-file | empty | expected a password of 1 to 4096 characters in the first line",
            })
    void otherFilesThatCannotBeUsed_areReportedInOneLine_withStatusOne(String flag, String file, String message) {
        Ran ran = Ran.of(
                "files",
                "--port=0",
                "--tls-cert",
                folder.resolve("server.pem").toString(),
                "--tls-key",
                folder.resolve("server.key").toString(),
                flag,
                folder.resolve(file).toString());
        assertThat(ran.status()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err()).startsWith("thrum: ").contains(message).hasLineCount(1);
    }

    @Test
    void passwordOfAKey_isNotPrinted() {
        Ran ran = Ran.of(
                Map.of("THRUM_TLS_KEY_PASSWORD", "hunter2"),
                "files",
                "--port=0",
                "--tls-cert",
                folder.resolve("server.pem").toString(),
                "--tls-key",
                folder.resolve("other.key").toString());
        assertThat(ran.status()).isEqualTo(1);
        assertThat(ran.err()).doesNotContain("hunter2");
    }

    @Test
    void services_thatServeIsToEncrypt_meanNothingToOtherCommands() throws IOException {
        Map<String, String> variables = Map.of("THRUM_TLS", "web, echo");
        assertThat(Ran.of(variables, "files", "none").err()).startsWith("thrum: cannot serve the files of none");
        assertThat(Ran.of(variables, "talk", "host.invalid:1").err())
                .startsWith("thrum: cannot connect to host.invalid:1");
        Path config = Files.writeString(folder.resolve("thrum.conf"), "tls = console\n");
        assertThat(Ran.of("files", "none", "--config", config.toString()).err())
                .startsWith("thrum: cannot serve the files of none");
    }

    @Test
    void anyOtherValueOfTheVariable_isRefused_soThatNothingIsServedInClearTextByMistake() {
        assertThat(Ran.of(Map.of("THRUM_TLS", "yes"), "files", "none").err())
                .startsWith("thrum files: THRUM_TLS: expected true or false but was \"yes\"");
        assertThat(Ran.of(Map.of("THRUM_TLS", "web,true"), "talk", "localhost:1")
                        .err())
                .startsWith("thrum talk: THRUM_TLS: expected true or false but was \"web,true\"");
    }
}
