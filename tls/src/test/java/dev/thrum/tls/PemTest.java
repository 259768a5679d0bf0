package dev.thrum.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of certificates and keys, and the one line for each way in which they can't be used. */
final class PemTest {
    private static final TestAuthority ROOT = TestAuthority.root("Root");
    private static final TestAuthority MIDDLE = ROOT.intermediate("Middle");
    private static final CertifiedKey SERVER = MIDDLE.server("www.example");
    private static final CertifiedKey OTHER = ROOT.server("other.example");
    private static final CertifiedKey RSA =
            new TestAuthority.Order("rsa.example").kind(SelfSigned.Kind.RSA).issue(ROOT);

    @TempDir
    private Path folder;

    @Test
    void pairInTwoFilesOrOne_withTextAround() throws Exception {
        Path chain = file("chain.pem", "\uFEFF" + TestAuthority.pem(SERVER.chain()) + "the end\n");
        Path key = file(
                "key.pem",
                "Bag Attributes\n    friendlyName: Schl\u00fcssel\n    localKeyID: 01\n"
                        + TestAuthority.pem(SERVER.key()));
        assertThat(Pem.pair(chain, key, null)).isEqualTo(SERVER);

        Path both = file("both.pem", TestAuthority.pem(SERVER.key()) + TestAuthority.pem(SERVER.chain()));
        assertThat(Pem.pair(both, both, null)).isEqualTo(SERVER);
        assertThat(Pem.pair(both, both, "unused".toCharArray())).isEqualTo(SERVER);
        Path windows = file("crlf.pem", TestAuthority.pem(SERVER).replace("\n", "\r\n"));
        assertThat(Pem.pair(windows, windows, null)).isEqualTo(SERVER);
    }

    @Test
    void rootAtTheEndOfTheChain_isAllowed() throws Exception {
        List<X509Certificate> chain = List.of(SERVER.leaf(), MIDDLE.certificate(), ROOT.certificate());
        Path file = file("chain.pem", TestAuthority.pem(chain) + TestAuthority.pem(SERVER.key()));
        assertThat(Pem.pair(file, file, null).chain()).isEqualTo(chain);
    }

    @Test
    void authorities_inAnyOrder() throws Exception {
        List<X509Certificate> several = List.of(OTHER.leaf(), ROOT.certificate(), MIDDLE.certificate());
        assertThat(Pem.authorities(file("ca.pem", TestAuthority.pem(several)))).isEqualTo(several);
    }

    @Test
    void missingDirectoryAndEmpty() throws Exception {
        refusedChain(folder.resolve("none.pem"))
                .isEqualTo("certificate file " + folder.resolve("none.pem")
                        + ": expected a file but there is none; correct the path or create the file");
        refusedChain(folder)
                .isEqualTo("certificate file " + folder + ": expected a file but was a directory; name the file in it");
        Path chain = file("chain.pem", TestAuthority.pem(SERVER.chain()));
        refused(chain, file("empty.pem", ""))
                .isEqualTo("key file " + folder.resolve("empty.pem")
                        + ": expected a private key in PEM but the file is empty; write the PEM file again");
    }

    @Test
    void fileThatFails_whileItIsRead() {
        // Opening it succeeds, reading it fails, even for root.
        Path memory = Path.of("/proc/self/mem");
        assumeTrue(Files.exists(memory));
        refusedChain(memory)
                .startsWith("certificate file /proc/self/mem: expected a file that can be read but ")
                .endsWith("; give the user of this program the right to read it");
    }

    @Test
    void tooLarge() {
        refusedChain(file("large.pem", "x".repeat(PemFile.MOST_BYTES + 1)))
                .contains("expected at most 1048576 bytes but there are more");
        refusedChain(file("full.pem", "x".repeat(PemFile.MOST_BYTES))).contains("there is no line");
        Path endless = Path.of("/dev/zero");
        assumeTrue(Files.exists(endless));
        refusedChain(endless).contains("expected at most 1048576 bytes");
    }

    @Test
    void noBlock() throws Exception {
        refusedChain(file("text.pem", "Hello\n-----BEGIN CERTIFICATE----\n"))
                .contains("expected a certificate in PEM but there is no line \"-----BEGIN …-----\"; name a PEM file");
        Path binary = Files.write(folder.resolve("cert.der"), SERVER.leaf().getEncoded());
        refusedChain(binary).contains("but was binary; convert it with \"openssl x509 -inform DER\"");
        Path wide = Files.write(
                folder.resolve("wide.pem"), ("\uFEFF" + TestAuthority.pem(SERVER)).getBytes(StandardCharsets.UTF_16LE));
        refusedChain(wide).contains("but was text in UTF-16; save it as ASCII");
    }

    @Test
    void filesThatWereExchanged() {
        Path chain = file("chain.pem", TestAuthority.pem(SERVER.chain()));
        Path key = file("key.pem", TestAuthority.pem(SERVER.key()));
        refused(key, chain)
                .isEqualTo("certificate file " + key
                        + ": expected a certificate but was a private key; name the file with the certificate");
        refused(chain, chain)
                .isEqualTo("key file " + chain
                        + ": expected a private key but was a certificate; name the file with the key");
        refusedChain(file("request.pem", TestAuthority.block("CERTIFICATE REQUEST", new byte[] {1})))
                .contains(
                        "but was a certificate request; name the file with the certificate that the authority has issued");
        refusedChain(file("p7.pem", TestAuthority.block("PKCS7", new byte[] {1})))
                .contains("but was a block PKCS7; convert it with \"openssl pkcs7 -print_certs\"");
        refusedKey("-----BEGIN DH PARAMETERS-----\nAA==\n-----END DH PARAMETERS-----\n")
                .contains("expected a private key but was a block DH PARAMETERS; name another file");
    }

    @Test
    void damagedBlocks() {
        String good = TestAuthority.pem(SERVER.chain());
        refusedChain(file("cut.pem", good.substring(0, 300)))
                .contains(
                        "expected the line \"-----END CERTIFICATE-----\" after line 1 but it is missing; copy the file");
        refusedChain(file("text.pem", "x\n-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"))
                .contains("expected base64 in the block CERTIFICATE that begins in line 2 but was other text");
        refusedChain(file("none.pem", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"))
                .contains("expected base64 in the block CERTIFICATE that begins in line 1");
        refusedChain(file("header.pem", "-----BEGIN CERTIFICATE-----\na: b\n-----END CERTIFICATE-----\n"))
                .contains("expected base64");
        refusedChain(file("mixed.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END PRIVATE KEY-----\n"))
                .contains("expected the line \"-----END CERTIFICATE-----\"");
        refusedChain(file("zeros.pem", good + TestAuthority.block("CERTIFICATE", new byte[100])))
                .contains("expected a certificate but the content of certificate 3 is damaged");
        refusedKey(TestAuthority.block("PRIVATE KEY", new byte[100]))
                .contains(
                        "expected a private key in the format PKCS#8 but its content is damaged; copy the file again");
        refusedKey(TestAuthority.block("RSA PRIVATE KEY", new byte[100])).contains("its content is damaged");
        refusedKey(TestAuthority.block("EC PRIVATE KEY", new byte[100]))
                .contains("expected a private key in the format SEC 1 but its content is damaged");
    }

    @Test
    void keysCutAnywhere_areRefusedWithOneLine() {
        byte[] whole = SERVER.key().getEncoded();
        for (int length = 1; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            refusedKey(TestAuthority.block("PRIVATE KEY", part))
                    .startsWith("key file ")
                    .doesNotContain("\n");
            refusedKey(TestAuthority.block("EC PRIVATE KEY", part)).doesNotContain("\n");
        }
    }

    @Test
    void changedBytes_giveTheSamePairOrOneLine() throws Exception {
        Random random = new Random(16);
        for (CertifiedKey certified : List.of(SERVER, RSA)) {
            for (int i = 0; i < 200; i++) {
                byte[] key = changed(certified.key().getEncoded(), random);
                byte[] leaf = i % 2 == 0
                        ? certified.leaf().getEncoded()
                        : changed(certified.leaf().getEncoded(), random);
                Path file = file(
                        "changed.pem",
                        TestAuthority.block("PRIVATE KEY", key) + TestAuthority.block("CERTIFICATE", leaf));
                try {
                    assertThat(Pem.pair(file, file, null).chain()).hasSize(1);
                } catch (TlsConfigException e) {
                    assertThat(e).hasMessageNotContaining("\n");
                }
            }
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        byte[] changed = bytes.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }

    @Test
    void chainInTheWrongOrder() {
        X509Certificate leaf = SERVER.leaf();
        X509Certificate middle = MIDDLE.certificate();
        X509Certificate root = ROOT.certificate();
        refusedChain(chain(middle, leaf, root))
                .contains(
                        "expected each certificate to be issued by the next one but certificate 1 (Middle) was issued by"
                                + " \"CN=Root\" and certificate 2 is that of \"CN=www.example\"; put them in the order 2, 1, 3");
        refusedChain(chain(root, middle, leaf)).endsWith("; put them in the order 3, 2, 1");
        refusedChain(chain(leaf, root, middle))
                .contains("but certificate 1 (www.example) was issued by \"CN=Middle\"")
                .endsWith("; put them in the order 1, 3, 2");
        refusedChain(chain(leaf, middle, OTHER.leaf()))
                .contains("but certificate 2 (Middle) was issued by")
                .endsWith("; put the server's certificate first, then those of its issuers, and no others");
        refusedChain(chain(leaf, leaf)).contains("but certificate 1 (www.example)");
        refusedChain(chain(leaf, TestAuthority.root("Middle").certificate()))
                .contains("but certificate 1 (www.example) was issued by \"CN=Middle\"");
        X509Certificate[] many = new X509Certificate[21];
        Arrays.fill(many, leaf);
        refusedChain(chain(many)).contains("expected at most 20 certificates but there are 21");
    }

    @Test
    void pairThatDoesNotMatch() {
        Path chain = file("chain.pem", TestAuthority.pem(SERVER.chain()));
        Path key = file("key.pem", TestAuthority.pem(OTHER.key()));
        refused(chain, key)
                .isEqualTo("key file " + key
                        + ": expected the private key of the certificate of www.example but was that"
                        + " of another one; name the two files that belong together (certificate file " + chain + ")");
        refused(chain, file("rsa.pem", TestAuthority.pem(RSA.key())))
                .contains("expected a key of type EC, like that of the certificate of www.example, but was RSA;");
        refused(
                        file("rsachain.pem", TestAuthority.pem(RSA.chain())),
                        file(
                                "rsa2.pem",
                                TestAuthority.pem(SelfSigned.Kind.RSA
                                        .generate(new SecureRandom())
                                        .getPrivate())))
                .contains("expected the private key of the certificate of rsa.example");
    }

    @Test
    void severalKeys() {
        refusedKey(TestAuthority.pem(SERVER.key()) + TestAuthority.pem(OTHER.key()))
                .contains("expected one private key but there are 2; leave only that of the certificate");
    }

    @Test
    void weakKeysAndSignatures() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        KeyPair small = generator.generateKeyPair();
        refusedKey(TestAuthority.pem(small.getPrivate()))
                .contains("expected an RSA key of at least 2048 bits but was 1024; make a new key");
        CertifiedKey weak = new TestAuthority.Order("weak.example").keys(small).issue(ROOT);
        refusedChain(file("weak.pem", TestAuthority.pem(weak)))
                .contains(
                        "expected an RSA key of at least 2048 bits but was 1024 in certificate 1 (weak.example); have a");

        TestAuthority old = TestAuthority.root("Old", SelfSigned.Kind.RSA);
        for (List<String> way : List.of(
                List.of("SHA1withRSA", "1.2.840.113549.1.1.5"), List.of("MD5withRSA", "1.2.840.113549.1.1.4"))) {
            CertifiedKey signed = new TestAuthority.Order("old.example")
                    .algorithm(way.getFirst(), way.getLast())
                    .issue(old);
            refusedChain(file(way.getFirst(), TestAuthority.pem(signed)))
                    .contains("expected a signature with SHA-256 or better but was " + way.getFirst()
                            + " in certificate 1 (old.example)");
        }
    }

    @Test
    void otherTypesOfKeys() throws Exception {
        refusedKey(pem("DSA", 2048))
                .contains("expected a key of type RSA, RSASSA-PSS, EC, Ed25519 or Ed448 but was DSA;");
        refusedKey(pem("X25519", 255)).contains("but was X25519");
        refusedKey(TestAuthority.block("OPENSSH PRIVATE KEY", new byte[] {1}))
                .contains("but was one of OpenSSH; convert a copy of it with \"ssh-keygen -p -m PKCS8 -f COPY\"");
        refusedKey(TestAuthority.block("DSA PRIVATE KEY", new byte[] {1})).contains("convert it with \"openssl pkcs8");
        refusedKey("""
                        -----BEGIN RSA PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-128-CBC,00

                        AAAA
                        -----END RSA PRIVATE KEY-----
                        """)
                .contains(
                        "expected a key that is not encrypted or in PKCS#8 but was encrypted in the traditional format;"
                                + " convert it with \"openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEWFILE\"");
    }

    private static String pem(String type, int bits) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
        generator.initialize(bits);
        return TestAuthority.pem(generator.generateKeyPair().getPrivate());
    }

    @Test
    void traditionalFormats_madeFromPkcs8() throws Exception {
        Path chain = file("rsa.pem", TestAuthority.pem(RSA.chain()));
        byte[] pkcs1 = inner(RSA.key().getEncoded());
        assertThat(Pem.pair(chain, file("pkcs1.pem", TestAuthority.block("RSA PRIVATE KEY", pkcs1)), null)
                        .key())
                .isEqualTo(RSA.key());

        Path server = file("server.pem", TestAuthority.pem(SERVER.chain()));
        String sec1 = TestAuthority.block("EC PRIVATE KEY", inner(SERVER.key().getEncoded()));
        String parameters = TestAuthority.block("EC PARAMETERS", Der.oid("1.2.840.10045.3.1.7"));
        assertThat(Pem.pair(server, file("sec1.pem", parameters + sec1), null).key())
                .isEqualTo(SERVER.key());
        refused(server, file("bare.pem", sec1))
                .contains("expected a key that names its curve but it has no parameters; put the block EC PARAMETERS");
        refused(server, file("k1.pem", TestAuthority.block("EC PARAMETERS", Der.oid("1.3.132.0.10")) + sec1))
                .contains("expected a key on the curve P-256, P-384 or P-521 but was on secp256k1;");
        refused(server, file("explicit.pem", TestAuthority.block("EC PARAMETERS", Der.sequence()) + sec1))
                .contains("but was on one without a name; make a new key with a named curve");
    }

    /** The key in the format of its own type, without PKCS#8 around it. */
    private static byte[] inner(byte[] pkcs8) throws Exception {
        DerReader info = new DerReader(pkcs8).enter(Der.SEQUENCE);
        int _ = info.number();
        byte[] _ = info.any();
        return info.bytes(Der.OCTET_STRING);
    }

    private Path file(String name, String text) {
        return TestAuthority.write(folder, name, text);
    }

    private Path chain(X509Certificate... certificates) {
        return file("chain.pem", TestAuthority.pem(List.of(certificates)));
    }

    private AbstractStringAssert<?> refusedChain(Path chain) {
        return refused(chain, chain);
    }

    private AbstractStringAssert<?> refusedKey(String pem) {
        return refused(file("chain-of-key.pem", TestAuthority.pem(SERVER.chain())), file("key.pem", pem));
    }

    private static AbstractStringAssert<?> refused(Path chain, Path key) {
        @Nullable
        TlsConfigException thrown = catchThrowableOfType(TlsConfigException.class, () -> Pem.pair(chain, key, null));
        return Assertions.assertThat(thrown == null ? "accepted" : thrown.getMessage())
                .doesNotContain("\n");
    }
}
