package dev.thrum.http.client.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.http.client.url.Url;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {
    private static final PublicAddresses RULE = PublicAddresses.only();

    private static Optional<String> refusal(PublicAddresses rule, String literal) {
        return rule.refusal(new InetSocketAddress(InetAddress.ofLiteral(literal), 80));
    }

    private static boolean isRefused(BigInteger number, int bits) {
        return RULE.refusal(new InetSocketAddress(Blocks.address(number, bits), 80))
                .isPresent();
    }

    /** As a client does: the host of a URL, and the address that it is. */
    private static Optional<String> refusalOfHost(String host) {
        InetAddress address = Url.parse("http://" + host + "/").address().orElseThrow();
        return RULE.refusal(new InetSocketAddress(address, 80));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1",
                "127.0.1",
                "127.255.255.254",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0X7F.0x0.0.0x1",
                "017700000001",
                "0177.0.0.1",
                "0177.1",
                "00000177.0.0.1",
                "127.0.0.1.",
                "%31%32%37.0.0.1",
                "\uff11\uff12\uff17.\uff10.\uff10.\uff11",
                "127\u30020\u30020\u30021",
                "\u2460\u2461\u2466.0.0.1",
                "0",
                "0.0.0.0",
                "0x0",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::0001]",
                "[::]",
                "[::127.0.0.1]",
                "[::7f00:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[0:0:0:0:0:ffff:7f00:0001]",
                "[::ffff:0:127.0.0.1]",
                "[64:ff9b::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[2002:7f00:0001::1]",
                "[2001:0:7f00:1::]",
                "[2001:0:808:808::80ff:fffe]",
                "[2001:4860::5efe:127.0.0.1]",
                "[2001:4860::200:5efe:7f00:1]",
            })
    void loopback_isRefused_howeverItIsSpelled(String host) {
        assertThat(refusalOfHost(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "10.1",
                "167772161",
                "0xa000001",
                "012.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "0xac.0x1f.1",
                "192.168.1.1",
                "192.168.257",
                "0300.0250.0.1",
                "3232235777",
                "169.254.1.1",
                "100.64.0.1",
                "[fd12:3456::1]",
                "[fe80::1]",
                "[fec0::1]",
                "[::10.0.0.1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:0:192.168.0.1]",
                "[64:ff9b::10.0.0.1]",
                "[64:ff9b::c0a8:101]",
                "[64:ff9b:1::10.0.0.1]",
                "[64:ff9b:1:a00:0:100::]",
                "[64:ff9b:1::8.8.8.8]",
                "[2002:a00:1::]",
                "[2002:c0a8:101::1]",
                "[2001:0:808:808::f5ff:fffe]",
                "[2001:0:a00:1::f7f7:f7f7]",
                "[fe80::5efe:8.8.8.8]",
                "[2a00::5efe:10.0.0.1]",
                "[2002:808:808::5efe:10.0.0.1]",
            })
    void privateAddresses_areRefused_howeverTheyAreSpelled(String host) {
        assertThat(refusalOfHost(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.16689662",
                "2852039166",
                "0xa9fea9fe",
                "0xa9.0xfe.0xa9.0xfe",
                "0251.0376.0251.0376",
                "025177524776",
                "[::ffff:169.254.169.254]",
                "[::169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::]",
                "[fd00:ec2::254]",
                "[fd20:ce::254]",
                "168.63.129.16",
                "0xa83f8110",
                "[::ffff:168.63.129.16]",
                "100.100.100.200",
                "0x646464c8",
                "192.0.0.192",
            })
    void metadata_isRefused_howeverItIsSpelled(String host) {
        assertThat(refusalOfHost(host)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "1.1.1.1",
                "0x08.8.2056",
                "93.184.216.34",
                "168.63.129.15",
                "223.255.255.255",
                "[2606:4700:4700::1111]",
                "[2001:4860:4860::8888]",
                "[2001:200::1]",
                "[::ffff:8.8.8.8]",
                "[::8.8.8.8]",
                "[::ffff:0:8.8.8.8]",
                "[64:ff9b::8.8.8.8]",
                "[2002:808:808::1]",
                "[2001:0:808:808::f7f7:f7f7]",
                "[2a00::5efe:8.8.8.8]",
                "[2a00::5eff:10.0.0.1]",
                "[64:ff9b::1:8.8.8.8]",
            })
    void publicAddresses_areAllowed(String host) {
        assertThat(refusalOfHost(host)).isEmpty();
    }

    private static Stream<Blocks> blocks() {
        return Stream.concat(Blocks.IPV4.stream(), Blocks.IPV6.stream());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void block_isRefused_fromItsFirstToItsLastAddress(Blocks block) {
        // 2001::/32 is in 2001::/23, but what it carries decides: its first address carries 0.0.0.0.
        assertThat(isRefused(block.first(), block.bits())).isTrue();
        assertThat(isRefused(block.last(), block.bits())).isTrue();
        assertThat(isRefused(block.first().add(block.last()).shiftRight(1), block.bits()))
                .isTrue();
        for (BigInteger neighbour :
                List.of(block.first().subtract(BigInteger.ONE), block.last().add(BigInteger.ONE))) {
            if (neighbour.signum() >= 0 && neighbour.bitLength() <= block.bits()) {
                assertThat(isRefused(neighbour, block.bits()))
                        .as("%s", Blocks.address(neighbour, block.bits()))
                        .isEqualTo(Blocks.areWith(neighbour, block.bits()));
            }
        }
    }

    /** So that the test above can fail: these neighbours are in no block. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.1.255",
                "192.0.3.0",
                "192.31.195.255",
                "192.31.197.0",
                "192.52.192.255",
                "192.52.194.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "192.175.47.255",
                "192.175.49.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "168.63.129.15",
                "168.63.129.17",
                "64:ff9b:0:ffff::",
                "64:ff9b:2::",
                "100:0:0:2::",
                "2000:ffff::",
                "2001:200::",
                "2001:db7:ffff::",
                "2001:db9::",
                "2001:ffff::",
                "2003::",
                "2620:4f:7fff::",
                "2620:4f:8001::",
                "3ffe:ffff::",
                "3fff:1000::",
                "5eff:ffff::",
                "5f01::",
                "fbff:ffff::",
                "fe00::",
                "fe7f:ffff::",
            })
    void neighbours_ofBlocks_areAllowed(String literal) {
        assertThat(refusal(RULE, literal)).isEmpty();
    }

    @Test
    void generatedIpv4_isJudgedAsByNumbers() {
        Random random = new Random(Long.getLong("thrum.seed", 1));
        for (int i = 0; i < 5_000; i++) {
            BigInteger number = new BigInteger(32, random);
            assertThat(isRefused(number, 32))
                    .as("%s", Blocks.address(number, 32))
                    .isEqualTo(Blocks.areWith(number, 32));
        }
    }

    /** Addresses with the beginnings of blocks and forms, and IPv4 addresses at every place. */
    @Test
    void generatedIpv6_isJudgedAsByNumbers() {
        Random random = new Random(Long.getLong("thrum.seed", 1));
        List<String> starts = List.of(
                "",
                "2001",
                "20010000",
                "2001000008080808",
                "2002",
                "2002080808",
                "0064ff9b",
                "0064ff9b0001",
                "0064ff9b0000000000000000",
                "fd00",
                "fe80",
                "26004700",
                "00000000000000000000ffff",
                "0000000000000000ffff0000",
                "000000000000000000000000",
                "20010db8",
                "2a000000000000000000005efe",
                "2a0000000000000002005efe",
                "2a0000000000000000005efe",
                "0100000000000001",
                "26200",
                "3fff0",
                "2001003");
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            String digits =
                    starts.get(random.nextInt(starts.size())) + String.format("%032x", new BigInteger(128, random));
            StringBuilder text = new StringBuilder(digits.substring(0, 32));
            if (random.nextBoolean()) {
                int at = 2 * random.nextInt(13);
                BigInteger special =
                        Blocks.IPV4.get(random.nextInt(Blocks.IPV4.size())).last();
                text.replace(at, at + 8, String.format("%08x", special));
            }
            BigInteger number = new BigInteger(text.toString(), 16);
            boolean expected = Blocks.areWith(number, 128);
            refused += expected ? 1 : 0;
            assertThat(isRefused(number, 128)).as("%s", text).isEqualTo(expected);
        }
        assertThat(refused).isBetween(2_500, 8_750);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.1 | 127.0.0.1 is in 127.0.0.0/8 (loopback, RFC 1122); the rule is: public addresses only",
                "100.100.100.200 | 100.100.100.200 is in 100.100.100.200/32 (metadata of a cloud, in shared address space); the rule is: public addresses only",
                "192.0.0.9 | 192.0.0.9 is in 192.0.0.9/32 (anycast of port control, RFC 7723); the rule is: public addresses only",
                "192.0.0.11 | 192.0.0.11 is in 192.0.0.0/24 (IETF protocol assignments, RFC 6890); the rule is: public addresses only",
                "255.255.255.255 | 255.255.255.255 is in 255.255.255.255/32 (limited broadcast, RFC 8190); the rule is: public addresses only",
                "::1 | ::1 is in ::1/128 (loopback, RFC 4291); the rule is: public addresses only",
                "64:ff9b::a00:1 | 64:ff9b::a00:1 carries 10.0.0.1 (NAT64, RFC 6052), which is in 10.0.0.0/8 (private use, RFC 1918); the rule is: public addresses only",
                "2001:0:808:808::f5ff:fffe | 2001:0:808:808::f5ff:fffe carries 10.0.0.1 (client of Teredo, RFC 4380), which is in 10.0.0.0/8 (private use, RFC 1918); the rule is: public addresses only",
            })
    void refusal_namesTheAddressTheBlockAndTheRule(String literal, String message) {
        assertThat(refusal(RULE, literal)).contains(message);
    }

    @Test
    void zone_doesNotMatter() throws Exception {
        byte[] linkLocal = InetAddress.ofLiteral("fe80::1").getAddress();
        InetSocketAddress zoned = new InetSocketAddress(Inet6Address.getByAddress(null, linkLocal, 7), 80);

        assertThat(RULE.refusal(zoned))
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("fe80::1 is in fe80::/10 "));
        assertThat(RULE.allowing(List.of(Cidr.parse("fe80::/64"))).refusal(zoned))
                .isEmpty();
    }

    @Test
    void exception_opensOnlyItsBlock() {
        PublicAddresses rule = RULE.allowing(List.of(Cidr.parse("10.1.0.0/16")));

        assertThat(refusal(rule, "10.1.0.0")).isEmpty();
        assertThat(refusal(rule, "10.1.255.255")).isEmpty();
        assertThat(refusal(rule, "64:ff9b::10.1.2.3")).isEmpty();
        assertThat(refusal(rule, "10.0.255.255")).isPresent();
        assertThat(refusal(rule, "10.2.0.0"))
                .contains(
                        "10.2.0.0 is in 10.0.0.0/8 (private use, RFC 1918); the rule is: public addresses and 10.1.0.0/16 only");
        assertThat(refusal(rule, "127.0.0.1")).isPresent();
        assertThat(refusal(rule, "::1")).isPresent();
        assertThat(refusal(rule, "8.8.8.8")).isEmpty();
    }

    @Test
    void exceptions_areAdded_andTheRuleBeforeStays() {
        PublicAddresses first = RULE.allowing(List.of(Cidr.parse("::1")));
        PublicAddresses both = first.allowing(List.of(Cidr.parse("127.0.0.1")));

        assertThat(refusal(both, "::1")).isEmpty();
        assertThat(refusal(both, "127.0.0.1")).isEmpty();
        assertThat(refusal(both, "127.0.0.2")).isPresent();
        assertThat(refusal(first, "127.0.0.1")).isPresent();
        assertThat(refusal(RULE, "::1")).isPresent();
        assertThat(both).hasToString("public addresses and ::1/128, 127.0.0.1/32 only");
    }

    @Test
    void exception_forAFormThatCarriesIpv4_opensItWhateverItCarries() {
        PublicAddresses rule = RULE.allowing(List.of(Cidr.parse("64:ff9b:1::/48")));

        assertThat(refusal(rule, "64:ff9b:1::10.0.0.1")).isEmpty();
        assertThat(refusal(rule, "64:ff9b::10.0.0.1")).isPresent();
    }

    @Test
    void ports_areLimited_forEveryAddress() {
        PublicAddresses rule = RULE.allowing(List.of(Cidr.parse("127.0.0.1"))).withPorts(Set.of(443, 80));

        assertThat(rule.refusal(new InetSocketAddress(InetAddress.ofLiteral("8.8.8.8"), 443)))
                .isEmpty();
        assertThat(rule.refusal(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 80)))
                .isEmpty();
        assertThat(rule.refusal(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 22)))
                .isPresent();
        assertThat(rule.refusal(new InetSocketAddress(InetAddress.ofLiteral("2606:4700::1"), 22)))
                .contains("[2606:4700::1]:22 has a port that is not allowed; the rule is:"
                        + " public addresses and 127.0.0.1/32 only, ports 80, 443");
        assertThat(rule.withPorts(Set.of(22)).refusal(new InetSocketAddress(InetAddress.ofLiteral("8.8.8.8"), 22)))
                .isEmpty();
        assertThat(rule.refusal(new InetSocketAddress(InetAddress.ofLiteral("10.0.0.1"), 80)))
                .isPresent();
    }

    @Test
    void ports_thatAreNone_areRefused() {
        assertThatThrownBy(() -> RULE.withPorts(Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected at least one port but was an empty set");
        assertThatThrownBy(() -> RULE.withPorts(Set.of(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected ports from 1 to 65535 but was 0");
        assertThatThrownBy(() -> RULE.withPorts(Set.of(65_536))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void name_withoutAnAddress_isRefused() {
        assertThat(RULE.refusal(InetSocketAddress.createUnresolved("example.org", 80)))
                .contains("example.org is a name without an address; the rule is: public addresses only");
    }
}
