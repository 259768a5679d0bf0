package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and certificates as openssl writes them. */
final class PemOpenSslTest {
    private static final String PASSWORD = "secret of two words";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "RSA, RSA -pkeyopt rsa_keygen_bits:2048",
        "RSASSA-PSS, RSA-PSS -pkeyopt rsa_keygen_bits:2048",
        "EC, EC -pkeyopt ec_paramgen_curve:P-256",
        "EC, EC -pkeyopt ec_paramgen_curve:P-384",
        "EC, EC -pkeyopt ec_paramgen_curve:P-521",
        "EdDSA, ED25519",
        "EdDSA, ED448"
    })
    void everyType_plainAndEncrypted(String type, String options) throws Exception {
        String key = generated(options);
        String chain = certified(key);
        CertifiedKey plain = Pem.pair(Path.of(chain), Path.of(key), null);
        assertThat(plain.type()).isEqualTo(type);
        assertThat(plain.names()).containsExactly("www.example", "127.0.0.1");

        for (String way :
                List.of("-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA512", "-v2 des3 -v2prf hmacWithSHA1")) {
            String encrypted = encrypted(key, way, PASSWORD);
            assertThat(Pem.pair(Path.of(chain), Path.of(encrypted), PASSWORD.toCharArray())
                            .key())
                    .as(way)
                    .isEqualTo(plain.key());
        }
        String der = path("encoded.der");
        openSsl("x509 -outform DER -in " + chain + " -out " + der);
        assertThatThrownBy(() -> Pem.pair(Path.of(der), Path.of(key), null)).hasMessageContaining("but was binary");
    }

    @Test
    void traditionalFormats() throws Exception {
        String rsa = path("rsa.pem");
        openSsl("genrsa -traditional -out " + rsa + " 2048");
        assertThat(Files.readString(Path.of(rsa))).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(Pem.pair(Path.of(certified(rsa)), Path.of(rsa), null).type()).isEqualTo("RSA");

        String ec = path("ec.pem");
        openSsl("ecparam -name secp384r1 -genkey -out " + ec);
        assertThat(Files.readString(Path.of(ec))).contains("BEGIN EC PARAMETERS", "BEGIN EC PRIVATE KEY");
        assertThat(Pem.pair(Path.of(certified(ec)), Path.of(ec), null).type()).isEqualTo("EC");

        String old = path("old.pem");
        openSsl("rsa -traditional -aes128 -passout pass:secret -in " + rsa + " -out " + old);
        assertThatThrownBy(() -> Pem.pair(Path.of(certified(rsa)), Path.of(old), "secret".toCharArray()))
                .hasMessageContaining("encrypted in the traditional format; convert it with");
    }

    @Test
    void bagsOfPkcs12_andChainAndKeyInOneFile() throws Exception {
        String key = generated("EC -pkeyopt ec_paramgen_curve:P-256");
        String chain = certified(key);
        String bag = path("bag.p12");
        String all = path("all.pem");
        openSsl("pkcs12 -export -passout pass:x -in " + chain + " -inkey " + key + " -out " + bag);
        openSsl("pkcs12 -nodes -passin pass:x -in " + bag + " -out " + all);
        assertThat(Files.readString(Path.of(all))).contains("Bag Attributes");
        assertThat(Pem.pair(Path.of(all), Path.of(all), null).type()).isEqualTo("EC");
        assertThatThrownBy(() -> Pem.pair(Path.of(bag), Path.of(bag), null))
                .hasMessageContaining("openssl pkcs12 -nodes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüße an alle", "パスワード", "x"})
    void passwordsInAnyLanguage(String password) throws Exception {
        String key = generated("ED25519");
        Path encrypted = Path.of(encrypted(key, "-v2 aes-256-cbc -iter 3", password));
        assertThat(Pem.pair(Path.of(certified(key)), encrypted, password.toCharArray())
                        .type())
                .isEqualTo("EdDSA");
    }

    @Test
    void wrongAndMissingPasswords() throws Exception {
        String key = generated("ED25519");
        Path chain = Path.of(certified(key));
        Path encrypted = Path.of(encrypted(key, "-v2 aes-256-cbc -iter 3", PASSWORD));
        for (int i = 0; i < 600; i++) {
            // Every 256th wrong password gives a good padding.
            char[] wrong = ("wrong" + i).toCharArray();
            assertThatThrownBy(() -> Pem.pair(chain, encrypted, wrong))
                    .isInstanceOf(TlsConfigException.class)
                    .hasMessage(
                            "key file " + encrypted + ": expected the password of the key but it does not decrypt it;"
                                    + " correct the password");
        }
        for (char[] none : new char[][] {null, {}}) {
            assertThatThrownBy(() -> Pem.pair(chain, encrypted, none))
                    .hasMessage(
                            "key file " + encrypted + ": expected a password because the key is encrypted but there is"
                                    + " none; give the password, or a key that is not encrypted");
        }
    }

    @Test
    void otherWaysOfEncryption() throws Exception {
        String key = generated("ED25519");
        Path chain = Path.of(certified(key));
        for (String way : List.of("-v1 PBE-SHA1-3DES", "-scrypt", "-v2 aria-256-cbc")) {
            Path encrypted = Path.of(encrypted(key, way, PASSWORD));
            assertThatThrownBy(() -> Pem.pair(chain, encrypted, PASSWORD.toCharArray()))
                    .isInstanceOf(TlsConfigException.class)
                    .hasMessageContaining("expected a key that is encrypted with PBES2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "secp256k1, secp256k1",
        "brainpoolP256r1, brainpoolP256r1",
        "secp224r1, P-224",
        "sect283k1, 1.3.132.0.16"
    })
    void curvesThatTlsDoesNotUse(String curve, String name) {
        String key = generated("EC -pkeyopt ec_paramgen_curve:" + curve);
        Path chain = Path.of(certified(generated("ED25519")));
        assertThatThrownBy(() -> Pem.pair(chain, Path.of(key), null))
                .hasMessageContaining("expected a key on the curve P-256, P-384 or P-521 but was on " + name + ";");
    }

    private String generated(String options) {
        String key = path("key" + options.hashCode() + ".pem");
        openSsl("genpkey -algorithm " + options + " -out " + key);
        return key;
    }

    private String certified(String key) {
        String chain = key.replace(".pem", ".cert.pem");
        openSsl("req -x509 -new -key " + key
                + " -subj /CN=unused -addext subjectAltName=DNS:WWW.example,IP:127.0.0.1 -out " + chain);
        return chain;
    }

    private String encrypted(String key, String way, String password) {
        String encrypted = key.replace(".pem", way.hashCode() + ".pem");
        List<String> arguments = new ArrayList<>(List.of("pkcs8", "-topk8", "-in", key, "-out", encrypted));
        arguments.addAll(List.of("-passout", "pass:" + password));
        arguments.addAll(Arrays.asList(way.split(" ", -1)));
        String _ = OpenSslProgram.run(arguments.toArray(String[]::new));
        return encrypted;
    }

    private static void openSsl(String arguments) {
        String _ = OpenSslProgram.run(arguments.split(" ", -1));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
